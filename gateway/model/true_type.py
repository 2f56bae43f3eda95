"""What a file truly is, by its first bytes, and what its name says. Nothing is unpacked here.

The names are the closed table that rules speak of: "pdf", "zip", "exe", "html", ... and "unknown".
"""

import re

UNKNOWN = "unknown"

# (offset, bytes, type): the first that fits. Longer and rarer ones stand first.
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "pdf"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (0, b"PK\x07\x08", "zip"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"BZh", "bzip2"),
    (0, b"\xfd7zXZ\x00", "xz"),
    (0, b"\x28\xb5\x2f\xfd", "zstd"),
    (0, b"\x1f\x9d", "compress"),
    (0, b"MSCF", "cab"),
    (0, b"**ACE**", "ace"),
    (7, b"**ACE**", "ace"),
    (0, b"\x60\xea", "arj"),
    (2, b"-lh", "lzh"),
    (257, b"ustar", "tar"),
    (0, b"MZ", "exe"),
    (0, b"\x7fELF", "elf"),
    (0, b"\xfe\xed\xfa\xce", "macho"),
    (0, b"\xfe\xed\xfa\xcf", "macho"),
    (0, b"\xce\xfa\xed\xfe", "macho"),
    (0, b"\xcf\xfa\xed\xfe", "macho"),
    (0, b"\xca\xfe\xba\xbe", "java"),
    (0, b"dex\n", "dex"),
    (0, b"#!", "script"),
    (0, b"L\x00\x00\x00\x01\x14\x02\x00", "lnk"),
    (0, b"[InternetShortcut]", "url"),
    (0, b"ITSF", "chm"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (0, b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "onenote"),
    (0, b"{\\rtf", "rtf"),
    (0, b"{\\rt", "rtf"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"II*\x00", "tiff"),
    (0, b"MM\x00*", "tiff"),
    (8, b"WEBP", "webp"),
    (4, b"ftypheic", "heic"),
    (4, b"ftypmif1", "heic"),
    (4, b"ftypavif", "avif"),
    (4, b"ftypavis", "avif"),
    (4, b"ftyp", "mp4"),
    (0, b"BM", "bmp"),
    (0, b"\x00\x00\x01\x00", "ico"),
    (0, b"conectix", "vhd"),
    (0, b"vhdxfile", "vhdx"),
    (0, b"KDMV", "vmdk"),
    (0x8001, b"CD001", "iso"),
    (0, b"ID3", "mp3"),
    (0, b"OggS", "ogg"),
    (0, b"wOFF", "font"),
    (0, b"wOF2", "font"),
    (0, b"%!PS", "postscript"),
    (0, b"\x78\x9f\x3e\x22", "tnef"),
    (0, b"BEGIN:VCALENDAR", "calendar"),
    (0, b"BEGIN:VCARD", "vcard"),
    (0, b"-----BEGIN PGP", "pgp"),
    (0, b"SQLite format 3\x00", "sqlite"),
)
_BY_FIRST: dict[int, list[tuple[int, bytes, str]]] = {}
for _entry in _SIGNATURES:
    _BY_FIRST.setdefault(_entry[1][0] if _entry[0] == 0 else -1, []).append(_entry)

_MARKUP = re.compile(
    rb"(?:<\?xml[^>]{0,200}>\s{0,64})?(?:<!--.{0,512}?-->\s{0,64})?(?:<!doctype\s+([a-z]+)[^>]{0,300}>\s{0,64})?"
    rb"(?:<!--.{0,512}?-->\s{0,64})?<([a-z][a-z0-9:]{0,20})",
    re.IGNORECASE | re.DOTALL,
)
_HTML_TAGS = frozenset(
    b"html head body script meta title style div table p a img form iframe center span br h1 h2 base link b".split()
)

_EXTENSIONS = {
    "exe": "exe com scr pif cpl dll sys ocx msi msp mst msix msixbundle appx appxbundle appinstaller xll drv efi "
    "msc application diagcab diagpkg xbap msu ppkg air ade adp mde accde accdr vsto ops osd wsb",
    "elf": "elf so appimage deb rpm",
    "macho": "app dmg pkg command",
    "java": "jar class jnlp",
    "apk": "apk xapk ipa",
    "script": "js jse vbs vbe wsf wsh wsc ws hta bat cmd ps1 ps1xml psm1 psc1 sct sh bash py pyw pl rb php scpt reg "
    "inf au3 ahk scf vb jsx kix mht mhtml slk iqy wll xsl shb shs gadget "
    "csh ksh msh msh1 msh2 mshxml psd1 psdm1 cdxml pssc pyz pyzw pyc pyo vbscript vsmacros xnk bgi terminal "
    "printerexport mobileconfig oqy rqy dqy",
    "shortcut": "lnk url website webloc desktop search-ms searchconnector-ms library-ms settingcontent-ms appref-ms "
    "rdp theme themepack contact "
    "inetloc fileloc udl",
    "disk_image": "iso img vhd vhdx vmdk udf daa toast nrg bin mdf",
    "archive": "zip rar 7z gz tgz tar bz2 tbz xz txz zst cab ace arj lzh lha z uue zipx r00 001 wim zpaq lzma lz "
    "alz egg cpio",
    "office": "doc docx docm dot dotx dotm xls xlsx xlsm xlsb xlt xltx xltm xlam ppt pptx pptm pps ppsx ppsm pot potx "
    "potm xla ppa wbk odt ods odp ott ots odg rtf pub vsd vsdx accdb mdb wps xps",
    "onenote": "one onepkg onetoc2",
    "pdf": "pdf",
    "html": "html htm xhtml shtml xht",
    "svg": "svg svgz",
    "picture": "png jpg jpeg jpe jfif gif bmp tif tiff webp heic heif ico avif",
    "calendar": "ics vcs ical ifb",
    "message": "eml msg tnef emlx mbox",
    "text": "txt csv log md vcf xml json yml yaml ini conf tsv",
    "media": "mp3 mp4 wav ogg avi mov mkv m4a wmv webm flac aac 3gp",
    "signature": "p7s p7m asc sig pgp gpg p7c",
    "chm": "chm hlp",
}
CLASS_OF_EXTENSION: dict[str, str] = {ext: kind for kind, all_ in _EXTENSIONS.items() for ext in all_.split()}

# What the true type says about the class of the file.
CLASS_OF_TYPE = {
    "exe": "exe", "elf": "elf", "macho": "macho", "java": "java", "dex": "apk", "script": "script", "lnk": "shortcut",
    "url": "shortcut", "chm": "chm", "zip": "archive", "rar": "archive", "7z": "archive", "gzip": "archive",
    "bzip2": "archive", "xz": "archive", "zstd": "archive", "compress": "archive", "cab": "archive", "ace": "archive",
    "arj": "archive", "lzh": "archive", "tar": "archive", "ole": "office", "rtf": "office", "onenote": "onenote",
    "pdf": "pdf", "html": "html", "svg": "svg", "png": "picture", "jpeg": "picture", "gif": "picture",
    "tiff": "picture", "webp": "picture", "heic": "picture", "avif": "picture", "bmp": "picture", "ico": "picture",
    "vhd": "disk_image",
    "vhdx": "disk_image", "vmdk": "disk_image", "iso": "disk_image", "calendar": "calendar", "vcard": "text",
    "mp3": "media", "mp4": "media", "ogg": "media", "ooxml": "office", "odf": "office", "xml": "text",
}  # fmt: skip


def true_type(head: bytes) -> str:
    """The type of a file by its first bytes (a few KB are enough; 32 KB + for ISO images)."""
    if not head:
        return UNKNOWN
    for table in (_BY_FIRST.get(head[0], ()), _BY_FIRST.get(-1, ())):
        for offset, magic, name in table:
            if head.startswith(magic, offset):
                return _refine(name, head)
    start = head.removeprefix(b"\xef\xbb\xbf")
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = start.replace(b"\x00", b"")[2:]
    pdf = head.find(b"%PDF-", 0, 1024)  # readers accept it after up to 1024 bytes
    if pdf >= 0:
        return "pdf"
    markup = _MARKUP.match(start[:4096].lstrip())
    if markup is not None:
        doctype, tag = (markup.group(1) or b"").lower(), markup.group(2).lower()
        if doctype == b"html" or tag in _HTML_TAGS:
            return "html"
        return "svg" if tag in (b"svg", b"svg:svg") or doctype == b"svg" else "xml"
    return UNKNOWN


def _refine(name: str, head: bytes) -> str:
    """Zip holds half the world: Office, OpenDocument, Java and Android archives."""
    if name == "bmp" and (len(head) < 14 or head[6:10] != b"\x00\x00\x00\x00"):
        return UNKNOWN
    if name == "exe" and len(head) > 64 and head[2:60].isascii() and head[2:60].isalnum():
        return UNKNOWN  # text that happens to begin with MZ
    if name != "zip":
        return name
    if b"mimetypeapplication/vnd.oasis.opendocument" in head[:200]:
        return "odf"
    if b"[Content_Types].xml" in head[:4096] or b"_rels/.rels" in head[:4096] or b"word/" in head[:4096]:
        return "ooxml"
    if b"AndroidManifest.xml" in head[:4096]:
        return "dex"
    return "java" if b"META-INF/MANIFEST.MF" in head[:512] else "zip"


_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_MAX_EXTENSION = 20


def opened_name(name: str) -> str:
    """A file's name as it is opened: no invisible characters, and at its end none that Windows drops."""
    name = name if name.isascii() else _INVISIBLE.sub("", name)
    return name.strip(" \t\"'").rstrip(" .\t\"'\x00")


def extension_of(name: str) -> str:
    """The extension by which a file is opened, lower case; "" where there is none, or nothing that is one."""
    _, dot, extension = opened_name(name).rpartition(".")
    extension = extension.strip().lower()
    return extension if dot and len(extension) <= _MAX_EXTENSION and extension.replace("-", "").isalnum() else ""


def class_of_name(name: str) -> str:
    """The class of `CLASS_OF_EXTENSION` that a name promises, "" for none."""
    return CLASS_OF_EXTENSION.get(extension_of(name), "")


def inner_class(name: str) -> str:
    """The class that a name promises before its extension: "pdf" for `facture.pdf.exe` and `facture.pdf      .exe`."""
    return class_of_name(opened_name(name).rpartition(".")[0].rstrip(" ._\u00a0"))
