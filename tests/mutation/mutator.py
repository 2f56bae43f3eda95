"""Rewrites messages as deceivers do, and honest ones as mail programs do. Shares nothing with the folding.

Every rewriting is a function from a message's text to another text, or from a whole message to another. What is random
is drawn from a generator seeded by the message's id: a failure can be repeated.
"""

import base64
import html
import html.entities
import random
import re
import unicodedata
from collections.abc import Callable
from email import message_from_bytes, policy
from email.header import Header, decode_header, make_header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formataddr, parseaddr

TextChange = Callable[[str, random.Random], str]

_WORD = re.compile(r"[^\W\d_]{4,}")
_URL = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|\S+\.(?:fr|com|net|org|info|top|eu|example)\b\S*")
_TAG = re.compile(r"(<!--.*?-->|<(style|script|title)\b.*?</\2\s*>|<[^>]*>)", re.DOTALL | re.IGNORECASE)

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u200e"
# Letters that look alike, by Unicode name: Cyrillic, Greek, full width.
LOOKS = {
    "a": "\N{CYRILLIC SMALL LETTER A}",
    "e": "\N{CYRILLIC SMALL LETTER IE}",
    "o": "\N{GREEK SMALL LETTER OMICRON}",
    "c": "\N{CYRILLIC SMALL LETTER ES}",
    "p": "\N{CYRILLIC SMALL LETTER ER}",
    "x": "\N{CYRILLIC SMALL LETTER HA}",
    "i": "\N{CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I}",
    "s": "\N{CYRILLIC SMALL LETTER DZE}",
    "y": "\N{CYRILLIC SMALL LETTER U}",
    "A": "\N{GREEK CAPITAL LETTER ALPHA}",
    "E": "\N{CYRILLIC CAPITAL LETTER IE}",
    "C": "\N{CYRILLIC CAPITAL LETTER ES}",
    "V": "\N{FULLWIDTH LATIN CAPITAL LETTER V}",
    "d": "\N{FULLWIDTH LATIN SMALL LETTER D}",
    "m": "\N{FULLWIDTH LATIN SMALL LETTER M}",
}
# Other words for the same thing, as a second author would choose them.
SYNONYMS = {
    "confirmez": "validez", "confirmer": "valider", "confirmation": "validation", "vérifiez": "contrôlez",
    "vérifier": "contrôler", "validez": "confirmez", "valider": "confirmer", "activez": "réactivez",
    "activer": "réactiver", "cliquez": "appuyez", "cliquer": "appuyer", "renseignez": "indiquez",
    "indiquez": "renseignez", "indiquer": "renseigner", "saisissez": "entrez", "saisir": "entrer",
    "connectez-vous": "identifiez-vous", "reconnectez-vous": "identifiez-vous", "virement": "transfert",
    "réglez": "payez", "régler": "payer", "payez": "réglez", "payer": "régler", "immédiatement": "sans attendre",
    "urgent": "pressé", "suspendu": "bloqué", "suspendus": "bloqués", "suspendue": "bloquée", "bloqué": "suspendu",
    "merci": "prière", "veuillez": "merci de bien vouloir", "bonjour": "madame, monsieur", "mettez": "mettez vite",
    "ouvrir": "consulter", "consulter": "ouvrir", "renouvelez": "commandez", "renouveler": "commander",
    "coordonnées": "références", "formulaire": "questionnaire", "envoyez": "transmettez", "envoyer": "transmettre",
    "fournir": "communiquer", "communiquer": "transmettre", "répondez": "répondez vite", "lien": "bouton",
}  # fmt: skip


def _words(text: str, change: Callable[[str], str]) -> str:
    """Change words of four letters or more, addresses and host names left alone."""
    parts: list[str] = []
    at = 0
    for match in _URL.finditer(text):
        parts += [_WORD.sub(lambda m: change(m[0]), text[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*parts, _WORD.sub(lambda m: change(m[0]), text[at:])])


def drop_accents(text: str, draw: random.Random) -> str:
    """« déjà » -> « deja »."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def zero_width(text: str, draw: random.Random) -> str:
    """One or two invisible characters inside each word."""

    def change(word: str) -> str:
        for _ in range(draw.randint(1, 2)):
            at = draw.randint(1, len(word) - 1)
            word = word[:at] + draw.choice(ZERO_WIDTH) + word[at:]
        return word

    return _words(text, change)


def soft_hyphens(text: str, draw: random.Random) -> str:
    """A soft hyphen inside each word."""

    def change(word: str) -> str:
        at = draw.randint(1, len(word) - 1)
        return word[:at] + "\N{SOFT HYPHEN}" + word[at:]

    return _words(text, change)


def homoglyphs(text: str, draw: random.Random) -> str:
    """Two look-alike letters in each word, where it has any."""

    def change(word: str) -> str:
        places = [at for at, letter in enumerate(word) if letter in LOOKS]
        for at in draw.sample(places, min(2, len(places))):
            word = word[:at] + LOOKS[word[at]] + word[at + 1 :]
        return word

    return _words(text, change)


def spaced_letters(text: str, draw: random.Random) -> str:
    """Every third word of six letters or more written « c o n f i r m e z »."""
    joint = draw.choice(" .-_")

    def change(word: str) -> str:
        return joint.join(word) if len(word) >= 6 and draw.random() < 0.34 else word

    return _words(text, change)


def synonyms(text: str, draw: random.Random) -> str:
    """Other words for the same thing."""

    def change(match: re.Match[str]) -> str:
        word = match[0]
        other = SYNONYMS.get(word.lower())
        if other is None:
            return word
        return other.capitalize() if word[0].isupper() else other

    return re.sub(r"[^\W\d_]+(?:-vous)?", change, text)


def misspelt(text: str, draw: random.Random) -> str:
    """One letter missing in every other word of nine letters or more."""

    def change(word: str) -> str:
        if len(word) < 9 or draw.random() < 0.5:
            return word
        at = draw.randint(3, len(word) - 3)
        return word[:at] + word[at + 1 :]

    return _words(text, change)


def capitals(text: str, draw: random.Random) -> str:
    """All in capitals, but addresses."""
    return _words(text, str.upper)


def in_texts(change: TextChange) -> Callable[[bytes, random.Random], bytes]:
    """A change of all texts: author's name, subject, plain parts, and what stands between the tags of HTML parts."""

    def rewrite(raw: bytes, draw: random.Random) -> bytes:
        message = read(raw)
        subject = subject_of(message)
        del message["Subject"]
        message["Subject"] = Header(change(subject, draw), "utf-8").encode()
        name, address = parseaddr(str(make_header(decode_header(message.get("From", "")))))
        if name and address:
            del message["From"]
            message["From"] = formataddr((change(name, draw), address))
        for part in text_parts(message):
            text = text_of(part)
            if part.get_content_subtype() == "html":
                text = between_tags(text, lambda piece: html.escape(change(html.unescape(piece), draw), quote=False))
            else:
                text = change(text, draw)
            set_text(part, text)
        return write(message)

    return rewrite


def read(raw: bytes) -> Message:
    """A message to be rewritten."""
    return message_from_bytes(raw, policy=policy.compat32)


def write(message: Message) -> bytes:
    """Its bytes, headers unfolded as they are."""
    flat = message.as_bytes(policy=policy.compat32.clone(max_line_length=None))
    return flat.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def subject_of(message: Message) -> str:
    """The decoded subject."""
    return " ".join(str(make_header(decode_header(message.get("Subject", "")))).split())


def text_parts(message: Message) -> list[Message]:
    """The text parts that are shown when the message is opened."""
    return [
        part
        for part in message.walk()
        if part.get_content_type() in ("text/plain", "text/html")
        and not part.get_filename()
        and part.get_content_disposition() != "attachment"
    ]


def text_of(part: Message) -> str:
    """A part's text."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    return data.decode(part.get_content_charset() or "utf-8", "replace")


def set_text(part: Message, text: str, charset: str = "utf-8") -> None:
    """Give a part another text, base64."""
    for name in ("Content-Transfer-Encoding", "MIME-Version"):
        del part[name]
    part.set_param("charset", charset)
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(text.encode(charset, "xmlcharrefreplace")).decode("ascii"))


def between_tags(text: str, change: Callable[[str], str]) -> str:
    """Change what stands between tags; style, script, title and comments stay."""
    parts: list[str] = []
    at = 0
    for match in _TAG.finditer(text):
        parts += [change(text[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*parts, change(text[at:])])


def to_html(message: Message) -> str:
    """The body as HTML: the HTML part's, or made from the plain one with its addresses as links."""
    parts = text_parts(message)
    found = [part for part in parts if part.get_content_subtype() == "html"]
    if found:
        return text_of(found[0])
    plain = html.escape(text_of(parts[0])) if parts else ""
    linked = re.sub(r"https?://[^\s<]+", lambda m: f'<a href="{m[0]}">{m[0]}</a>', plain)
    return "<html><body><p>" + re.sub(r"\r?\n\r?\n", "</p><p>", linked) + "</p></body></html>"


def with_body(message: Message, body: Message) -> bytes:
    """The message with its shown texts replaced by `body`; attachments stay."""
    attachments = [part for part in message.walk() if not part.is_multipart() and part not in text_parts(message)]
    kept = [(name, value) for name, value in message.items() if not name.lower().startswith(("content-", "mime-"))]
    outer = MIMEMultipart("mixed") if attachments else body
    if attachments:
        outer.attach(body)
        for part in attachments:
            outer.attach(part)
    for name, value in kept:
        outer[name] = value
    return write(outer)


def html_split(raw: bytes, draw: random.Random) -> bytes:
    """HTML in which every word is torn by tags or comments."""

    def change(word: str) -> str:
        at = draw.randint(1, len(word) - 1)
        tear = draw.choice(("<span></span>", "<!-- x -->", "<b></b>", "</span><span>", "<wbr>"))
        torn = word[:at] + tear + word[at:]
        return f"<span>{torn}</span>" if tear == "</span><span>" else torn

    message = read(raw)
    body = between_tags(to_html(message), lambda piece: _words(html.unescape(piece), change))
    return with_body(message, MIMEText(body, "html", "utf-8"))


def broken_lines(raw: bytes, draw: random.Random) -> bytes:
    """HTML with a line end after every few words."""

    def change(piece: str) -> str:
        words = html.unescape(piece).split()
        rows: list[list[str]] = [[]]
        for word in words:
            rows[-1].append(html.escape(word))
            if len(rows[-1]) >= draw.randint(3, 6):
                rows.append([])
        return " ".join(("<br>".join(" ".join(row) for row in rows if row), ""))

    message = read(raw)
    return with_body(message, MIMEText(between_tags(to_html(message), change), "html", "utf-8"))


def html_entities(raw: bytes, draw: random.Random) -> bytes:
    """HTML in which every letter is a numeric reference, decimal or hexadecimal."""

    def change(piece: str) -> str:
        shape = draw.choice(("&#{0};", "&#x{0:x};"))
        return "".join(shape.format(ord(c)) if c.isalpha() else html.escape(c) for c in html.unescape(piece))

    message = read(raw)
    return with_body(message, MIMEText(between_tags(to_html(message), change), "html", "utf-8"))


def html_attachment(raw: bytes, draw: random.Random) -> bytes:
    """The text moved to an HTML attachment."""
    message = read(raw)
    outer = MIMEMultipart("mixed")
    outer.attach(MIMEText("Bonjour,\n\nVeuillez ouvrir le document joint.\n", "plain", "utf-8"))
    page = MIMEText(to_html(message), "html", "utf-8")
    page.add_header("Content-Disposition", "attachment", filename="document.html")
    outer.attach(page)
    return with_body(message, outer)


FOOTER = (
    "Attention aux fraudes : nous ne vous demanderons jamais votre mot de passe par courriel. En cas de doute, "
    "appelez votre interlocuteur habituel. Restez vigilants face aux tentatives d'hameçonnage."
)
REPORT = (
    "Bonjour, je vous signale ce message suspect que j'ai reçu ce matin. Est-ce une arnaque ? Je n'ai pas cliqué. "
    "Bonnes pratiques : méfiez-vous des faux mails, ne communiquez jamais vos identifiants. "
)
PADDING = (
    "Notre lettre du mois revient sur la rencontre des délégués de section. Les ateliers ont réuni une centaine de "
    "participants autour de la prévention, du sommeil et de l'activité physique. Un compte rendu sera publié dans le "
    "prochain numéro, avec les recettes de saison et le programme des conférences de nos centres. "
)


def with_text(added: str) -> Callable[[bytes, random.Random], bytes]:
    """Honest words below the text."""

    def rewrite(raw: bytes, draw: random.Random) -> bytes:
        message = read(raw)
        for part in text_parts(message):
            text = text_of(part)
            if part.get_content_subtype() == "html":
                at = text.lower().rfind("</body>")
                at = at if at >= 0 else len(text)
                text = f"{text[:at]}<p>{html.escape(added)}</p>{text[at:]}"
            else:
                text += f"\n\n{added}\n"
            set_text(part, text)
        return write(message)

    return rewrite


def with_hidden_text(added: str, style: str) -> Callable[[bytes, random.Random], bytes]:
    """Honest words that the reader doesn't see, above and below the HTML text."""

    def rewrite(raw: bytes, draw: random.Random) -> bytes:
        message = read(raw)
        page = to_html(message)
        hidden = f'<div style="{style}">{html.escape(added)}</div>'
        match = re.search(r"<body[^>]*>", page, re.IGNORECASE)
        at = match.end() if match else 0
        return with_body(message, MIMEText(page[:at] + hidden + page[at:] + hidden, "html", "utf-8"))

    return rewrite


def other_charset(charset: str) -> Callable[[bytes, random.Random], bytes]:
    """All texts in another charset; what it lacks becomes a reference in HTML, « ? » elsewhere."""

    def rewrite(raw: bytes, draw: random.Random) -> bytes:
        message = read(raw)
        for part in text_parts(message):
            text = text_of(part)
            if part.get_content_subtype() == "plain":
                text = text.replace("€", "EUR").replace("’", "'").encode(charset, "replace").decode(charset)
            set_text(part, text, charset)
        return write(message)

    return rewrite


def named_entities(raw: bytes, draw: random.Random) -> bytes:
    """Accented letters of HTML parts as named references, as old editors write them."""
    message = read(raw)
    for part in text_parts(message):
        if part.get_content_subtype() == "html":
            named = "".join(
                f"&{html.entities.codepoint2name[ord(c)]};"
                if ord(c) > 127 and ord(c) in html.entities.codepoint2name
                else c
                for c in text_of(part)
            )
            set_text(part, named)
    return write(message)


def wrapped(raw: bytes, draw: random.Random) -> bytes:
    """Plain parts wrapped at 60 columns, as old programs do."""
    message = read(raw)
    for part in text_parts(message):
        if part.get_content_subtype() == "plain":
            set_text(part, "\n".join(_wrap(line) for line in text_of(part).splitlines()))
    return write(message)


def _wrap(line: str) -> str:
    rows = [""]
    for word in line.split(" "):
        if rows[-1] and len(rows[-1]) + len(word) > 60:
            rows.append(word)
        else:
            rows[-1] = f"{rows[-1]} {word}" if rows[-1] else word
    return "\n".join(rows)


def passed_on(raw: bytes, author: str, *, reply: bool) -> bytes:
    """A new message of `author` that forwards this one, or answers it, the old text quoted below a line or two."""
    old = read(raw)
    parts = text_parts(old)
    text = text_of(parts[0]) if parts else ""
    if parts and parts[0].get_content_subtype() == "html":
        text = re.sub(r"\n\s*\n+", "\n", html.unescape(_TAG.sub("\n", text)))
    sender = str(make_header(decode_header(old.get("From", ""))))
    if reply:
        quoted = "\n".join("> " + line for line in text.splitlines())
        body = (
            f"Bonjour,\n\nMerci, c'est noté.\n\nBonne journée\n\nLe 20/11/2026 à 10:12, {sender} a écrit :\n{quoted}\n"
        )
    else:
        body = "Bonjour,\n\nPour information.\n\nBonne journée\n\n---------- Forwarded message ---------\n"
        body += f"De : {sender}\nDate: ven. 20 nov. 2026 à 10:12\nSubject: {subject_of(old)}\nTo: <moi>\n\n{text}\n"
    new = MIMEText(body, "plain", "utf-8")
    new["From"] = author
    new["To"] = str(make_header(decode_header(old.get("To", ""))))
    new["Subject"] = Header(("Re: " if reply else "TR: ") + subject_of(old), "utf-8").encode()
    new["Date"] = "Fri, 20 Nov 2026 11:00:00 +0100"
    new["Message-ID"] = "<passed-on@boite.example>"
    if reply:
        new["In-Reply-To"] = new["References"] = old.get("Message-ID", "<old@boite.example>")
    return write(new)


DECEPTIONS: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "accents dropped": in_texts(drop_accents),
    "zero width": in_texts(zero_width),
    "soft hyphens": in_texts(soft_hyphens),
    "homoglyphs": in_texts(homoglyphs),
    "spaced letters": in_texts(spaced_letters),
    "synonyms": in_texts(synonyms),
    "misspelt": in_texts(misspelt),
    "capitals": in_texts(capitals),
    "windows-1252": other_charset("windows-1252"),
    "utf-16": other_charset("utf-16"),
    "split by tags": html_split,
    "entities": html_entities,
    "broken lines": broken_lines,
    "html attachment": html_attachment,
    "warning below": with_text(FOOTER),
    "newsletter below": with_text(PADDING * 8),
    "newsletter hidden": with_hidden_text(PADDING * 3, "display:none"),
    "report hidden": with_hidden_text(REPORT, "font-size:0;color:#ffffff"),
}
HARMLESS: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "iso-8859-15": other_charset("iso-8859-15"),
    "utf-8 base64": other_charset("utf-8"),
    "named entities": named_entities,
    "wrapped": wrapped,
    "warning below": with_text(FOOTER),
    "accents dropped": in_texts(drop_accents),
}
