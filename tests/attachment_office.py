"""Office documents, compound files, shortcuts and packed mails made from scratch."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

from tests.attachment_archives import zipped

_TYPES = b"<?xml version='1.0'?><Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def _relation(kind: str, target: str, mode: str) -> str:
    relation = f"<Relationship Id='t' Type='{_RELATION}{kind}' Target='{target}'{mode}/>"
    return f"<Relationships>{relation}</Relationships>"


def docx(
    text: str = "Bonjour",
    *,
    macro: bool = False,
    template: str = "",
    links: Sequence[str] = (),
    field: str = "",
    members: Mapping[str, bytes] | None = None,
) -> bytes:
    """A Word document."""
    relations = [
        f"<Relationship Id='r{n}' Type='{_RELATION}hyperlink' Target='{link}' TargetMode='External'/>"
        for n, link in enumerate(links)
    ]
    code = f"<w:p><w:r><w:instrText>{field}</w:instrText></w:r></w:p>" if field else ""
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.split("\n"))
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _relation("officeDocument", "word/document.xml", "").encode(),
        "word/document.xml": f"<w:document><w:body>{paragraphs}{code}</w:body></w:document>".encode(),
        "word/_rels/document.xml.rels": f"<Relationships>{''.join(relations)}</Relationships>".encode(),
    }
    if template:
        parts["word/_rels/settings.xml.rels"] = _relation(
            "attachedTemplate", template, " TargetMode='External'"
        ).encode()
    if macro:
        parts["word/vbaProject.bin"] = compound({("VBA", "dir"): b"x" * 5000})
    return zipped(parts | dict(members or {}))


def workbook(*, strings: str = "", formula: str = "", dde: bool = False, old_macro: bool = False) -> bytes:
    """An Excel workbook."""
    parts = {
        "[Content_Types].xml": _TYPES,
        "xl/workbook.xml": b"<workbook/>",
        "xl/sharedStrings.xml": f"<sst><si><t>{strings}</t></si></sst>".encode(),
        "xl/worksheets/sheet1.xml": f"<worksheet><c><f>{formula}</f></c></worksheet>".encode(),
    }
    if dde:
        parts["xl/externalLinks/externalLink1.xml"] = b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/>'
    if old_macro:
        parts["xl/macrosheets/sheet1.xml"] = b"<xm:macrosheet/>"
    return zipped(parts)


def slides(text: str) -> bytes:
    """A PowerPoint presentation."""
    slide = f"<p:sld><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>".encode()
    return zipped({"[Content_Types].xml": _TYPES, "ppt/slides/slide1.xml": slide})


def odt(text: str = "Bonjour", *, macro: bool = False, link: str = "") -> bytes:
    """A text document of LibreOffice."""
    out = io.BytesIO()
    anchor = f'<text:a xlink:href="{link}">ici</text:a>' if link else ""
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml", f"<office:document-content><text:p>{text}{anchor}</text:p></office:document-content>"
        )
        if macro:
            archive.writestr("Basic/Standard/Module1.xml", "<script:module>Sub Main</script:module>")
    return out.getvalue()


def compound(streams: Mapping[tuple[str, ...], bytes]) -> bytes:
    """A compound file (MS-CFB, version 3): streams by path, each padded so that no mini stream is needed."""
    entries: list[dict[str, object]] = [{"name": "Root Entry", "type": 5, "children": []}]
    index: dict[tuple[str, ...], int] = {(): 0}
    contents: list[tuple[int, bytes]] = []
    for path, content in streams.items():
        for depth in range(1, len(path) + 1):
            if path[:depth] in index:
                continue
            index[path[:depth]] = len(entries)
            entries[index[path[: depth - 1]]]["children"].append(len(entries))  # type: ignore[attr-defined]
            entries.append({"name": path[depth - 1], "type": 2 if depth == len(path) else 1, "children": []})
        contents.append((index[path], content.ljust(4096, b"\0")))
    fat: list[int] = []
    sectors = b""
    start_of: dict[int, tuple[int, int]] = {}
    for number, content in contents:
        count = -(-len(content) // 512)
        start_of[number] = (len(fat), len(content))
        fat += [*range(len(fat) + 1, len(fat) + count), 0xFFFFFFFE]
        sectors += content.ljust(count * 512, b"\0")
    for entry in entries:
        children = entry["children"]
        assert isinstance(children, list)
        entry["child"] = children[0] if children else 0xFFFFFFFF
        for left, right in zip(children, [*children[1:], 0xFFFFFFFF], strict=False):
            entries[left]["right"] = right
    folder = b"".join(_compound_entry(number, entry, start_of) for number, entry in enumerate(entries))
    folder = folder.ljust(-(-len(folder) // 512) * 512, b"\0")
    folder_start, count = len(fat), len(folder) // 512
    fat += [*range(len(fat) + 1, len(fat) + count), 0xFFFFFFFE]
    sectors += folder
    tables = 1
    while (len(fat) + tables) > tables * 128:
        tables += 1
    fat_start = len(fat)
    fat += [0xFFFFFFFD] * tables
    table = b"".join(struct.pack("<I", value) for value in fat).ljust(tables * 512, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, tables, folder_start, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += b"".join(struct.pack("<I", fat_start + n if n < tables else 0xFFFFFFFF) for n in range(109))
    return header + sectors + table


def _compound_entry(number: int, entry: Mapping[str, object], start_of: Mapping[int, tuple[int, int]]) -> bytes:
    name = str(entry["name"]).encode("utf-16-le") + b"\0\0"
    start, size = start_of.get(number, (0xFFFFFFFE if number == 0 else 0, 0))
    return (
        name.ljust(64, b"\0")
        + struct.pack("<HBB", len(name), entry["type"], 1)
        + struct.pack("<III", 0xFFFFFFFF, entry.get("right", 0xFFFFFFFF), entry["child"])
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )


def package(name: str, content: bytes) -> bytes:
    """The stream of an OLE package."""
    raw = name.encode("cp1252") + b"\0"
    body = b"\x02\x00" + raw + b"C:\\" + raw + b"\0\0\x03\0" + struct.pack("<I", len(raw)) + raw
    body += struct.pack("<I", len(content)) + content
    return struct.pack("<I", len(body)) + body


def old_word(
    *, macro: bool = False, link: str = "", packed: tuple[str, bytes] | None = None, encrypted: bool = False
) -> bytes:
    """A .doc."""
    main = bytearray(b"\xec\xa5".ljust(512, b"\0") + f"Bonjour, voici le document. {link} ".encode("cp1252") * 3)
    if encrypted:
        main[11] |= 1
    streams: dict[tuple[str, ...], bytes] = {("WordDocument",): bytes(main), ("1Table",): b"x"}
    if macro:
        streams["Macros", "VBA", "ThisDocument"] = b"x"
    if packed is not None:
        streams["ObjectPool", "_1", "\x01Ole10Native"] = package(*packed)
    return compound(streams)


def outlook_message(subject: str, body: str, files: Mapping[str, bytes] | None = None) -> bytes:
    """A .msg."""
    streams: dict[tuple[str, ...], bytes] = {
        ("__properties_version1.0",): b"\0" * 32,
        ("__substg1.0_0037001F",): subject.encode("utf-16-le"),
        ("__substg1.0_1000001F",): body.encode("utf-16-le"),
    }
    for number, (name, content) in enumerate((files or {}).items()):
        folder = f"__attach_version1.0_#{number:08X}"
        streams[folder, "__substg1.0_3707001F"] = name.encode("utf-16-le")
        streams[folder, "__substg1.0_37010102"] = content
    return compound(streams)


def rtf(*, template: str = "", link: str = "", packed: tuple[str, bytes] | None = None, text: str = "Bonjour") -> bytes:
    """A Rich Text file."""
    out = "{\\rtf1\\ansi "
    if template:
        out += "{\\*\\template " + template + "}"
    if link:
        out += '{\\field{\\*\\fldinst{HYPERLINK "' + link + '"}}{\\fldrslt{ici}}}'
    if packed is not None:
        raw = compound({("\x01Ole10Native",): package(*packed)})
        out += "{\\object\\objemb{\\*\\objclass Package}{\\*\\objdata " + raw.hex() + "}}"
    return (out + "\\pard " + text + "\\par}").encode("cp1252")


def onenote(content: bytes) -> bytes:
    """A OneNote section that embeds a file."""
    mark = bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")
    head = bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3") + b"\0" * 1024
    return head + mark + struct.pack("<Q", len(content)) + b"\0" * 12 + content + b"\0" * 64


def shell_link(arguments: str) -> bytes:
    """A Windows shortcut that runs something."""
    head = b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46" + struct.pack("<I", 0x20 | 0x80) + b"\0" * 52
    return head + struct.pack("<H", len(arguments)) + arguments.encode("utf-16-le")


def internet_shortcut(url: str) -> bytes:
    """A .url."""
    return f"[InternetShortcut]\r\nURL={url}\r\nIconIndex=0\r\n".encode()


def winmail(files: Mapping[str, bytes], body: str = "") -> bytes:
    """A winmail.dat."""
    out = b"\x78\x9f\x3e\x22\x01\x00"
    if body:
        out += _tnef(1, 0x800C, 2, body.encode("cp1252") + b"\0")
    for name, content in files.items():
        out += (
            _tnef(2, 0x9002, 6, b"\0" * 14)
            + _tnef(2, 0x8010, 1, name.encode("cp1252") + b"\0")
            + _tnef(2, 0x800F, 6, content)
        )
    return out


def _tnef(level: int, attribute: int, kind: int, value: bytes) -> bytes:
    return struct.pack("<BHHI", level, attribute, kind, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)
