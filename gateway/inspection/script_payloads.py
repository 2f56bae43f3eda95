"""What scripts write, fetch and lead to, as far as their text says it; one level is decoded, nothing is run."""

import binascii
import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from gateway.inspection.text_bytes import urls_in_text
from gateway.inspection.transfer import decode_base64

MAX_SCRIPT = 2_000_000  # characters looked at
MAX_PAYLOADS = 20
_SMALLEST = 24  # characters of an encoded payload
_LITERAL = re.compile(
    r"\"((?:[^\"\\\n]|\\.){0,1500000}+)\"|'((?:[^'\\\n]|\\.){0,1500000}+)'|`((?:[^`\\]|\\.){0,1500000}+)`", re.S
)
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{24,}={0,2}\s*")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}|%u[0-9a-fA-F]{4})")
_WIDE_PERCENT = re.compile(r"%u([0-9a-fA-F]{4})")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|(.))", re.S)
_CODES = re.compile(
    r"(?:fromCharCode\s{0,10}\(|\[)\s{0,10}((?:(?:0x[0-9a-fA-F]{1,4}|\d{1,5})\s{0,5},\s{0,10}){15,200000}+(?:0x[0-9a-fA-F]{1,4}|\d{1,5}))"
)
_JOINED = re.compile(r"(['\"])\s{0,20}\+\s{0,20}(['\"])")
_REDIRECTS = re.compile(
    r"location['\"\]]{0,2}\s{0,20}(?:\.\s{0,20}(?:href|replace|assign)|\[['\"](?:href|replace|assign)['\"]\])?\s{0,20}(?:=(?!=)|\()|"
    r"window\s{0,20}\.\s{0,20}open\s{0,20}\(|\.submit\s{0,20}\(|http-equiv\s{0,20}=\s{0,20}.?refresh",
    re.I,
)
_SMUGGLES = re.compile(
    r"new\s+Blob|createObjectURL|msSaveOrOpenBlob|msSaveBlob|new\s+File\s*\(|\.download\s*=|application/octet-stream",
    re.I,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\n": ""}


@dataclass(slots=True)
class Script:
    """What one script's text gives away."""

    redirects: bool = False
    smuggles: bool = False
    urls: list[str] = field(default_factory=list)
    payloads: list[bytes] = field(default_factory=list)  # decoded, of whatever type


def read_script(source: str) -> Script:
    """Read one script. Never raises."""
    source = source[:MAX_SCRIPT]
    if "+" in source:
        source = _JOINED.sub(lambda m: "" if m[1] == m[2] else m[0], source)
    script = Script(
        redirects=_REDIRECTS.search(source) is not None,
        smuggles=_SMUGGLES.search(source) is not None,
    )
    urls = dict.fromkeys(urls_in_text(source.replace("\\/", "/")))
    for number, match in enumerate(_LITERAL.finditer(source)):
        if number >= 5000 or len(script.payloads) >= MAX_PAYLOADS:
            break
        literal = match[1] or match[2] or match[3] or ""
        if len(literal) >= _SMALLEST or ("\\" in literal and len(literal) >= 12):
            for payload in _decoded(literal):
                script.payloads.append(payload)
    for number, match in enumerate(_CODES.finditer(source)):
        if number >= 5:
            break
        script.payloads.append(_from_codes(match[1]))
    for payload in script.payloads:
        urls |= dict.fromkeys(urls_in_text(payload[:500_000].decode("latin-1")))
    script.urls = list(urls)[:100]
    return script


def _decoded(literal: str) -> list[bytes]:
    """The literal's content under the encodings it may be written in; [] for plain words."""
    found: list[bytes] = []
    plain = _ESCAPE.sub(_unescape, literal) if "\\" in literal else literal
    if (plain is not literal and "<" in plain + literal) or plain.count("<") > 1:
        found.append(plain.encode("utf-8", "replace"))
    if "%" in plain and len(_PERCENT.findall(plain[:4000])) >= 6:
        wide = _WIDE_PERCENT.sub(lambda m: chr(int(m[1], 16)), plain)
        found.append(unquote(wide, errors="replace").encode("utf-8", "replace"))
    elif len(plain) >= _SMALLEST and _BASE64.fullmatch(plain):
        data = decode_base64(plain.encode("ascii", "replace"))
        if _means_something(data):
            found.append(data)
        elif _means_something(data[::-1]):
            found.append(data[::-1])
    if len(plain) >= 40 and len(plain) % 2 == 0 and plain.isascii() and plain.isalnum():
        try:
            data = binascii.unhexlify(plain)
        except (binascii.Error, ValueError):
            data = b""
        if _means_something(data):
            found.append(data)
    return found


def _unescape(match: re.Match[str]) -> str:
    if match[1] or match[2]:
        return chr(int(match[1] or match[2], 16))
    if match[3]:
        code = int(match[3], 16)
        return chr(code) if code <= 0x10FFFF else ""
    return _ESCAPES.get(match[4], match[4])


def _from_codes(text: str) -> bytes:
    codes = [
        int(code, 0) if code[:2].lower() == "0x" else int(code)
        for code in text.replace(" ", "").split(",")
        if code.strip()
    ]
    if all(code < 256 for code in codes):
        return bytes(codes)
    return "".join(chr(code) for code in codes if code <= 0xFFFF).encode("utf-8", "replace")


def _means_something(data: bytes) -> bool:
    """Whether decoded bytes are a file, a page or an address rather than a token."""
    head = data[:64].lstrip()
    if data.startswith(
        (b"PK\x03\x04", b"%PDF", b"MZ", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
    ):
        return True
    if data[0x8001:0x8006] == b"CD001" or b"<html" in data[:2000].lower() or b"<script" in data.lower()[:200_000]:
        return True
    return head[:1] == b"<" or b"http://" in data or b"https://" in data
