"""The content room takes anything: it never raises, keeps no personal value, and forgets nothing between two reads."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.content.reading import ContentReader
from gateway.content.registrable import registrable_domain
from gateway.content.text_links import find_text_links
from gateway.content.url import read_url
from gateway.model.content_facts import LinkSource
from gateway.model.envelope import Client, Envelope
from gateway.model.inspection import FoundLink, InspectedPart
from gateway.parsing.mime_tree import parse_message
from gateway.parsing.read_texts import read_texts
from tests.content_directory import DIRECTORY

READER = ContentReader(DIRECTORY)
UNKNOWN_ENVELOPE = Envelope(client=Client(address=None), mail_from=None)
PIECES = [
    "ameli", "l'Assurance Maladie", "votre", "carte Vitale", "Cordialement,\n", "©", "https://", "www.", ".fr", "@",
    "1 84 06 75 116 123 45", "FR76", "06 12 34 56 78", "\n", " ", "é", "\u200b", "аmeli", "né le 1/1/1970", "data:",
    "xn--", "//", "mutuelle tamaris", "service informatique", "-----", "javascript:", "[", "]", "(", ")", "\x00",
    "<", ">", "%2f", "=?utf-8?q?",
]  # fmt: skip
TEXT = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=40).map("".join)


@settings(max_examples=150, deadline=None)
@given(name=TEXT, subject=TEXT, body=TEXT, reply_to=TEXT, html=st.booleans())
def test_any_message_gives_facts(name: str, subject: str, body: str, reply_to: str, html: bool) -> None:
    head = (
        f'From: "{name}" <a@envois.example>\r\nSubject: {subject}\r\nReply-To: {reply_to}\r\n'
        f"Content-Type: text/{'html' if html else 'plain'}; charset=utf-8\r\n\r\n"
    )
    text = f"<h1>{body}</h1><a href='{body}'>{subject}</a><img src=x alt='{name}'>" if html else body
    raw = (head + text).encode("utf-8", "replace")
    message = parse_message(raw)
    texts = read_texts(message)
    facts = READER.read(message, texts, UNKNOWN_ENVELOPE)
    assert facts == READER.read(message, texts, UNKNOWN_ENVELOPE)
    for claim in facts.claims:
        assert claim.identity in READER.directory.identities
        assert claim.start == -1 or 0 <= claim.start < claim.end <= len(facts.folded.text)
    for data in facts.personal_data:
        assert 0 <= data.start < data.end <= len(facts.folded.text)


@settings(max_examples=100, deadline=None)
@given(href=TEXT, shown=TEXT, text=TEXT)
def test_any_inspected_part_is_joined(href: str, shown: str, text: str) -> None:
    message = parse_message(b"From: a@b.example\r\n\r\nBonjour\r\n")
    part = InspectedPart(
        part_index=0, text=text, links=(FoundLink(source=LinkSource.PDF, href=href, shown=shown),), unchecked="timeout"
    )
    facts = READER.read(message, read_texts(message), UNKNOWN_ENVELOPE, (part,))
    assert "attachment:timeout" in facts.unchecked


@given(st.text(max_size=300))
def test_a_url_is_read_or_refused(text: str) -> None:
    url = read_url(text)
    if url is not None and url.host:
        assert url.host == url.host.lower()
        assert not set(url.host) & set(" /\\@?#<>\"'")
        again = read_url(f"{url.scheme}://{f'[{url.host}]' if ':' in url.host else url.host}/")
        assert again is not None
        assert again.host == url.host


@given(TEXT)
def test_text_links_are_read_back(text: str) -> None:
    for link in find_text_links(text):
        assert link.href
        assert len(link.href) <= 2200


@given(st.from_regex(r"[a-z0-9-]{1,20}(\.[a-z0-9-]{1,10}){0,4}", fullmatch=True))
def test_a_registrable_domain_ends_its_host(host: str) -> None:
    domain = registrable_domain(host)
    if domain is not None:
        assert host == domain or host.endswith("." + domain)
        assert registrable_domain(domain) == domain
