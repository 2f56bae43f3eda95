"""Listing through the index: what the history knows of held entries, completed and corrected from the spool."""

from collections.abc import Iterable
from typing import Any


def summaries(settings: Any, store: Any) -> tuple[list[dict[str, Any]], list[Any]]:
    """Every entry whose 250 was given, oldest first, indexed or not; and what can't be opened.

    The spool says which entries there are; the index only spares opening each.
    """
    from gateway.quarantine.entry import BrokenEntry
    from gateway.quarantine.store import summary

    ids = store.ids()
    known = _known(settings) if len(ids) > 1 else {}
    found = {entry_id: known[entry_id] for entry_id in ids if entry_id in known}
    broken = []
    for header in store.headers(entry_id for entry_id in ids if entry_id not in known):
        if isinstance(header, BrokenEntry):
            broken.append(header)
        else:
            found[header.id] = summary(header)
    return [found[entry_id] for entry_id in ids if entry_id in found], broken


def _known(settings: Any) -> dict[str, dict[str, Any]]:
    from gateway.observe.history import open_history
    from gateway.observe.history_database import HistoryUnavailable

    try:
        history = open_history(settings, wait_s=1.0)
    except HistoryUnavailable:  # the spool alone is enough
        return {}
    try:
        return dict(history.held())
    except HistoryUnavailable:
        return {}
    finally:
        history.close()


def forget(settings: Any, ids: Iterable[str]) -> None:
    """Take entries out of the index, if it is to be had: it is only an index."""
    from gateway.observe.history import open_history
    from gateway.observe.history_database import HistoryUnavailable

    try:
        history = open_history(settings, wait_s=1.0)
    except HistoryUnavailable:
        return
    try:
        history.unhold(ids)
    except HistoryUnavailable:
        return
    finally:
        history.close()
