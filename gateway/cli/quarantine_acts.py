"""`vitalgate quarantine release | approve | delete`: what a reviewer decides about one held message."""

import asyncio
from pathlib import Path
from typing import Any

import click

from gateway.cli.exits import FAILED
from gateway.cli.options import config_option
from gateway.cli.quarantine_common import entry_id_argument, faults, load, motive_option, review_of


@click.command()
@config_option
@click.option("--request", is_flag=True, help="Only ask: another person approves, and thereby releases.")
@click.option("--recipient", "only", multiple=True, metavar="ADDRESS", help="Only to this recipient; may be repeated.")
@click.option("--again", is_flag=True, help="Also when an earlier delivery may have gone through unheard.")
@motive_option
@entry_id_argument
def release(config: Path, request: bool, only: tuple[str, ...], again: bool, motive: str | None, entry_id: str) -> None:
    """Deliver a held message to its recipients, as it was received, and take it out of the quarantine.

    \b
      vitalgate quarantine release 1d8m0q3vnk2f7xw6ab
      vitalgate quarantine release --request --motive "invoice is real" 1d8m0q3vnk2f7xw6ab

    Each recipient gets it once. The next hop's answer is shown and recorded; exit code 1 when it refused.
    """
    settings = load(config)
    review = review_of(settings)
    if request:
        with faults():
            review.request(entry_id, motive)
        click.echo(f"{entry_id}: asked for; another person runs: vitalgate quarantine approve {entry_id}")
        return
    _deliver(settings, review, entry_id, again=again, only=only, motive=motive)


@click.command()
@config_option
@motive_option
@entry_id_argument
def approve(config: Path, motive: str | None, entry_id: str) -> None:
    """Grant the release that another person asked for, and deliver.

    \b
      vitalgate quarantine list --requests
      vitalgate quarantine approve 1d8m0q3vnk2f7xw6ab

    Who asked can't approve: the user id is the kernel's, or the one that sudo acts for.
    """
    settings = load(config)
    review = review_of(settings)
    with faults():
        review.approve(entry_id, motive)
    _deliver(settings, review, entry_id, again=False, only=(), motive=motive)


@click.command()
@config_option
@motive_option
@entry_id_argument
def delete(config: Path, motive: str | None, entry_id: str) -> None:
    """Remove a held message for good.

    \b
      vitalgate quarantine delete --motive "lure, confirmed" 1d8m0q3vnk2f7xw6ab
    """
    settings = load(config)
    with faults():
        review_of(settings).delete(entry_id, motive)
    _forget_in_index(settings, entry_id)
    click.echo(f"{entry_id}: deleted")


def _forget_in_index(settings: Any, entry_id: str) -> None:
    from gateway.cli.quarantine_index import forget

    forget(settings, [entry_id])


def _deliver(
    settings: Any, review: Any, entry_id: str, *, again: bool, only: tuple[str, ...], motive: str | None
) -> None:
    from gateway.cli.quarantine_delivery import release_to_next_hops

    wanted = frozenset(address.strip("<> ").lower().encode("utf-8", "surrogateescape") for address in only)
    with faults():
        answers = asyncio.run(release_to_next_hops(settings, review, entry_id, again=again, only=wanted, motive=motive))
    for answer in answers:
        click.echo(f"{entry_id}: {answer.reply}")
    if not all(answer.reply.positive for answer in answers):
        raise SystemExit(FAILED)
    if not review.store.spool.file_of(entry_id).exists():
        _forget_in_index(settings, entry_id)
