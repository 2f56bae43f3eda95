"""Office Open XML: macros, templates and objects from elsewhere, packages, DDE, links, text, codes in its pictures."""

import html
import re
import zipfile

from gateway.inspection.reading import FileAtHand, Reading, UnreadableFileError
from gateway.inspection.zips import ENCRYPTED, open_zip, read_member
from gateway.model.content_facts import AttachmentFlag, LinkSource
from gateway.model.true_type import class_of_name

_MAX_XML = 4 * 1024 * 1024  # bytes of one part read
_MAX_PARTS = 60
_RELATION = re.compile(r"<(?:\w{1,20}:)?Relationship\b([^>]{1,4000})>", re.I)
_ATTRIBUTE = re.compile(r"\b(Type|Target|TargetMode)\s*=\s*(?:\"([^\"]{0,4000})\"|'([^']{0,4000})')", re.I)
_DDE = re.compile(r"\bDDE(?:AUTO)?\b|<(?:\w{1,10}:)?ddeLink\b", re.I)
_INSTRUCTION = re.compile(r"<\w{1,20}:instrText[^>]{0,200}>([^<]{0,4000})|\w:instr=\"([^\"]{0,4000})\"")
_HYPERLINK = re.compile(r"HYPERLINK\s{1,20}(?:&quot;|\")([^\"&]{1,2000})", re.I)
_FORMULA_LINK = re.compile(r"(?:HYPERLINK|WEBSERVICE)\((?:&quot;|\")([^\"&]{4,2000})", re.I)
_DANGEROUS_FORMULA = re.compile(r"<f[^>]{0,200}>[^<]{0,200}(?:\b(?:EXEC|CALL|REGISTER|FORMULA\.FILL)\(|cmd\|)", re.I)
_RUN = re.compile(
    # under any prefix: programs that are not Office write ns0:t
    r"<(?:\w{1,20}:)?t(?:\s[^>]{0,200})?>([^<]{0,100000}+)|(</(?:\w{1,20}:)?(?:p|si)>)"
)
_TEXT_PARTS = re.compile(
    # Word on the web writes document2.xml; boxes of text stand in drawings, SmartArt in diagrams
    r"(?:word/(?:document\d{0,3}|header\d{0,3}|footer\d{0,3}|comments|footnotes|endnotes)\.xml|xl/sharedStrings\.xml|"
    r"xl/worksheets/sheet\d{1,3}\.xml|ppt/(?:slides/slide\d{1,4}|notesSlides/notesSlide\d{1,4})\.xml|"
    r"xl/drawings/drawing\d{1,3}\.xml|(?:word|xl|ppt)/diagrams/data\d{1,3}\.xml|"
    r"xl/externalLinks/externalLink\d{1,3}\.xml|word/settings\.xml|xl/connections\.xml|docProps/app\.xml)$",
    re.I,
)
_PICTURE = re.compile(r"(?:word|xl|ppt)/media/[^/]{1,200}\.(?:png|jpe?g|gif|bmp|webp|tiff?|svg)$", re.I)
# Loaded when the document opens. (Links to other workbooks are not: accounts are full of them.)
_REMOTE_TYPES = frozenset(("attachedtemplate", "oleobject", "frame", "subdocument", "afchunk"))
_OBJECTS = ("embeddings/", "activex/", "activeX/")


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note what a document hides. Raises UnreadableFileError."""
    reading.flag(AttachmentFlag.OFFICE)
    if file.inside == 0:
        reading.true_type = "ooxml"
    with open_zip(file, reading) as archive:
        members = archive.infolist()
        names = {_name(member).lower() for member in members[: reading.limits.archive_members]}
        if len(members) > reading.limits.archive_members:
            reading.doubt("too_many")
        if not names:
            raise UnreadableFileError
        if any(
            name.endswith(("vbaproject.bin", "vbaprojectsignature.bin")) or "/macrosheets/" in name for name in names
        ):
            reading.flag(AttachmentFlag.MACRO)
        parts = 0
        for member in members[: reading.limits.archive_members]:
            name = _name(member)
            if member.flag_bits & ENCRYPTED:
                reading.flag(AttachmentFlag.ENCRYPTED)
                reading.doubt("encrypted")
                continue
            if name.lower().endswith(".rels") or _TEXT_PARTS.match(name):
                parts += 1
                if parts <= _MAX_PARTS:
                    _read_xml(archive, member, reading)
            elif any(folder in name for folder in _OBJECTS) or name.lower().endswith((".bin", ".htm", ".html", ".mht")):
                _open_object(archive, member, file, reading)
            elif _PICTURE.match(name):
                _open_picture(archive, member, file, reading)


def _name(member: zipfile.ZipInfo) -> str:
    """A part's name; Office also opens those of tools that write Windows' separator."""
    return member.filename.replace("\\", "/").lstrip("/")


def _read_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo, reading: Reading) -> None:
    if member.file_size > _MAX_XML:
        packed, limits = max(1, member.compress_size), reading.limits
        if member.file_size > limits.unpacked_bytes and member.file_size // packed > limits.archive_ratio:
            reading.bomb()
        reading.too_large()
        return
    data = read_member(archive, member, reading)
    if data is None:
        return
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    if member.filename.lower().endswith(".rels"):
        for match in _RELATION.finditer(text):
            _take_relation(match[1], reading)
        return
    pieces = [a or b for a, b in _INSTRUCTION.findall(text)]
    instructions = "".join(pieces)  # a field is often cut over several runs
    if (
        _DDE.search(" ".join(pieces))
        or _DDE.search(instructions)
        or "ddelink" in text[:20_000].lower()
        or _DANGEROUS_FORMULA.search(text)
    ):
        reading.flag(AttachmentFlag.DDE)
    for match in (*_HYPERLINK.finditer(instructions), *_FORMULA_LINK.finditer(text)):
        reading.link(LinkSource.ATTACHMENT, html.unescape(match[1]))
    if "/worksheets/" in member.filename and "<is>" not in text:
        return
    reading.say(html.unescape("".join("\n" if end else run for run, end in _RUN.findall(text[:1_000_000]))))


def _take_relation(attributes: str, reading: Reading) -> None:
    found = {name.lower(): html.unescape(a or b) for name, a, b in _ATTRIBUTE.findall(attributes)}
    kind, target = found.get("type", "").rpartition("/")[2].lower(), found.get("target", "")
    if "vbaproject" in kind:
        reading.flag(AttachmentFlag.MACRO)
    if found.get("targetmode", "").lower() != "external" or not target:
        return
    if kind in _REMOTE_TYPES:
        local = target.lower().startswith("file:///") or not ("://" in target[:12] or target.startswith("\\\\"))
        if not local:  # a template on the author's own disk is how Word writes it
            reading.flag(AttachmentFlag.EXTERNAL_TEMPLATE)
    if "://" in target[:16] or target.startswith("\\\\") or ":" in target[:12]:
        reading.link(LinkSource.ATTACHMENT, target.removeprefix("mhtml:").removeprefix("x-usc:"))


def _open_object(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: FileAtHand, reading: Reading) -> None:
    name = member.filename
    if name.lower().endswith(("vbaproject.bin", "printersettings.bin")) or "printerSettings" in name:
        return
    if "activex" in name.lower() and not name.lower().endswith(".bin"):
        return
    if class_of_name(name) != "office":  # a chart's own sheet is embedded too
        reading.flag(AttachmentFlag.EMBEDDED_OBJECT)
    data = read_member(archive, member, reading)
    if data is not None:
        reading.open(file, data, name.rpartition("/")[2])


def _open_picture(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: FileAtHand, reading: Reading) -> None:
    if reading.pictures < 6 and member.file_size < 3_000_000:
        data = read_member(archive, member, reading)
        if data is not None:
            reading.open(file, data, member.filename.rpartition("/")[2])
