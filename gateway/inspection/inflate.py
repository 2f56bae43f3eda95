"""Decompression within bounds: never more than asked for, whatever the stream promises."""

import zlib


class TooMuchError(Exception):
    """The stream holds more than the limit."""


def inflate(data: bytes, limit: int, *, wbits: int = zlib.MAX_WBITS) -> bytes:
    """What a zlib stream (or, by `wbits`, a raw or gzip one) holds; of a broken one, what can be had.

    Raises TooMuchError past `limit` bytes.
    """
    engine = zlib.decompressobj(wbits)
    try:
        out = engine.decompress(data, limit + 1)
    except zlib.error:
        return b""
    if len(out) > limit:
        raise TooMuchError
    return out
