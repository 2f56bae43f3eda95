"""The limits a child process reads files within: plain data that travels to it at its start."""

import json
from dataclasses import asdict, dataclass

# What the worker folds costs it time: lures are short, and every link is kept apart from the text.
TEXT_LETTERS = 12_000
MAX_LINKS = 200
MAX_HREF = 4_096
MAX_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLimits:
    """See `settings.inspection`; bytes, pixels and counts."""

    pdf_pages: int = 20
    pixels: int = 25_000_000
    archive_members: int = 1000
    archive_ratio: int = 100
    archive_depth: int = 2
    unpacked_bytes: int = 10_485_760

    def to_json(self) -> str:
        """For a command line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "ReadLimits":
        """Back from `to_json`."""
        return cls(**{name: int(value) for name, value in json.loads(text).items()})
