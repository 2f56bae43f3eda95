"""What travels between a worker and its inspectors: one JSON object a question, one an answer, each after its length.

Nothing that comes back is believed: it is a closed set of words and bounded texts, or the inspector counts as broken.
"""

import json
from dataclasses import dataclass
from typing import Any

from gateway.inspection.limits import MAX_HREF, MAX_LINKS, MAX_SHOWN, TEXT_LETTERS
from gateway.inspection.reading import Reading
from gateway.model.content_facts import AttachmentFlag, LinkSource
from gateway.model.inspection import INSPECTION_CAUSES, FoundLink, InspectedPart
from gateway.model.true_type import UNKNOWN

LENGTH_BYTES = 4
MAX_QUESTION = 16_384  # fits any socket's buffer: sending it never waits
MAX_ANSWER = 2 * 1024 * 1024
_SOURCES = {source.value: source for source in LinkSource}
_FLAGS = {flag.value: flag for flag in AttachmentFlag}
_KEYS = {"type", "flags", "links", "text", "quoted", "unchecked", "leaving"}


class ProtocolError(Exception):
    """The other side answered nonsense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One part to be read: where it stands in the file handed over with it, and what the message says of it."""

    length: int  # bytes at the beginning of the shared memory
    encoding: str = "binary"
    name: str = ""
    declared: str = ""
    covered: bool = False  # the worker has its text and links already
    is_body: bool = False  # no attachment: sent for pictures in its data: URIs, or as too dangerous for the worker

    def encode(self) -> bytes:
        """Length and JSON."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        fields["name"], fields["declared"] = self.name[-400:], self.declared[:200]
        return _framed(json.dumps(fields).encode())

    @classmethod
    def decode(cls, data: bytes) -> "Question":
        """From JSON."""
        return cls(**json.loads(data))


def encode_answer(reading: Reading, *, leaving: bool = False) -> bytes:
    """Length and JSON of what was found. `leaving`: this process ends after it."""
    answer = {
        "type": reading.true_type,
        "flags": sorted(reading.flags),
        "links": [[source.value, href, shown] for source, href, shown in reading.links],
        "text": "\n".join(reading.text),
        "quoted": "\n".join(reading.quoted),
        "unchecked": reading.unchecked,
        "leaving": leaving,
    }
    return _framed(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))


def decode_answer(data: bytes, part_index: int) -> tuple[InspectedPart, bool]:
    """(what was found, whether the process ends now). Raises ProtocolError."""
    try:
        answer: Any = json.loads(data)
    except (ValueError, RecursionError):
        raise ProtocolError("no JSON") from None
    if not isinstance(answer, dict) or set(answer) != _KEYS:
        raise ProtocolError("other keys")
    flags, links = answer["flags"], answer["links"]
    texts = [answer["type"], answer["text"], answer["quoted"], answer["unchecked"]]
    if not (isinstance(flags, list) and isinstance(links, list) and all(isinstance(text, str) for text in texts)):
        raise ProtocolError("other types")
    if len(links) > MAX_LINKS or len(flags) > len(_FLAGS) or len(answer["text"]) + len(answer["quoted"]) > TEXT_MOST:
        raise ProtocolError("too much")
    if (answer["unchecked"] and answer["unchecked"] not in INSPECTION_CAUSES) or not _is_type(answer["type"]):
        raise ProtocolError("unknown words")
    try:
        known = frozenset(_FLAGS[flag] for flag in flags)
    except (KeyError, TypeError):
        raise ProtocolError("unknown flags") from None
    part = InspectedPart(
        part_index=part_index,
        true_type=answer["type"],
        flags=known,
        text=answer["text"],
        quoted=answer["quoted"],
        links=tuple(_link(link) for link in links),
        unchecked=answer["unchecked"],
    )
    return part, answer["leaving"] is True


TEXT_MOST = TEXT_LETTERS + 1000  # and the line ends between the pieces


def _is_type(word: str) -> bool:
    return word == UNKNOWN or (0 < len(word) <= 12 and word.isascii() and word.isalnum())


def _link(link: Any) -> FoundLink:
    if not (isinstance(link, list) and len(link) == 3 and all(isinstance(item, str) for item in link)):
        raise ProtocolError("a link of another form")
    source, href, shown = link
    if source not in _SOURCES or len(href) > MAX_HREF or len(shown) > MAX_SHOWN:
        raise ProtocolError("a link out of bounds")
    return FoundLink(source=_SOURCES[source], href=href, shown=shown)


def _framed(payload: bytes) -> bytes:
    return len(payload).to_bytes(LENGTH_BYTES, "big") + payload
