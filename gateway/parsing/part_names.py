"""The file names of a part: every one that some client may show, the most dangerous first.

Clients differ on `filename` against `name`, on names given twice, on RFC 2231 beside a plain name, on comments, and on
what stands behind a blank or a closing quotation mark. A program hidden behind a text's name is a program.
"""

from collections.abc import Iterable

from gateway.model.message import Finding
from gateway.model.true_type import class_of_name, extension_of
from gateway.parsing.encoded_words import decode_value
from gateway.parsing.mime_parameters import MAX_NAME, MimeValue, all_names, file_name

MAX_NAMES = 20
# The most dangerous first; what is in none of these is as harmless as no extension.
_ORDER = (
    "exe", "elf", "macho", "java", "apk", "chm", "script", "shortcut", "disk_image", "archive", "html", "svg",
    "onenote", "office", "message", "calendar", "pdf", "signature", "picture", "media", "text",
)  # fmt: skip
_RANK = {kind: rank for rank, kind in enumerate(_ORDER)}
_RUNS = _RANK["disk_image"]  # from the first to this one: opened by a click, it runs


def read_names(
    kinds: Iterable[MimeValue], dispositions: Iterable[MimeValue]
) -> tuple[tuple[str, ...], frozenset[Finding]]:
    """The names by all Content-Type and Content-Disposition fields of a part; () where none has any.

    A finding tells that two of them are names of different kinds of file.
    """
    found: dict[str, None] = {}
    findings: frozenset[Finding] = frozenset()
    for values, key in ((dispositions, "filename"), (kinds, "name")):
        for value in values:
            if not value.parameters or not any(name.startswith(key) for name, _ in value.parameters):
                continue
            shown, more = file_name(value, key)
            findings |= more
            if shown:
                found[shown] = None
            if value.odd or value.ambiguous or _is_doubled(value, key) or b"=?" in value.raw(key):
                found.update(dict.fromkeys(all_names(value, key)))
    if len(found) < 2:
        return tuple(found), findings
    names = list(found)
    names[MAX_NAMES // 2 : -MAX_NAMES // 2] = []
    if len({extension_of(name) for name in names}) > 1:
        findings |= {Finding.MIME_AMBIGUOUS}
    return tuple(sorted(names, key=danger_of)), findings


def name_elsewhere(fields: Iterable[bytes]) -> str:
    """A program's name in the fields that some clients show where no other name is (Content-Description and its like).

    Of any other kind it isn't told: people describe pictures and texts there, and web pages have addresses.
    """
    for value in fields:
        name = decode_value(value[:MAX_NAME])[0].strip(" \t\"'<>").rpartition("/")[2]
        if danger_of(name) <= _RUNS and extension_of(name) != "com":
            return name
    return ""


def danger_of(name: str) -> int:
    """How dangerous the type is that a name promises: 0 the most."""
    return _RANK.get(class_of_name(name), len(_ORDER))


def _is_doubled(value: MimeValue, key: str) -> bool:
    """Whether one field has more than one way to the name: plain and RFC 2231, or sections."""
    return any(name.startswith(f"{key}*") for name, _ in value.parameters)
