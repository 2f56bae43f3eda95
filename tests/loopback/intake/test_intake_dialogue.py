"""The session over real sockets: what is said is answered, and what is answered is right."""

from tests.loopback.intake.house import house
from tests.smtp_dialogue import SmtpDialogue


def test_a_message_arrives_as_it_was_sent() -> None:
    with house() as here, SmtpDialogue(here.address) as client:
        assert str(client.banner) == "220 gateway.example ESMTP"
        client.envelope(b"a@outside.example", b"b@inside.example", b"c@inside.example")
        answer = client.data(b"Subject: x\r\n\r\n..dot\r\nline\r\n...")
        assert (answer.code, answer.enhanced) == (250, "2.0.0")
        client.expect(b"QUIT", 221)
        assert client.is_closed()
        (submission,) = here.desk.taken
        assert submission.raw == b"Subject: x\r\n\r\n.dot\r\nline\r\n..\r\n"
        assert [r.path.raw for r in submission.envelope.recipients] == [b"b@inside.example", b"c@inside.example"]
        assert submission.envelope.mail_from is not None
        assert submission.envelope.mail_from.raw == b"a@outside.example"
        assert submission.envelope.client.helo == "client.example"
        assert str(submission.envelope.client.address) == "127.0.0.1"
        assert submission.listener_hostname == "gateway.example"
        assert submission.received_at.tzinfo is not None
