"""Bytes to text: which charset names are believed, and what is done when the bytes and the name disagree.

Only names of the list are looked up: Python's other codecs (unicode_escape, idna, zlib, rot13) are no charsets.
"""

import codecs
import re

from gateway.model.message import Finding

_NONE: frozenset[Finding] = frozenset()
_MISMATCH = frozenset({Finding.CHARSET_MISMATCH})
_UNKNOWN = frozenset({Finding.UNKNOWN_CHARSET})

# WHATWG's reading of the Latin names: mail that says iso-8859-1 or us-ascii holds windows-1252 quotes.
_CODECS = {
    "utf-8": "utf-8", "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8", "cp65001": "utf-8", "utf-8-sig": "utf-8",
    "us-ascii": "ascii", "ascii": "ascii", "ansi_x3.4-1968": "ascii", "iso646-us": "ascii", "646": "ascii",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "l1": "cp1252", "windows-1252": "cp1252", "cp1252": "cp1252", "ansi": "cp1252", "x-ansi": "cp1252",
    "iso-8859-9": "cp1254", "macintosh": "mac_roman", "x-mac-roman": "mac_roman", "mac": "mac_roman",
    "koi8-r": "koi8_r", "koi8-u": "koi8_u", "koi8-ru": "koi8_u", "tis-620": "cp874", "iso-8859-11": "cp874",
    "windows-874": "cp874", "viscii": "cp1258",
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "cp936": "gb18030",
    "x-gbk": "gb18030", "hz-gb-2312": "hz", "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "cp950": "cp950",
    "euc-jp": "euc_jp", "x-euc-jp": "euc_jp", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932",
    "x-sjis": "cp932", "windows-31j": "cp932", "cp932": "cp932", "iso-2022-jp": "iso2022_jp_ext",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ks_c_5601-1989": "cp949", "cp949": "cp949",
    "windows-949": "cp949", "iso-2022-kr": "iso2022_kr", "johab": "johab",
    "utf-7": "utf-7", "unicode-1-1-utf-7": "utf-7", "utf-16": "utf-16", "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be", "utf-32": "utf-32", "utf-32le": "utf-32-le", "utf-32be": "utf-32-be",
    "unicode": "utf-16", "iso-10646-ucs-2": "utf-16",
}  # fmt: skip
_CODECS |= {f"iso-8859-{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
_CODECS |= {f"iso_8859-{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
_CODECS |= {"iso-8859-8-i": "iso8859_8", "iso-8859-8-e": "iso8859_8", "latin-9": "iso8859_15", "latin9": "iso8859_15"}
_CODECS |= {f"windows-{n}": f"cp{n}" for n in (1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258)}
_CODECS |= {f"cp{n}": f"cp{n}" for n in (437, 850, 852, 855, 858, 862, 865, 866, 1250, 1251, 1253, 1254, 1255, 1256)}
_CODECS |= {f"ibm{n}": f"cp{n}" for n in (437, 850, 852, 855, 858, 862, 865, 866)}
# EBCDIC, as Outlook reads it. Python lacks some national ones: their letters stand where cp500 has them.
_EBCDIC = {"037": "cp037", "273": "cp273", "424": "cp424", "500": "cp500", "1026": "cp1026", "1140": "cp1140"}
_EBCDIC |= dict.fromkeys(("277", "278", "280", "284", "285", "297", "871", "1047", "1148"), "cp500")
_EBCDIC |= {f"{n}": "cp500" for n in range(1142, 1150)} | {"1141": "cp273"}
_CODECS |= {
    prefix + number: codec
    for number, codec in _EBCDIC.items()
    for prefix in ("ibm", "cp", "ibm-", "csibm", "ibm0", "cp0", "ebcdic-")
}
_CODECS |= {
    f"x-ebcdic-{name}": "cp500" for name in ("france", "international", "uk", "spain", "italy", "denmarknorway")
}
_CODECS |= {"ebcdic-cp-us": "cp037", "ebcdic-cp-fr": "cp500", "ebcdic-cp-be": "cp500", "ebcdic-cp-ch": "cp500"}
_CODECS |= {"x-ebcdic-france-euro": "cp500", "x-ebcdic-international-euro": "cp500", "x-ebcdic-cp-us-euro": "cp1140"}
# Names that say "nobody knows": read like no name at all.
_NO_NAME = frozenset(
    {"", "unknown-8bit", "x-unknown", "unknown", "_iso-8859-1$esc", "default", "binary", "8bit", "none"}
)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)


def codec_of(name: str) -> str | None:
    """The Python codec that a charset name of the list stands for."""
    return _CODECS.get(name.strip(" \t'\"").lower())


def is_ascii_based(name: str) -> bool:
    """Whether ASCII letters are themselves in a charset, as far as it is known: not in UTF-16 nor EBCDIC."""
    codec = codec_of(name)
    return codec is None or "a<".encode(codec) == b"a<"


def decode_charset(data: bytes, charset: str) -> tuple[str, frozenset[Finding]]:
    """Text of `data`: by the declared charset if it holds the bytes, else UTF-8, else windows-1252. Never raises."""
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
        charset = "utf-8"
    name = charset.lower()
    codec = _CODECS.get(name) or codec_of(name)
    if codec is None:
        findings = _NONE if name in _NO_NAME else _UNKNOWN
        return _decode_undeclared(data, ""), findings
    if codec in ("utf-16", "utf-32"):
        codec = _with_byte_order(data, codec)
    try:
        return data.decode(codec), _NONE
    except (UnicodeError, ValueError):
        if codec == "cp1252":  # five bytes have no letter in it: what browsers show for them is invisible
            return data.decode("cp1252", "replace"), _NONE
        return _decode_undeclared(data, codec), _MISMATCH


def _with_byte_order(data: bytes, codec: str) -> str:
    """UTF-16 without a mark is big-endian by RFC 2781 §4.3, little-endian by habit: the zeros tell."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        return codec
    sample = data[:4096]
    return codec + ("-be" if sample[0::2].count(0) >= sample[1::2].count(0) and sample[0::2].count(0) else "-le")


def _decode_undeclared(data: bytes, failed: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(data.translate(None, bytes(range(0xC2)))) - bad  # first bytes of multi-byte letters
    if good > 4 * bad or (failed == "utf-8" and good > bad):
        return text  # UTF-8 with a torn letter or a byte planted to spoil it: every reader shows the rest of it
    if failed and failed not in ("ascii", "utf-8") and not failed.startswith("utf-"):
        return data.decode(failed, "replace")
    return data.decode("cp1252", "replace")


def charset_in_html(data: bytes) -> str:
    """The charset an HTML text says of itself in its first 1024 bytes (HTML §13.2.3.2); "" if none."""
    match = _META.search(data, 0, 1024)
    return match.group(1).decode("ascii").lower() if match else ""
