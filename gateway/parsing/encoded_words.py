"""RFC 2047 encoded words and raw 8-bit in header values, to text: linear, capped, never raising."""

import binascii
import re

from gateway.model.message import Finding
from gateway.parsing.charsets import codec_of, decode_charset

MAX_WORDS = 2000
# Blanks inside are against RFC 2047 §2 and seen every day; each class stops at "?", so nothing is read twice.
_WORD = re.compile(rb"=\?([^?\s*]{1,64}+)(?:\*[^?\s]{0,32}+)?\?([bBqQ])\?([^?]*+)\?=")
_NONE: frozenset[Finding] = frozenset()


def decode_value(value: bytes) -> tuple[str, frozenset[Finding]]:
    """Text of an unfolded value (the caller caps its length): encoded words decoded, gaps between them gone."""
    if b"=?" not in value:
        return decode_raw(value)
    findings: set[Finding] = set()
    out: list[str] = []
    pending = bytearray()  # bytes of adjacent words in one charset: letters are split across words in the wild
    charset = ""
    position = 0
    for words, match in enumerate(_WORD.finditer(value)):
        gap = value[position : match.start()]
        name = match.group(1).decode("latin-1").lower()
        if pending and (gap.strip(b" \t") or (name != charset and codec_of(name) != codec_of(charset))):
            out.append(_flush(pending, charset, findings))
        if gap and (words == 0 or gap.strip(b" \t")):
            text, more = decode_raw(gap)
            findings |= more
            out.append(text)
        charset = name
        pending += _decode_word(match.group(2), match.group(3), findings)
        position = match.end()
        if words >= MAX_WORDS:
            findings.add(Finding.BAD_ENCODED_WORD)
            break
    if pending:
        out.append(_flush(pending, charset, findings))
    text, more = decode_raw(value[position:])
    if "=?" in text:
        findings.add(Finding.BAD_ENCODED_WORD)
    out.append(text)
    return "".join(out), frozenset(findings | more)


def decode_raw(value: bytes) -> tuple[str, frozenset[Finding]]:
    """Text of a value without encoded words: UTF-8, or windows-1252 with a finding."""
    try:
        return value.decode("utf-8"), _NONE
    except UnicodeDecodeError:
        return decode_charset(value, "")[0], frozenset({Finding.EIGHT_BIT_HEADER})


def _decode_word(encoding: bytes, text: bytes, findings: set[Finding]) -> bytes:
    if encoding in b"qQ":
        return binascii.a2b_qp(text, header=True)
    try:
        return binascii.a2b_base64(text)
    except binascii.Error:
        findings.add(Finding.BAD_ENCODED_WORD)
        clean = re.sub(rb"[^A-Za-z0-9+/]", b"", text)
        clean = clean[: len(clean) - 1] if len(clean) % 4 == 1 else clean
        return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def _flush(pending: bytearray, charset: str, findings: set[Finding]) -> str:
    text, found = decode_charset(bytes(pending), charset)
    pending.clear()
    if found:
        findings.add(Finding.UNKNOWN_CHARSET if codec_of(charset) is None else Finding.BAD_ENCODED_WORD)
    return text
