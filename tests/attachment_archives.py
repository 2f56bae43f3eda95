"""Archives and disk images made from scratch, honest, hiding and hostile."""

import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Mapping, Sequence


def zipped(members: Mapping[str, bytes], *, encrypted: bool = False, stored: bool = False) -> bytes:
    """A zip; `encrypted` sets the mark as every program writes it (the contents are then noise)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 25, 8, 0, 0)), content, archive.compression)
    data = bytearray(out.getvalue())
    if encrypted:
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            position = data.find(mark)
            while position >= 0:
                data[position + place] |= 1
                position = data.find(mark, position + 4)
    return bytes(data)


def tarred(members: Mapping[str, bytes], mode: str = "w") -> bytes:
    """A tar, packed by `mode` ("w:gz")."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def zeros_gzip(megabytes: int = 200) -> bytes:
    """A gzip of zeros."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9) as packer:
        for _ in range(megabytes):
            packer.write(b"\0" * 1_048_576)
    return out.getvalue()


def nested_zip(depth: int, content: bytes = b"bonjour") -> bytes:
    """A zip in a zip in a zip."""
    data = zipped({"lettre.txt": content})
    for number in range(depth):
        data = zipped({f"archive-{number}.zip": data}, stored=True)
    return data


def overlapping_zip(members: int = 2000, megabytes: int = 10) -> bytes:
    """Many names for one body that unfolds to `megabytes` each."""
    body = zlib.compress(b"\0" * (megabytes * 1_048_576), 9)[2:-4]
    crc = zlib.crc32(b"\0" * (megabytes * 1_048_576))
    size = megabytes * 1_048_576
    local = b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, crc, len(body), size, 1, 0) + b"a" + body
    entry = b"PK\x01\x02" + struct.pack(
        "<HHHHHHIIIHHHHHII", 20, 20, 0, 8, 0, 0, crc, len(body), size, 1, 0, 0, 0, 0, 0, 0
    )
    directory = b"".join(entry + b"a" for _ in range(members))
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, members, members, len(directory), len(local), 0)
    return local + directory + end


def seven_zip(names: Sequence[str], *, packed_header: bool = False, encrypted: bool = False) -> bytes:
    """A 7z that lists names."""
    joined = b"\0" + "".join(name + "\0" for name in names).encode("utf-16-le")
    coder = b"\x24\x06\xf1\x07\x01" if encrypted else b"\x01\x00"
    header = b"\x01\x04\x06\x00\x01\x09\x04\x00\x07\x0b\x01\x00\x01" + coder + b"\x0c\x04\x00\x00"
    header += b"\x05" + _seven(len(names)) + b"\x11" + _seven(len(joined)) + joined + b"\x00\x00"
    body = b"corp"
    if packed_header:
        filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, "lc": 3, "lp": 0, "pb": 2}]
        packed = lzma.compress(header, format=lzma.FORMAT_RAW, filters=filters)
        properties = bytes((0x5D,)) + struct.pack("<I", 1 << 16)
        outer = b"\x17\x06" + _seven(len(body)) + b"\x01\x09" + _seven(len(packed)) + b"\x00"
        outer += b"\x07\x0b\x01\x00\x01\x23\x03\x01\x01\x05" + properties + b"\x0c" + _seven(len(header)) + b"\x00\x00"
        body, header = body + packed, outer
    start = struct.pack("<QQI", len(body), len(header), zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(start)) + start + body + header


def _seven(value: int) -> bytes:
    if value < 0x80:
        return bytes((value,))
    if value < 0x4000:
        return bytes((0x80 | value >> 8, value & 0xFF))
    return b"\xc0" + struct.pack("<H", value)


def rar4(names: Sequence[str], *, encrypted: bool = False) -> bytes:
    """A RAR 4 that lists names."""
    out = b"Rar!\x1a\x07\x00" + b"\x00\x00\x73\x00\x00\x0d\x00" + b"\0" * 6
    for name in names:
        raw = name.encode()
        flags = 0x8000 | (4 if encrypted else 0)
        fixed = struct.pack("<IIBIIBBHI", 4, 4, 2, 0, 0, 29, 0x30, len(raw), 0x20)
        out += struct.pack("<HBHH", 0, 0x74, flags, 7 + len(fixed) + len(raw)) + fixed + raw + b"corp"
    return out + b"\x00\x00\x7b\x00\x40\x07\x00"


def rar5(names: Sequence[str], *, encrypted: bool = False) -> bytes:
    """A RAR 5 that lists names."""
    out = b"Rar!\x1a\x07\x01\x00" + _rar_block(b"\x01\x00\x00")
    for name in names:
        raw = name.encode()
        extra = b"\x03\x01\x00\x00" if encrypted else b""
        head = b"\x02" + (b"\x03" + bytes((len(extra),)) if encrypted else b"\x02") + b"\x04"
        out += _rar_block(head + b"\x00\x04\x20\x00\x00" + bytes((len(raw),)) + raw + extra) + b"corp"
    return out + _rar_block(b"\x05\x00\x00")


def _rar_block(body: bytes) -> bytes:
    return struct.pack("<I", 0) + bytes((len(body),)) + body


def cabinet(names: Sequence[str]) -> bytes:
    """A cabinet that lists names."""
    files = b"".join(struct.pack("<IIHHHH", 1, 0, 0, 0, 0, 0x20) + name.encode() + b"\0" for name in names)
    return (
        b"MSCF"
        + struct.pack("<IIIIIBBHHHHH", 0, 44 + len(files), 0, 44, 0, 3, 1, 1, len(names), 0, 0, 0)
        + b"\0" * 8
        + files
    )


def iso_image(members: Mapping[str, bytes]) -> bytes:
    """An ISO 9660 image of one folder."""
    sector = 2048
    place, bodies, records = 19, b"", b""
    records += _iso_record(b"\0", 18, sector, folder=True) + _iso_record(b"\1", 18, sector, folder=True)
    for name, content in members.items():
        records += _iso_record(name.encode() + b";1", place + len(bodies) // sector, len(content))
        bodies += content.ljust(-(-len(content) // sector) * sector, b"\0")
    volume = bytearray(sector)
    volume[0:6] = b"\x01CD001"
    volume[156:190] = _iso_record(b"\0", 18, sector, folder=True)[:34]
    end = bytearray(sector)
    end[0:6] = b"\xffCD001"
    return b"\0" * 16 * sector + bytes(volume) + bytes(end) + records.ljust(sector, b"\0") + bodies


def _iso_record(name: bytes, place: int, size: int, *, folder: bool = False) -> bytes:
    length = 33 + len(name) + (1 - len(name) % 2)
    head = struct.pack("<BBIIII", length, 0, place, 0, size, 0)[:18]
    return (head + b"\0" * 7 + bytes((2 if folder else 0,)) + b"\0" * 6 + bytes((len(name),)) + name).ljust(
        length, b"\0"
    )
