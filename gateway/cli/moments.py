"""Moments as options: a date, a date and time, or how long ago."""

import re
from datetime import UTC, datetime, timedelta

import click

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_AGO = re.compile(r"([0-9]{1,5})([mhdw])")


class Moment(click.ParamType[datetime]):
    """`2026-11-25`, `2026-11-25T08:00` (UTC without an offset), `90m`, `24h`, `7d`, `2w`."""

    name = "when"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """An aware moment."""
        if isinstance(value, datetime):
            return value
        text = str(value).strip()
        ago = _AGO.fullmatch(text)
        if ago:
            return datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            self.fail(f"{text!r} is neither a moment (2026-11-25, 2026-11-25T08:00) nor an age (90m, 24h, 7d)")
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


MOMENT = Moment()
