"""A message's texts put into regions and folded: what its author says now, what is quoted, hidden, attached."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.content.folding import fold, fold_regions
from gateway.content.quotes import split_banner, split_quotes
from gateway.model.content_facts import FormFlag
from gateway.model.folded import Folded, Region
from gateway.model.html_reading import HtmlImage, HtmlLink, HtmlReading
from gateway.model.message import Finding, Message
from gateway.model.texts import TextKind, TextPart, TextPlace, TextReading, Texts

FIRST_LINES = 3
MAX_HEADINGS = 12
MANY_SPLITS = 6  # words torn by tags; word processors tear a few
MANY_ENTITIES = 20
MUCH_HIDDEN = 400  # characters; preheaders of newsletters stay below
FEW_LETTERS = 40  # of text beside pictures: less, and the pictures are the message
MAX_PICTURED = 4000  # characters of their own texts
FEW_WORDS = 4  # less than this is no message of one's own around a quote
SAME_SHARE = 0.5  # of the shorter text's words that must stand in the other, or the alternatives disagree
MIN_COMPARED = 8  # distinct words below which alternatives are not compared
_START = 1600  # characters of the longer text that mostly tell
WRAPPED = 48  # a line this long that ends in mid-sentence was wrapped by a program

_GAPS = str.maketrans(dict.fromkeys(map(chr, (*range(33, 48), *range(58, 65), *range(91, 97), *range(123, 127))), " "))
_CHARSET_TROUBLE = frozenset({Finding.CHARSET_MISMATCH, Finding.UNKNOWN_CHARSET})
_FORWARDS = ("tr:", "tr :", "fw:", "fw :", "fwd:", "fwd :", "wg:")
_REPLIES = ("re:", "re :", "rép:", "rép :", "ref:", "aw:")
_SHOWN_TRICKS = frozenset({Region.SUBJECT, Region.VISIBLE, Region.FILENAME})


@dataclass(slots=True)
class _Gathered:
    """What one pass over the parts finds."""

    visible: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    attached: list[str] = field(default_factory=list)
    html: list[HtmlReading] = field(default_factory=list)
    attached_html: list[HtmlReading] = field(default_factory=list)
    links: list[HtmlLink] = field(default_factory=list)
    quoted_links: list[HtmlLink] = field(default_factory=list)
    images: list[HtmlImage] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    form: set[FormFlag] = field(default_factory=set)
    forward: bool = False
    answers: bool = True  # whether the message says that it answers or passes on another


def read_regions(
    message: Message, texts: Texts, text_bytes: int = 262_144, extra: Iterable[tuple[Region, str]] = ()
) -> TextReading:
    """The folded text of a message by regions, and what its form gives away.

    `text_bytes` caps the folded text (characters); `extra` is text found elsewhere, inside attachments for example.
    """
    found = _Gathered(answers=_answers(message, texts.subject))
    shown = [part for part in texts.parts if part.place is TextPlace.BODY and part.kind is not TextKind.CALENDAR]
    for part in _without_twins(shown, found):
        if part.html is not None:
            _take_html(part.html, found)
        else:
            _take_plain(part.text, found)
    for part in texts.parts:
        if part.place is not TextPlace.BODY or part.kind is TextKind.CALENDAR:
            _take_other(part, found)
    _own_words(texts, found)
    pictured = _say_pictures(found)
    visible, quoted, hidden = "\n".join(found.visible), "\n".join(found.quoted), "\n".join(found.hidden)
    inner = "\n".join(texts.inner_subjects)
    regions = [
        (Region.SUBJECT, texts.subject),
        (Region.VISIBLE, visible),
        (Region.QUOTED, f"{inner}\n{quoted}" if inner else quoted),
        (Region.ATTACHMENT, "\n".join(found.attached)),
        *extra,
        (Region.FILENAME, "\n".join(texts.filenames)),
        (Region.HIDDEN, hidden),
    ]
    result = fold_regions(regions, text_bytes)
    form = found.form
    form.update(flag for region, flag in result.tricks if region in _SHOWN_TRICKS)
    findings = message.findings | texts.findings
    if findings & _CHARSET_TROUBLE:
        form.add(FormFlag.CHARSET_LIE)
    if result.truncated:
        findings |= {Finding.TEXT_TRUNCATED}
    return TextReading(
        folded=result.folded,
        form=frozenset(form),
        html=tuple(found.html),
        attached_html=tuple(found.attached_html),
        headings=_headings(found, result.folded),
        visible=visible,
        pictured=pictured,
        quoted=quoted,
        hidden=hidden,
        links=tuple(found.links),
        quoted_links=tuple(found.quoted_links),
        images=tuple(found.images),
        has_quote=bool(quoted),
        is_forward=found.forward or (bool(quoted) and texts.subject.lstrip().lower().startswith(_FORWARDS)),
        findings=findings,
    )


def _answers(message: Message, subject: str) -> bool:
    """Whether the head or the subject says that the message answers or passes on another."""
    if message.first("in-reply-to") is not None or message.first("references") is not None:
        return True
    return subject.lstrip().lower().startswith((*_REPLIES, *_FORWARDS))


def _say_pictures(found: _Gathered) -> int:
    """Where pictures are the message, what they say instead of themselves is its text; how long that is."""
    if sum(len(text.strip()) for text in (*found.visible, *found.quoted)) >= FEW_LETTERS:
        return 0
    said = "\n".join(html.alternatives for html in found.html if html.alternatives)[:MAX_PICTURED]
    if said:
        found.visible.append(said)
    return len(said)


def _without_twins(parts: list[TextPart], found: _Gathered) -> list[TextPart]:
    """Of each multipart/alternative the part that readers show (the HTML one); its twin where it says otherwise."""
    groups: dict[int, list[TextPart]] = {}
    for part in parts:
        if part.alternative >= 0:
            groups.setdefault(part.alternative, []).append(part)
    dropped: set[int] = set()
    for group in groups.values():
        htmls = [part for part in group if part.html is not None]
        plains = [part for part in group if part.html is None]
        if not htmls or not plains:
            continue
        html = htmls[-1].html
        for plain in plains:
            if html is not None and _agrees(plain.text, html):
                dropped.add(id(plain))
            else:
                found.form.add(FormFlag.ALTERNATIVES_DISAGREE)
    return [part for part in parts if id(part) not in dropped]


def _agrees(plain: str, html: HtmlReading) -> bool:
    """Whether two alternatives say the same: most words of the shorter stand in the longer one."""
    if not plain.strip() or plain.isspace():
        return True
    written = set(plain.split())
    if len(written) >= MIN_COMPARED and _stand_in(html.visible, written, SAME_SHARE * len(written)):
        return True
    ours = _words(plain)
    theirs = _words(f"{html.visible} {html.quoted} {html.alternatives} {html.hidden[:20000]}")
    if len(ours) < MIN_COMPARED:
        # « Votre lecteur n'affiche pas le HTML »: too little to hide a lure in, unless it leads somewhere
        return "http" not in plain or len(ours & theirs) * 2 >= len(ours)
    few = min(len(ours), len(theirs))
    return few >= MIN_COMPARED and len(ours & theirs) >= SAME_SHARE * few


def _stand_in(text: str, words: set[str], least: float) -> bool:
    """Whether so many of these words stand in a text. The start of a text often tells already."""
    start = text[:_START].rpartition(" ")[0]
    if len(words.intersection(start.split())) >= least:
        return True
    return len(text) > len(start) and len(words.intersection(text.split())) >= least


def _words(text: str) -> set[str]:
    """Distinct words of four letters or more, the start of the text decides."""
    return {word for word in fold(text[:40000]).translate(_GAPS).split() if len(word) > 3}


def _take_html(html: HtmlReading, found: _Gathered) -> None:
    found.html.append(html)
    found.images += html.images
    banner, visible = split_banner(html.visible)
    split = split_quotes(visible, answers=found.answers)
    offset = len(html.visible) - len(visible)
    cut = split.cut + offset if split.cut >= 0 else len(html.visible) + 1
    marked = html.quoted
    is_reply = bool(marked) and (split.cut >= 0 or _has_attribution(split.own) or bool(split.quoted))
    found.visible.append(split.own)
    found.quoted += [text for text in (banner, split.quoted) if text]
    found.links += [link for link in html.links if link.offset < cut]
    found.quoted_links += [link for link in html.links if link.offset >= cut]
    if marked:
        inner = split_quotes(marked)
        if is_reply or inner.cut >= 0:
            found.quoted.append(marked)
            found.quoted_links += html.quoted_links
        else:
            # a quotation's markup without a reply's first line: what stands in it is said now
            found.visible.append(marked)
            found.links += html.quoted_links
        found.forward = found.forward or inner.is_forward
    found.hidden.append(html.hidden)
    found.forward = found.forward or split.is_forward
    found.headings += html.headings
    if html.title:
        found.headings.append(html.title)
    _form_of_html(html, found)


def _has_attribution(own: str) -> bool:
    """Whether the last line above a marked quote is the one a mail program writes there."""
    last = own.rstrip().rpartition("\n")[2][-300:]
    return last.endswith(":") and ("crit" in last or "wrote" in last or "schrieb" in last or "@" in last)


def _form_of_html(html: HtmlReading, found: _Gathered) -> None:
    form = found.form
    if html.split_words >= MANY_SPLITS and html.split_words * 25 >= len(html.visible.split()):
        form.add(FormFlag.WORD_SPLITTING)
    if html.hidden_letters >= MUCH_HIDDEN and html.hidden_letters * 5 >= len(html.visible):
        form.add(FormFlag.HIDDEN_TEXT)
    if any(form_.action or form_.has_password for form_ in html.forms):
        form.add(FormFlag.FORM_IN_BODY)
    if any(form_.has_password for form_ in html.forms):
        form.add(FormFlag.PASSWORD_FIELD)
    if html.needless_entities >= MANY_ENTITIES and html.needless_entities * 5 >= len(html.visible):
        form.add(FormFlag.ENCODED_TEXT)
    if html.scripts:
        form.add(FormFlag.SCRIPT_IN_BODY)


def _take_plain(text: str, found: _Gathered) -> None:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    banner, rest = split_banner(text.lstrip("\n"))
    split = split_quotes(rest, answers=found.answers)
    found.visible.append(unwrap(split.own))
    found.quoted += [piece for piece in (banner, unwrap(split.quoted)) if piece]
    found.forward = found.forward or split.is_forward


def unwrap(text: str) -> str:
    """Lines that a program wrapped put together again; lines that end a sentence, an item or a block stay lines."""
    lines = text.split("\n")
    if len(lines) == 1:
        return text
    out: list[str] = []  # joined once: a hostile text is one line of 500,000
    previous = ""
    for line in lines:
        line = line.strip()
        if line:
            out.append(" " if previous and _goes_on(previous, line) else "\n")
            out.append(line)
        previous = line
    return "".join(out[1:])


def _goes_on(previous: str, line: str) -> bool:
    if previous[-1] in ".!?:;" or line[0] in "-*•>|=_#":
        return previous[-1] not in ".!?:;" and line[0].isalpha()
    return line[0].islower() or len(previous) >= WRAPPED


def _take_other(part: TextPart, found: _Gathered) -> None:
    if part.html is not None:
        found.attached_html.append(part.html)
        found.hidden.append(part.html.hidden)
        found.images += part.html.images[:20]
        text = "\n".join(piece for piece in (part.html.title, part.html.visible, part.html.quoted) if piece)
    else:
        text = unwrap(part.text.replace("\r\n", "\n"))
    if part.place is TextPlace.ATTACHED_MESSAGE:
        found.quoted.append(text)
    elif part.place is TextPlace.ATTACHMENT and part.kind is not TextKind.CALENDAR:
        found.attached.append(text)
    else:
        found.visible.append(text)  # an invitation is shown with the message


def _own_words(texts: Texts, found: _Gathered) -> None:
    """Where nothing is said beside a quote, and the subject tells of no reply or forward, the quote is the message."""
    if not found.quoted or found.forward:
        return
    if sum(len(text.split(None, FEW_WORDS)) for text in found.visible) >= FEW_WORDS:
        return
    subject = texts.subject.lstrip().lower()
    if subject.startswith((*_REPLIES, *_FORWARDS)):
        return
    if any(part.place is TextPlace.ATTACHED_MESSAGE for part in texts.parts):
        return
    found.visible += found.quoted
    found.links += found.quoted_links
    found.quoted, found.quoted_links = [], []


def _headings(found: _Gathered, folded: Folded) -> tuple[str, ...]:
    """Folded: title and h1 to h3, then the first lines of what is said."""
    start = next((span.start for span in folded.spans if span.region is Region.VISIBLE), len(folded.text))
    end = next((span.end for span in folded.spans if span.start == start), start)
    first = folded.text[start : min(end, start + 600)].split("\n", FIRST_LINES)[:FIRST_LINES]
    lines = dict.fromkeys((*(fold(line[:300]) for line in found.headings[:MAX_HEADINGS]), *first))
    return tuple(line for line in lines if line)
