"""`vitalgate rules`: run the proofs of rules, list and show them, measure their cost, write the schema for editors."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.exits import FAILED, explained

if TYPE_CHECKING:
    from gateway.model.directory import Directory
    from gateway.rulebook.match import Rulebook
    from gateway.rulebook.schema import Proof, Rule
    from gateway.settings.schema import Organisation, RuleOverride


def _source_options(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option(
        "--folder",
        "folders",
        multiple=True,
        help="Folder of rule files; may be given several times. `builtin` is the pack.",
    )(command)
    return click.option(
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Settings file whose `rules` are meant. Without it and without --folder: the built-in pack.",
    )(command)


@click.group()
def rules() -> None:
    """Try, list, show and measure rules. docs/RULES.md says how to write one.

    \b
      vitalgate rules test --folder /etc/vitalgate/rules
      vitalgate rules show rib-changement
    """


@rules.command()
@_source_options
@click.option("--verbose", "-v", is_flag=True, help="Tell every proof, and not only those that fail.")
def test(config: Path | None, folders: tuple[str, ...], verbose: bool) -> None:
    """Run every rule's own proofs. Exit code 1 when one fails, 78 when a rule file can't be read.

    \b
      vitalgate rules test
      vitalgate rules test --folder builtin --folder /etc/vitalgate/rules
    """
    from gateway.cli.proof_reading import proof_judge
    from gateway.rulebook.examples import PROOF_ORGANISATION, run_proofs

    with explained():
        rulebook, directory = _load(config, folders, PROOF_ORGANISATION, overridden=False)
    tried = failed = 0
    for result in run_proofs(rulebook, proof_judge(directory)):
        tried += 1
        if result.holds and not verbose:
            continue
        wanted = "must match" if result.proof.must_match else "must not match"
        word = "ok" if result.holds else "FAILED"
        others = ", ".join(hit.rule for hit in result.hits if hit.rule != result.rule.id)
        place = result.proof.place
        click.echo(
            f"{word}: {result.rule.id}: {wanted}: {place.file}:{place.line}"
            + (f" ({result.proof.why})" if result.proof.why else "")
            + (f"; other rules that match: {others}" if others and not result.holds else "")
        )
        failed += not result.holds
    click.echo(f"{len(rulebook.rules)} rules, {tried} proofs, {failed} failed.")
    if failed:
        raise SystemExit(FAILED)


@rules.command(name="list")
@_source_options
def list_(config: Path | None, folders: tuple[str, ...]) -> None:
    """List rules by family: id, points, mode, title.

    \b
      vitalgate rules list --config /etc/vitalgate/vitalgate.yml
    """
    with explained():
        rulebook, _ = _load(config, folders)
    caps = dict(rulebook.family_caps)
    family = ""
    for rule in rulebook.rules:
        if rule.family != family:
            family = rule.family
            click.echo(f"{family}" + (f" (at most {caps[family]:g} points)" if family in caps else ""))
        click.echo(f"  {rule.id:<40} {rule.points:>5g}  {rule.mode.value:<8} {rule.title}")
    for rule in rulebook.switched_off:
        click.echo(f"  {rule.id:<40}     -  off      {rule.title}")
    click.echo(f"{len(rulebook.rules)} rules, {len(rulebook.switched_off)} switched off.")


@rules.command()
@_source_options
@click.argument("rule_id", metavar="ID")
def show(config: Path | None, folders: tuple[str, ...], rule_id: str) -> None:
    """Show one rule: what it says, on what condition, with which proofs.

    \b
      vitalgate rules show rib-changement
    """
    with explained():
        rulebook, _ = _load(config, folders)
    in_force = {rule.id: rule for rule in rulebook.rules}
    rule = in_force.get(rule_id) or rulebook.by_id.get(rule_id)
    if rule is None:
        click.echo(f"vitalgate: there is no rule {rule_id}; `vitalgate rules list` names them", err=True)
        raise SystemExit(FAILED)
    mode = rule.mode.value if rule_id in in_force else "off"
    click.echo(f"{rule.id}: {rule.title}")
    click.echo(f"  file       {rule.place.file}:{rule.place.line}")
    click.echo(f"  family     {rule.family}")
    click.echo(f"  points     {rule.points:g}, {mode}")
    click.echo(f"  reason     {rule.reason}")
    for name, value in (
        ("release needs a second person", rule.needs_approval),
        ("over allow entries", rule.overrides_allow),
    ):
        if value:
            click.echo(f"  note       {name}")
    for source in rule.sources:
        click.echo(f"  source     {source}")
    click.echo("  when")
    for line in _lines_of(rule):
        click.echo(f"    {line}")
    for name, proofs in (("must match", rule.must_match), ("must not match", rule.must_not_match)):
        click.echo(f"  {name}: {len(proofs)}")
        for proof in proofs:
            click.echo(f"    - {_summary(proof)}")


@rules.command()
@_source_options
@click.option("--top", default=15, show_default=True, help="How many of the dearest rules to tell.")
def bench(config: Path | None, folders: tuple[str, ...], top: int) -> None:
    """Measure what facts and rules cost (CPU), at several sizes, and which rules are the dearest.

    \b
      vitalgate rules bench --folder builtin --folder /etc/vitalgate/rules
    """
    from gateway.cli.rules_bench import measure

    with explained():
        rulebook, directory = _load(config, folders)
    start = time.process_time()
    with explained():
        _load(config, folders)
    click.echo(f"loading {len(rulebook.rules)} rules: {(time.process_time() - start) * 1000:.0f} ms CPU")
    for line in measure(rulebook, directory, top):
        click.echo(line)


@rules.command()
def schema() -> None:
    """Write the JSON schema of rule files, for editors, on standard output.

    \b
      vitalgate rules schema > schema.json
    """
    from gateway.rulebook.json_schema import rule_file_schema

    click.echo(json.dumps(rule_file_schema(), ensure_ascii=False, indent=1))


def _load(
    config: Path | None,
    folders: tuple[str, ...],
    organisation: "Organisation | None" = None,
    *,
    overridden: bool = True,
) -> "tuple[Rulebook, Directory]":
    """Raises SettingsError."""
    from gateway.rulebook.load import BUILTIN, load_directory, load_rulebook
    from gateway.settings.load import load_settings
    from gateway.settings.schema import Settings

    settings = load_settings(config) if config is not None else Settings()
    names = folders or (settings.rules.folders if config is not None else (BUILTIN,))
    base = config.parent if config is not None and not folders else Path()
    overrides: dict[str, RuleOverride] = dict(settings.rules.overrides) if overridden else {}
    directory = load_directory(names, organisation or settings.organisation, base)
    return load_rulebook(names, overrides, base, directory), directory


def _lines_of(rule: "Rule") -> list[str]:
    """The condition as it stands in the file."""
    lines = rule.place.file.read_text(encoding="utf-8").splitlines()[rule.place.line - 1 :]
    found: list[str] = []
    indent = -1
    for line in lines:
        depth = len(line) - len(line.lstrip())
        if indent < 0:
            if line.strip().startswith("when:"):
                indent = depth
                if line.strip() != "when:":
                    return [line.strip().removeprefix("when:").strip()]
            continue
        if line.strip() and depth <= indent:
            break
        found.append(line[indent + 2 :].rstrip())
    return [line for line in found if line]


def _summary(proof: "Proof") -> str:
    if proof.why:
        return proof.why
    if proof.eml is not None:
        return proof.eml.name
    text = " ".join((proof.subject or proof.text or proof.html).split())
    return text if len(text) <= 90 else text[:89] + "…"
