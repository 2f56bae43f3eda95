"""Attached mails that readers show at once are the message's own words; what is forwarded or reported is not."""

import base64

import pytest

from gateway.content.attached_mail import show_attached_mail
from gateway.model.address import NULL_PATH, Mailbox, Path
from gateway.model.domain import DomainName
from gateway.model.envelope import Client, Envelope, Recipient
from gateway.model.texts import TextPlace
from gateway.parsing.mime_tree import parse_message
from gateway.parsing.read_texts import read_texts

REPORTS = frozenset(("abuse@mutuelle.example",))
INNER = b"From: Ameli <a@b.example>\r\nSubject: Carte Vitale\r\n\r\nConfirmez votre carte\r\n"
COVER = b"--b\r\n\r\nBonjour, voici le message dont je vous parlais\r\n"
MAIL = b"--b\r\nContent-Type: message/rfc822\r\n%s\r\n" + INNER
MIXED = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
DSN = b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
STATUS = b"--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n"
DIGEST = b"Content-Type: multipart/digest; boundary=b\r\n\r\n"
ENCODED = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(INNER)


def shown(head: bytes, to: tuple[str, ...] = ("agent@mutuelle.example",), *, null: bool = False) -> bool:
    message = parse_message(b"From: x@y.example\r\n" + head)
    paths = [Path(a.encode(), Mailbox(a.partition("@")[0], DomainName(a.partition("@")[2]))) for a in to]
    envelope = Envelope(
        client=Client(address=None),
        mail_from=NULL_PATH if null else None,
        recipients=tuple(Recipient(path=path) for path in paths),
    )
    texts = read_texts(message)
    assert any(part.place is TextPlace.ATTACHED_MESSAGE for part in texts.parts)
    after = show_attached_mail(message, texts, envelope, REPORTS)
    places = {part.place for part in after.parts if "Confirmez" in part.text}
    is_shown = places == {TextPlace.BODY}
    assert is_shown == any("Carte Vitale" in part.text and part.place is TextPlace.BODY for part in after.parts)
    return is_shown


@pytest.mark.parametrize(
    ("head", "expected", "why"),
    [
        (b"Content-Type: message/rfc822\r\n\r\n" + INNER, True, "the whole message"),
        (b"Content-Type: message/global\r\n\r\n" + INNER, True, "internationalised"),
        (b"Subject: Fwd: x\r\nContent-Type: message/rfc822\r\n\r\n" + INNER, True, "nobody forwards so"),
        (ENCODED, True, "encoded, against RFC 2046"),
        (DIGEST + b"--b\r\n\r\n" + INNER, True, "a digest"),
        (MIXED + COVER + MAIL % b"", True, "below a cover letter"),
        (MIXED + COVER + MAIL % b"Content-Disposition: inline\r\n", True, "inline"),
        (MIXED + COVER + MAIL % b"Content-Disposition: attachment\r\n", False, "opened by a click"),
        (b"Subject: TR: x\r\n" + MIXED + COVER + MAIL % b"", False, "forwarded with a word of one's own"),
        (b"Subject: TR: x\r\n" + MIXED + MAIL % b"", True, "forwarded without one"),
        (DSN + COVER + STATUS + MAIL % b"", False, "our own letter, returned"),
        (DSN + COVER + MAIL % b"", True, "a report that reports nothing"),
    ],
)
def test_where_attached_mail_is_shown(head: bytes, expected: bool, why: str) -> None:
    assert shown(head) is expected, why


def test_bounces_and_reports_stay_as_they_are() -> None:
    lure = MIXED + COVER + MAIL % b""
    assert not shown(lure, to=("abuse@mutuelle.example",))
    assert shown(lure, to=("abuse@mutuelle.example", "agent@mutuelle.example"))
    assert not shown(DSN + COVER + MAIL % b"", null=True)
