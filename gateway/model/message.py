"""A message as read: offsets into the received bytes, nothing regenerated.

The raw bytes stay the truth: what is relayed is cut from them. A `Message` is what one strict reading saw in them,
plus `findings`: all that was too big, too deep or too odd, each a closed word that `unchecked`, rules and metrics use.
"""

from dataclasses import dataclass
from enum import StrEnum

from gateway.model.auth_facts import Author


class Finding(StrEnum):
    """Something in the bytes that a mail program would not have written, or that a guard cut short."""

    HEADER_BLOCK_TOO_LARGE = "header_block_too_large"
    HEADER_FIELD_TOO_LARGE = "header_field_too_large"
    TOO_MANY_HEADER_FIELDS = "too_many_header_fields"
    MALFORMED_HEADER_LINE = "malformed_header_line"
    NO_HEADER = "no_header"
    EIGHT_BIT_HEADER = "eight_bit_header"  # raw 8-bit that isn't UTF-8
    DUPLICATE_HEADER = "duplicate_header"  # one of RFC 5322 §3.6's once-only fields stands twice
    BAD_ENCODED_WORD = "bad_encoded_word"
    MIME_TOO_DEEP = "mime_too_deep"
    TOO_MANY_PARTS = "too_many_parts"
    MIME_MALFORMED = "mime_malformed"  # missing or unterminated boundary, bad transfer encoding
    MIME_AMBIGUOUS = "mime_ambiguous"  # two readers would see different parts (duplicate Content-Type, boundary tricks)
    DECODED_TOO_LARGE = "decoded_too_large"
    BODY_TOO_LARGE = "body_too_large"  # a shown HTML text of which more than pictures and blanks was left out
    UNKNOWN_CHARSET = "unknown_charset"
    CHARSET_MISMATCH = "charset_mismatch"  # bytes that the declared charset can't hold
    UNKNOWN_ENCODING = "unknown_encoding"
    HTML_TOO_DANGEROUS = "html_too_dangerous"  # the guard kept it from the parser
    TEXT_TRUNCATED = "text_truncated"  # more text than the rules are given
    PARTIAL_MESSAGE = "partial_message"  # message/partial: a piece, put together at the reader's (RFC 2046 §5.2.2)


MESSAGE_TYPES = frozenset(("message/rfc822", "message/global", "message/news"))  # whose body is a whole message

# Findings that mean "not all of it was read": each is named in `unchecked`.
CUT_SHORT = frozenset(
    {
        Finding.HEADER_BLOCK_TOO_LARGE,
        Finding.HEADER_FIELD_TOO_LARGE,
        Finding.TOO_MANY_HEADER_FIELDS,
        Finding.MIME_TOO_DEEP,
        Finding.TOO_MANY_PARTS,
        Finding.DECODED_TOO_LARGE,
        Finding.UNKNOWN_CHARSET,
        Finding.UNKNOWN_ENCODING,
        Finding.HTML_TOO_DANGEROUS,
        Finding.TEXT_TRUNCATED,
        Finding.PARTIAL_MESSAGE,
        Finding.BODY_TOO_LARGE,
    }
)
# Of these, the ones that only somebody with something to hide sends: such a message is at least tagged.
BOMBS = frozenset(
    {
        Finding.HEADER_BLOCK_TOO_LARGE,
        Finding.TOO_MANY_HEADER_FIELDS,
        Finding.MIME_TOO_DEEP,
        Finding.TOO_MANY_PARTS,
        Finding.HTML_TOO_DANGEROUS,
        Finding.PARTIAL_MESSAGE,
        Finding.BODY_TOO_LARGE,
    }
)


@dataclass(frozen=True, slots=True)
class HeaderField:
    """One header field, by offsets into the raw message: [start, end) with its CRLF; the value begins after the colon.

    `name` is lower case ASCII with trailing blanks removed; `value` is the raw value with folding kept, without the
    last CRLF.
    """

    name: str
    value: bytes
    start: int
    end: int

    @property
    def unfolded(self) -> bytes:
        """The value with CRLF before a blank removed (RFC 5322 §2.2.3), stripped."""
        if b"\n" in self.value or b"\r" in self.value:
            return b" ".join(self.value.split(b"\r\n")).strip() if b"\r\n" in self.value else self.value.strip()
        return self.value.strip()


class Disposition(StrEnum):
    """Content-Disposition (RFC 2183), as far as it matters here."""

    INLINE = "inline"
    ATTACHMENT = "attachment"
    UNSTATED = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One MIME part. Leaves have a body; containers have children. Offsets are into the raw message."""

    content_type: str  # "text/html", lower case; what it is said to be
    charset: str = ""  # as declared, lower case, "" when absent
    encoding: str = "7bit"  # Content-Transfer-Encoding, lower case
    disposition: Disposition = Disposition.UNSTATED
    filename: str = ""  # decoded (RFC 2231, RFC 2047), never a path to open; of several, the most dangerous one
    other_names: tuple[str, ...] = ()  # which other readers may show
    content_id: str = ""
    parameters: tuple[tuple[str, str], ...] = ()  # of Content-Type
    header_start: int = 0
    body_start: int = 0
    body_end: int = 0
    depth: int = 0
    children: "tuple[Part, ...]" = ()
    in_attached_message: bool = False  # below a message/rfc822

    @property
    def is_multipart(self) -> bool:
        """Whether it is a container."""
        return self.content_type.startswith("multipart/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message, read once. `leaves` are all parts without children, in order of the bytes."""

    raw: bytes
    fields: tuple[HeaderField, ...]
    body_start: int  # first byte after the empty line; len(raw) when there is none
    author: Author
    subject: str = ""  # decoded, unfolded
    root: Part | None = None
    leaves: tuple[Part, ...] = ()
    findings: frozenset[Finding] = frozenset()

    def all(self, name: str) -> tuple[HeaderField, ...]:
        """Every field of this (lower case) name, top down."""
        return tuple(f for f in self.fields if f.name == name)

    def first(self, name: str) -> HeaderField | None:
        """The topmost field of this (lower case) name."""
        return next((f for f in self.fields if f.name == name), None)
