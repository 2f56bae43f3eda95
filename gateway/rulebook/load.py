"""Rule folders -> a rulebook; lists -> a directory. Everything that is wrong is told at once, by file and line."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import gateway
from gateway.model.directory import Directory
from gateway.model.errors import SettingsError
from gateway.model.hit import RuleMode
from gateway.rulebook.compile import Compiler, in_order
from gateway.rulebook.lists import read_directory
from gateway.rulebook.match import Rulebook
from gateway.rulebook.rule_file import read_rule_file
from gateway.rulebook.schema import Condition, Rule, RuleFile
from gateway.settings.schema import Organisation, RuleOverride
from gateway.settings.yaml_lines import load_yaml

BUILTIN = "builtin"


def builtin_folder() -> Path:
    """The pack in the package, or beside it in a checkout."""
    package = Path(gateway.__file__).parent
    inside = package / "_data" / "rules"
    return inside if inside.is_dir() else package.parent / "rules"


def load_directory(folders: Sequence[str], organisation: Organisation, base: Path = Path()) -> Directory:
    """Who may speak for whom: the pack's lists (facts rest on them whatever `rules.folders` says), those of `folders`
    on top, and the operator's own of the settings. Raises SettingsError with every fault."""
    paths = [builtin_folder()]
    paths += [path for path in _paths(folders, base) if path != paths[0]]
    return read_directory(paths, organisation)


def load_rulebook(
    folders: Sequence[str],
    overrides: Mapping[str, RuleOverride],
    base: Path,
    directory: Directory | None = None,
) -> Rulebook:
    """Every rule of `folders` ("builtin" or paths from `base`), changed as `overrides` say, compiled.

    `directory` is what rules may name; without it, the lists alone. Raises SettingsError with every fault.
    """
    if directory is None:
        directory = load_directory(folders, Organisation(), base)
    identities = frozenset(identity.id for identity in directory.identities) | {"organisation", "internal_service"}
    files, problems = _read_files(_paths(folders, base), identities)
    conditions, rules, caps = _gather(files, problems)
    ordered, faults = in_order(rules, conditions)
    problems += faults
    problems += [
        f"rules.overrides.{name}: there is no rule {name}; `vitalgate rules list` names them"
        for name in overrides
        if name not in {rule.id for rule in rules}
    ]
    compiler = Compiler(directory, conditions)
    compiled = []
    switched_off = []
    for rule in ordered:
        changed = _overridden(rule, overrides.get(rule.id))
        item = compiler.compile(changed)
        override = overrides.get(rule.id)
        if override is not None and override.mode == "off":
            switched_off.append(rule)
        elif item is not None:
            compiled.append(item)
    problems += compiler.problems
    if problems:
        raise SettingsError(list(dict.fromkeys(problems)))
    compiler.literals.build()
    return Rulebook(
        compiled=tuple(compiled),
        literals=compiler.literals,
        family_caps=tuple(sorted(caps.items())),
        switched_off=tuple(switched_off),
        by_id={rule.id: rule for rule in rules},
    )


def _paths(folders: Sequence[str], base: Path) -> list[Path]:
    return [builtin_folder() if name == BUILTIN else base / name for name in folders]


def _read_files(folders: Sequence[Path], identities: frozenset[str]) -> tuple[list[RuleFile], list[str]]:
    files: list[RuleFile] = []
    problems: list[str] = []
    for folder in folders:
        found = sorted(folder.glob("*.yml")) if folder.is_dir() else []
        if not found:
            problems.append(f"rules.folders: {folder}: is no folder with rule files (*.yml)")
        for path in found:
            try:
                file, faults = read_rule_file(load_yaml(path), identities)
            except SettingsError as error:
                problems += error.problems
                continue
            problems += faults
            if file is not None:
                files.append(file)
    return files, problems


def _gather(
    files: Sequence[RuleFile], problems: list[str]
) -> tuple[dict[str, Condition], list[Rule], dict[str, float]]:
    conditions: dict[str, Condition] = {}
    rules: dict[str, Rule] = {}
    caps: dict[str, float] = {}
    retired = {name: file.path for file in files for name in file.retired}
    for file in files:
        for name, condition in file.conditions.items():
            if name in conditions:
                problems.append(f"{file.path}:1: conditions.{name}: there is another condition of this name")
            conditions[name] = condition
        if file.cap is not None and caps.setdefault(file.family, file.cap) != file.cap:
            problems.append(f"{file.path}:1: cap: family {file.family} has another cap in another file")
        for rule in file.rules:
            if rule.id in rules:
                first = rules[rule.id].place
                problems.append(rule.place.problem(f"id {rule.id} stands twice (first in {first.file}:{first.line})"))
                continue
            if rule.id in retired:
                problems.append(rule.place.problem(f"id {rule.id} was used before (retired); choose another"))
            rules[rule.id] = rule
    return conditions, list(rules.values()), caps


def _overridden(rule: Rule, override: RuleOverride | None) -> Rule:
    if override is None:
        return rule
    mode = RuleMode(override.mode) if override.mode in ("enforce", "shadow") else rule.mode
    return replace(
        rule,
        mode=mode,
        points=rule.points if override.points is None else override.points,
        needs_approval=rule.needs_approval if override.needs_approval is None else override.needs_approval,
    )
