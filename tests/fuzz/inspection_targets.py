"""What the fuzzer does to the attachment readers: any bytes under any name, within limits, and no fault swallowed."""

import time
from collections.abc import Callable, Mapping
from typing import Final

from gateway.inspection.limits import MAX_LINKS, TEXT_LETTERS, ReadLimits
from gateway.inspection.protocol import ProtocolError, decode_answer, encode_answer
from gateway.inspection.read_part import read_part
from tests import attachment_archives as archives
from tests import attachment_files as files
from tests import attachment_office as office

LIMITS: Final = ReadLimits(unpacked_bytes=2_000_000, pixels=4_000_000)
SLOWEST_S: Final = 4.0


def _reader(name: str) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        start = time.process_time()
        reading = read_part(data, LIMITS, name=name)
        if reading.unchecked == "crash":
            raise AssertionError("a fault that no reader expected")
        if time.process_time() - start > SLOWEST_S:
            raise AssertionError("too slow")
        if len(reading.links) > MAX_LINKS or sum(map(len, reading.text)) > TEXT_LETTERS:
            raise AssertionError("out of bounds")
        if reading.unpacked > LIMITS.unpacked_bytes:
            raise AssertionError("unpacked too much")
        part, _ = decode_answer(encode_answer(reading)[4:], 1)
        if part.flags != reading.flags:
            raise AssertionError("the answer says something else")

    return run


def answer(data: bytes) -> None:
    """What a broken inspector might send."""
    try:
        decode_answer(data, 1)
    except ProtocolError:
        return


_PROGRAM: Final = b"MZ\x90\x00" * 20
_PAGE: Final = files.form_page()
_SEEDS: Final[Mapping[str, tuple[bytes, ...]]] = {
    "a.pdf": (
        files.pdf("Bonjour", links=[files.LURE]),
        files.pdf("Bonjour", links=[files.LURE], packed=True),
        files.pdf_with_file("a.html", _PAGE),
        files.pdf("", picture=files.code_picture(files.LURE, scale=2)),
    ),
    "a.png": (files.qr(scale=2),),
    "a.gif": (files.qr(form="GIF", scale=2),),
    "a.webp": (files.qr(form="WEBP", scale=2),),
    "a.jpg": (files.qr(form="JPEG", scale=3),),
    "a.tiff": (files.qr(form="TIFF", scale=2),),
    "a.html": (
        _PAGE,
        files.written_page(_PAGE),
        files.written_page(_PAGE, "hex"),
        files.smuggling_page(archives.zipped({"a.js": b"x"})),
    ),
    "a.svg": (files.svg("location='https://a.example'", files.LURE), files.laughs()),
    "a.ics": (files.invitation(attach=("a.html", _PAGE)),),
    "a.zip": (
        archives.zipped({"a.html": _PAGE, "b.exe": _PROGRAM}),
        archives.nested_zip(2),
        archives.zipped({"a": b"x"}, encrypted=True),
    ),
    "a.tar": (archives.tarred({"a.html": _PAGE}),),
    "a.gz": (archives.tarred({"a.html": _PAGE}, "w:gz"),),
    "a.7z": (archives.seven_zip(["a.exe"]), archives.seven_zip(["a.exe"], packed_header=True)),
    "a.rar": (archives.rar4(["a.exe"]), archives.rar5(["a.exe"], encrypted=True)),
    "a.cab": (archives.cabinet(["a.exe"]),),
    "a.iso": (archives.iso_image({"A.EXE": _PROGRAM}),),
    "a.docx": (office.docx(macro=True, links=[files.LURE], template="https://a.example/t.dotm"),),
    "a.odt": (office.odt(macro=True, link=files.LURE),),
    "a.doc": (office.old_word(macro=True, packed=("a.exe", _PROGRAM)),),
    "a.msg": (office.outlook_message("a", "b", {"a.html": _PAGE}),),
    "a.rtf": (office.rtf(template="https://a.example/t", link=files.LURE, packed=("a.exe", _PROGRAM)),),
    "a.one": (office.onenote(_PROGRAM),),
    "a.lnk": (office.shell_link("cmd https://a.example/"),),
    "a.url": (office.internet_shortcut(files.LURE),),
    "a.eml": (files.letter(("a.html", "text/html", _PAGE)),),
    "a.js": (b"var a='https://a.example/';eval(atob('" + b"aHR0cHM6Ly9hLmV4YW1wbGUv" + b"'))",),
    "a.xml": (b"<?xml version='1.0'?><?mso-application progid='Word.Document'?><a>https://a.example/</a>",),
    "winmail.dat": (office.winmail({"a.html": _PAGE}, "Bonjour"),),
}
TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    **{f"inspection_{name.replace('.', '_')}": _reader(name) for name in _SEEDS},
    "inspection_answer": answer,
}
SEEDS: Final[Mapping[str, tuple[bytes, ...]]] = {
    **{f"inspection_{name.replace('.', '_')}": seeds for name, seeds in _SEEDS.items()},
    "inspection_answer": (
        b'{"type":"pdf","flags":["pdf"],"links":[["pdf","a","b"]],"text":"","quoted":"","unchecked":"","leaving":false}',
    ),
}
