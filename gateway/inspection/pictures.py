"""Pictures: their codes. The size is known before a pixel is decoded; what is decoded is grey and of bounded size."""

import io
import re
import struct
import warnings

import zxingcpp
from PIL import AvifImagePlugin, Image, ImageStat, UnidentifiedImageError

from gateway.inspection.reading import MAX_PICTURES, FileAtHand, Reading, UnreadableFileError
from gateway.model.content_facts import AttachmentFlag, LinkSource

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "ICO", "AVIF")
_LONG_SIDE = 1800  # pixels: a code that a camera reads from a screen is still there at this size
_SMALL_SIDE = 300  # smaller pictures are enlarged when nothing was found: thin modules
_PIXELS_A_BYTE = 4000  # no scanner's white page comes near
_FRAMES = 3
_MAX_CODES = 20
_CODES = zxingcpp.barcode_formats_from_str("QRCode,MicroQRCode,RMQRCode")
# Rarer, and eight times as dear to look for: found in a smaller picture, or not.
_OTHER_CODES = zxingcpp.barcode_formats_from_str("Aztec,DataMatrix,PDF417")
_OTHER_SIDE = 800
_QR = frozenset(("QR Code", "Micro QR Code", "rMQR Code"))  # tickets bear Aztec, letters Data Matrix: no sign
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{1,20}:\S")
_BARE = re.compile(r"[a-z0-9][a-z0-9.-]{0,200}\.[a-z]{2,24}(?:[:/?#]\S*)?", re.I)

AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # an inspector may start none
Image.MAX_IMAGE_PIXELS = None  # the settings' limit is asked instead


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note the codes of a picture. Raises UnreadableFileError."""
    if file.inside == 0:
        reading.flag(AttachmentFlag.PICTURE)
    if reading.pictures >= MAX_PICTURES:
        reading.doubt("too_many")
        return
    reading.pictures += 1
    try:
        with warnings.catch_warnings(), _opened(file.data) as image:
            width, height = image.size
            if not _fits(image.format, width * height, len(file.data), reading):
                return
            if min(width, height) < 21:
                return
            for frame in range(min(_FRAMES, getattr(image, "n_frames", 1))):
                if frame:
                    image.seek(frame)
                if find_codes(_grey(image), reading):
                    break
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        struct.error,
        IndexError,
        TypeError,
        KeyError,
    ) as error:
        raise UnreadableFileError from error


def _opened(data: bytes) -> Image.Image:
    """The picture; what Pillow finds odd about a stranger's is nobody's news."""
    warnings.simplefilter("ignore")
    return Image.open(io.BytesIO(data), formats=_FORMATS)


def _fits(form: str | None, pixels: int, size: int, reading: Reading) -> bool:
    """Whether a picture may be decoded; JPEG is decoded at an eighth, so that no telephone's is too large."""
    limit = reading.limits.pixels
    if pixels <= limit or (form == "JPEG" and pixels <= 16 * limit):
        return True
    if pixels // max(1, size) > _PIXELS_A_BYTE:
        reading.bomb()
    reading.too_large()
    return False


def _grey(image: Image.Image) -> Image.Image:
    """A grey picture of bounded size; what is transparent is white, as on a page."""
    longest = max(image.size)
    if image.format == "JPEG" and longest > _LONG_SIDE:
        image.draft("L", (image.size[0] * _LONG_SIDE // longest, image.size[1] * _LONG_SIDE // longest))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        drawn, mask = rgba.convert("L"), rgba.getchannel("A")
        # white on nothing shows on dark pages only
        paper = 0 if (drawn.getextrema()[0] == 255 or ImageStat.Stat(drawn, mask).mean[0] > 245) else 255
        grey = Image.new("L", rgba.size, paper)
        grey.paste(drawn, mask=mask)
    else:
        grey = image.convert("L")
    factor = max(grey.size) // _LONG_SIDE
    return grey.reduce(factor) if factor > 1 else grey


def find_codes(grey: Image.Image, reading: Reading) -> int:
    """Note every code of a grey picture; how many there were."""
    found = zxingcpp.read_barcodes(grey, formats=_CODES)
    if not found and max(grey.size) <= _SMALL_SIDE:
        framed = Image.new("L", (grey.size[0] + 24, grey.size[1] + 24), 255)  # a quiet zone that was cut away
        framed.paste(grey, (12, 12))
        found = zxingcpp.read_barcodes(framed.resize((framed.size[0] * 3, framed.size[1] * 3)), formats=_CODES)
    if not found:
        factor = -(-max(grey.size) // _OTHER_SIDE)
        found = zxingcpp.read_barcodes(grey.reduce(factor) if factor > 1 else grey, formats=_OTHER_CODES)
    for code in found[:_MAX_CODES]:
        _note(code.text, str(code.format), reading)
    return len(found)


def _note(text: str, form: str, reading: Reading) -> None:
    text = text.strip()
    is_qr = form in _QR
    target = target_of_code(text)
    if is_qr:
        reading.flag(AttachmentFlag.QR_CODE)
    if target:
        reading.flag(AttachmentFlag.QR_CODE)
        reading.link(LinkSource.QR, target)
    elif is_qr:
        reading.say(text[:1000])


def target_of_code(text: str) -> str:
    """The address that a camera would open for a code's text, "" for none."""
    if text[:7].upper() == "URLTO:H":
        text = text[6:]
    if text[:4].upper() == "URL:":
        text = text[4:].strip()
    lower = text.lower()
    if lower.startswith(("wifi:", "begin:", "mecard:", "bcd\n", "smsto:", "tel:", "geo:", "matmsg:")):
        return ""
    if _SCHEME.match(text):
        return text
    return f"http://{text}" if _BARE.fullmatch(text) else ""
