"""What the real daemon answers to every command in and out of place (RFC 5321 §4, 1870, 2920, 3461, 6152, 6531)."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hostile import HONEST, STAFF, Pair
from tests.real_gateway import RealGateway
from tests.scripted_next_hop import ScriptedNextHop, next_hop_in_thread
from tests.smtp_dialogue import SmtpDialogue

Says = list[tuple[bytes, int]]
HELLO: Says = [(b"EHLO c.example", 250)]
MAIL: Says = [*HELLO, (b"MAIL FROM:<a@sender.example>", 250)]
RCPT: Says = [*MAIL, (b"RCPT TO:<accueil@mutuelle.example>", 250)]
SEND: Says = [(b"DATA", 354), (HONEST + b".", 250)]
ALL: Says = [*RCPT, *SEND]


@dataclass(frozen=True)
class Row:
    """A dialogue: what is said and which code answers it; how many messages the next hop has at its end."""

    name: str
    says: Says
    relayed: int = 0


def _mail(argument: bytes, code: int) -> Says:
    return [*HELLO, (b"MAIL FROM:" + argument, code)]


def _rcpt(argument: bytes, code: int) -> Says:
    return [*MAIL, (b"RCPT TO:" + argument, code)]


SEQUENCE = [
    Row("MAIL first", [(b"MAIL FROM:<a@b.example>", 503)]),
    Row("RCPT first", [(b"RCPT TO:<a@mutuelle.example>", 503)]),
    Row("DATA first", [(b"DATA", 503)]),
    Row("RCPT before MAIL", [*HELLO, (b"RCPT TO:<accueil@mutuelle.example>", 503)]),
    Row("DATA before MAIL", [*HELLO, (b"DATA", 503)]),
    Row("DATA before RCPT", [*MAIL, (b"DATA", 503)]),
    Row("MAIL twice", [*MAIL, (b"MAIL FROM:<b@b.example>", 503), *RCPT[2:], *SEND], 1),
    Row("BDAT is not offered", [*RCPT, (b"BDAT 3 LAST", 502)]),
    Row("HELO does as well", [(b"HELO c.example", 250), *ALL[1:]], 1),
    Row("EHLO again forgets", [*RCPT, *HELLO, (b"DATA", 503)]),
    Row("HELO again forgets", [*RCPT, (b"HELO c.example", 250), (b"DATA", 503)]),
    Row("a bad EHLO forgets nothing", [*RCPT, (b"EHLO", 501), *SEND], 1),
    Row("RSET forgets", [*RCPT, (b"RSET", 250), (b"DATA", 503)]),
    Row("RSET before all", [(b"RSET", 250), *ALL], 1),
    Row("RSET twice", [*HELLO, (b"RSET", 250), (b"RSET", 250), *ALL[1:]], 1),
    Row("RSET wants no argument", [*RCPT, (b"RSET now", 501), *SEND], 1),
    Row("NOOP anywhere", [(b"NOOP", 250), *MAIL, (b"NOOP hello", 250), *RCPT[2:], (b"NOOP", 250), *SEND], 1),
    Row("VRFY is vague", [*MAIL, (b"VRFY accueil@mutuelle.example", 252), *RCPT[2:], *SEND], 1),
    Row("EXPN is none", [*HELLO, (b"EXPN liste", 502)]),
    Row("HELP", [(b"HELP", 214)]),
    Row("AUTH is none", [*HELLO, (b"AUTH PLAIN AGEAYg==", 502)]),
    Row("TURN is none", [*HELLO, (b"TURN", 502)]),
    Row("STARTTLS without a certificate", [*HELLO, (b"STARTTLS", 454), *ALL[1:]], 1),
    Row("nonsense", [(b"XYZZY", 500), *ALL], 1),
    Row("an empty line", [(b"", 500), *ALL], 1),
    Row("HTTP", [(b"GET / HTTP/1.1", 500), (b"Host: x", 500)]),
    Row("DATA with an argument", [*RCPT, (b"DATA now", 501), *SEND], 1),
    Row("QUIT with an argument", [*RCPT, (b"QUIT now", 501), *SEND], 1),
    Row("XCLIENT of a stranger", [*HELLO, (b"XCLIENT ADDR=192.0.2.1", 550)]),
    Row("XFORWARD of a stranger", [*HELLO, (b"XFORWARD ADDR=192.0.2.1", 550)]),
    Row("two messages", [*ALL, *ALL[1:]], 2),
    Row("three messages, RSET between", [*ALL, (b"RSET", 250), *ALL[1:], *HELLO, *ALL[1:]], 3),
    Row("DATA after DATA", [*ALL, (b"DATA", 503)], 1),
    Row("RCPT after DATA", [*ALL, (b"RCPT TO:<accueil@mutuelle.example>", 503)], 1),
    Row("lower case", [(b"ehlo c", 250), (b"mail from:<a@b.example>", 250),
                       (b"rcpt to:<accueil@MUTUELLE.example>", 250), *SEND], 1),
    Row("blanks at the end", [(b"EHLO c.example  ", 250), (b"MAIL FROM:<a@b.example>  ", 250), (b"RSET ", 250)]),
    Row("a blank after the colon", [*HELLO, (b"MAIL FROM: <a@b.example>", 250),
                                    (b"RCPT TO: <accueil@mutuelle.example>", 250)]),
    Row("a blank before the command", [(b" EHLO c.example", 500)]),
    Row("a tab for a blank", [(b"EHLO\tc.example", 500)]),
]  # fmt: skip
HELLOS = [
    Row("HELO without a name", [(b"HELO", 501), (b"HELO ", 501)]),
    Row("HELO of two words", [(b"HELO a b", 501)]),
    Row("EHLO of an address literal", [(b"EHLO [192.0.2.1]", 250)]),
    Row("EHLO of IPv6", [(b"EHLO [IPv6:2001:db8::1]", 250)]),
    Row("EHLO of 255 octets", [(b"EHLO " + b"a" * 255, 250)]),
    Row("EHLO of 256 octets", [(b"EHLO " + b"a" * 256, 501)]),
    Row("EHLO of 8-bit", [(b"EHLO caf\xc3\xa9", 501)]),
    Row("EHLO with an injected field", [(b"EHLO a;spf=pass(b", 250), *ALL[1:]], 1),
]
SENDERS = [
    Row("null path", [*_mail(b"<>", 250), *RCPT[2:], *SEND], 1),
    Row("quoted local part", [*_mail(b'<"a b"@sender.example>', 250), *RCPT[2:], *SEND], 1),
    Row("quoted pair", _mail(b'<"a\\"b\\\\"@sender.example>', 250)),
    Row("source route", _mail(b"<@x.example,@y.example:a@sender.example>", 250)),
    Row("address literal", _mail(b"<a@[192.0.2.1]>", 250)),
    Row("IPv6 literal", _mail(b"<a@[IPv6:2001:db8::1]>", 250)),
    Row("plus, equals, slash", _mail(b"<a+b=c/d@sender.example>", 250)),
    Row("underscore in the domain", _mail(b"<a@x_y.example>", 250)),
    Row("no brackets", _mail(b"a@sender.example", 501)),
    Row("no closing bracket", _mail(b"<a@sender.example", 501)),
    Row("no opening bracket", _mail(b"a@sender.example>", 501)),
    Row("one bracket", _mail(b"<", 501)),
    Row("a quote without end", _mail(b'<"', 501)),
    Row("an at sign alone", _mail(b"<@", 501)),
    Row("a literal without end", _mail(b"<a@[", 501)),
    Row("a bad literal", _mail(b"<a@[300.0.2.1]>", 501)),
    Row("no local part", _mail(b"<@sender.example>", 501)),
    Row("no domain", _mail(b"<a@>", 501)),
    Row("two dots", _mail(b"<a..b@sender.example>", 501)),
    Row("a dot first", _mail(b"<.a@sender.example>", 501)),
    Row("a dot last", _mail(b"<a.@sender.example>", 501)),
    Row("two at signs", _mail(b"<a@b@sender.example>", 501)),
    Row("a blank inside", _mail(b"<a b@sender.example>", 501)),
    Row("a name before it", _mail(b"Claire <a@sender.example>", 501)),
    Row("a comment", _mail(b"<a@sender.example(x)>", 501)),
    Row("espoofer's parenthesis", _mail(b"<any@legitimate.example(a.attack.example>", 501)),
    Row("nothing", _mail(b"", 501)),
    Row("another word", [*HELLO, (b"MAIL TO:<a@b.example>", 501), (b"MAIL", 501)]),
    Row("a very long local part", _mail(b"<" + b"a" * 600 + b"@sender.example>", 501)),
    Row("a very long domain", _mail(b"<a@" + b"a." * 600 + b"example>", 501)),
    Row("a label of 64", _mail(b"<a@" + b"a" * 64 + b".example>", 501)),
    Row("8-bit without SMTPUTF8", _mail(b"<caf\xc3\xa9@sender.example>", 553)),
    Row("SMTPUTF8", _mail(b"<caf\xc3\xa9@sender.example> SMTPUTF8", 250)),
    Row("broken UTF-8", _mail(b"<caf\xe9@sender.example> SMTPUTF8", 501)),
    Row("junk behind", _mail(b"<a@sender.example>SIZE=1", 501)),
]
PARAMETERS = [
    Row("SIZE", _mail(b"<a@b.example> SIZE=1000", 250)),
    Row("SIZE of 0", _mail(b"<a@b.example> SIZE=0", 250)),
    Row("too large", _mail(b"<a@b.example> SIZE=1048577", 552)),
    Row("much too large", _mail(b"<a@b.example> SIZE=" + b"9" * 20, 552)),
    Row("SIZE without value", _mail(b"<a@b.example> SIZE", 501)),
    Row("SIZE of words", _mail(b"<a@b.example> SIZE=abc", 501)),
    Row("SIZE below zero", _mail(b"<a@b.example> SIZE=-1", 501)),
    Row("SIZE twice", _mail(b"<a@b.example> SIZE=1 SIZE=2", 501)),
    Row("BODY", _mail(b"<a@b.example> BODY=8BITMIME", 250)),
    Row("BODY 7BIT in lower case", _mail(b"<a@b.example> body=7bit", 250)),
    Row("BODY of another kind", _mail(b"<a@b.example> BODY=BINARYMIME", 501)),
    Row("BODY without value", _mail(b"<a@b.example> BODY", 501)),
    Row("SMTPUTF8 with a value", _mail(b"<a@b.example> SMTPUTF8=1", 501)),
    Row("RET", _mail(b"<a@b.example> RET=HDRS ENVID=QQ+2B1", 250)),
    Row("RET of another kind", _mail(b"<a@b.example> RET=ALL", 501)),
    Row("ENVID that is no xtext", _mail(b"<a@b.example> ENVID=a+2", 501)),
    Row("AUTH", _mail(b"<a@b.example> AUTH=<>", 555)),
    Row("an unknown one", _mail(b"<a@b.example> XYZ=1", 555)),
    Row("an equals sign alone", _mail(b"<a@b.example> =", 501)),
    Row("many", _mail(b"<a@b.example>" + b"".join(b" X%d=1" % n for n in range(30)), 501)),
    Row("NOTIFY", _rcpt(b"<accueil@mutuelle.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a@b.example", 250)),
    Row("NOTIFY NEVER with others", _rcpt(b"<accueil@mutuelle.example> NOTIFY=NEVER,DELAY", 501)),
    Row("NOTIFY without value", _rcpt(b"<accueil@mutuelle.example> NOTIFY=", 501)),
    Row("ORCPT without type", _rcpt(b"<accueil@mutuelle.example> ORCPT=a@b.example", 501)),
    Row("SIZE on RCPT", _rcpt(b"<accueil@mutuelle.example> SIZE=1", 555)),
]
RECIPIENTS = [
    Row("postmaster", [*_rcpt(b"<postmaster>", 250), *SEND], 1),
    Row("PostMaster of ours", [*_rcpt(b"<PostMaster@mutuelle.example>", 250), *SEND], 1),
    Row("null path as recipient", _rcpt(b"<>", 501)),
    Row("another domain", _rcpt(b"<a@other.example>", 550)),
    Row("a subdomain", _rcpt(b"<a@x.mutuelle.example>", 550)),
    Row("a look-alike", _rcpt(b"<a@mutuelle.example.evil.example>", 550)),
    Row("a source route to another", _rcpt(b"<@mutuelle.example:a@other.example>", 550)),
    Row("a source route to us", _rcpt(b"<@other.example:accueil@mutuelle.example>", 250)),
    Row("percent", _rcpt(b"<a%other.example@mutuelle.example>", 550)),
    Row("bang", _rcpt(b"<other.example!a@mutuelle.example>", 550)),
    Row("quoted at sign", _rcpt(b'<"a@other.example"@mutuelle.example>', 550)),
    Row("literal", _rcpt(b"<a@[127.0.0.1]>", 550)),
    Row("a dot after the domain", _rcpt(b"<accueil@mutuelle.example.>", 501)),
    Row("no domain", _rcpt(b"<accueil>", 501)),
    Row("a bare address", _rcpt(b"accueil@mutuelle.example", 501)),
    Row("two in one", _rcpt(b"<a@mutuelle.example>,<b@mutuelle.example>", 501)),
    Row("all refused, then DATA", [*_rcpt(b"<a@other.example>", 550), (b"DATA", 554)]),
    Row("one refused, one taken", [*_rcpt(b"<a@other.example>", 550), *RCPT[2:], *SEND], 1),
    Row("the same twice", [*RCPT, *RCPT[2:], *SEND], 1),
    Row("21 of 20", [*MAIL, *[(b"RCPT TO:<u%d@mutuelle.example>" % n, 250) for n in range(20)],
                     (b"RCPT TO:<accueil@mutuelle.example>", 452), *SEND], 1),
]  # fmt: skip
BODIES = [
    Row("empty", [*RCPT, (b"DATA", 354), (b".", 250)], 1),
    Row("a blank line", [*RCPT, (b"DATA", 354), (b"\r\n.", 250)], 1),
    Row("dots", [*RCPT, (b"DATA", 354), (b"..\r\n...\r\n..a\r\n.", 250)], 1),
    Row("a bare LF", [*RCPT, (b"DATA", 354), (b"a\nb\r\n.", 550), *ALL[1:]], 1),
    Row("a bare CR", [*RCPT, (b"DATA", 354), (b"a\rb\r\n.", 550), *ALL[1:]], 1),
    Row("a NUL", [*RCPT, (b"DATA", 354), (b"a\0b\r\n.", 550), *ALL[1:]], 1),
    Row("CR CR LF", [*RCPT, (b"DATA", 354), (b"a\r\r\n.", 550), *ALL[1:]], 1),
    Row("a dot that a CR ends", [*RCPT, (b"DATA", 354), (b"a\r\n.\rMAIL FROM:<x@y>\r\n.", 550), *ALL[1:]], 1),
    Row("a line of 100,000", [*RCPT, (b"DATA", 354), (b"a" * 100_000 + b"\r\n.", 250)], 1),
    Row("8-bit", [*RCPT, (b"DATA", 354), (bytes(range(128, 256)) + b"\r\n.", 250)], 1),
    Row("too large", [*RCPT, (b"DATA", 354), (b"aaaaaaaa\r\n" * 110_000 + b".", 552), *ALL[1:]], 1),
    Row("a loop", [*RCPT, (b"DATA", 354), (b"Received: x\r\n" * 101 + HONEST + b".", 554), *ALL[1:]], 1),
]
LINES = [
    Row("a command of 5,000", [(b"NOOP " + b"x" * 5000, 500), *ALL], 1),
    Row("a command with NUL", [(b"NOOP \0", 500), *ALL], 1),
    Row("a command with an escape", [(b"NOOP \x1b[2J", 500), *ALL], 1),
    Row("a command with a bare CR", [*HELLO, (b"MAIL FROM:<a@b.example>\rRCPT TO:<x@y>", 500), *ALL[1:]], 1),
    Row("MAIL of 5,000", _mail(b"<a@b.example> " + b" " * 5000, 500)),
]
ROWS = [*SEQUENCE, *HELLOS, *SENDERS, *PARAMETERS, *RECIPIENTS, *BODIES, *LINES]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_one_by_one(pair: Pair, row: Row) -> None:
    with pair.client() as client:
        for words, code in row.says:
            answer = client.command(words)
            assert answer.code == code, f"{words[:80]!r} -> {answer}, wanted {code}"
        if code != 354:
            client.expect(b"QUIT", 221)
    pair.relayed(row.relayed)
    for transaction in pair.hop.accepted:
        assert b"evil" not in transaction.wire


@pytest.mark.parametrize("row", [row for row in ROWS if len(row.says) < 30], ids=lambda row: row.name)
def test_the_same_pipelined(pair: Pair, row: Row) -> None:
    """As one write up to each 354; bodies with what follows them in one write again (RFC 2920 §3.1)."""
    with pair.client() as client:
        waiting: Says = []
        for words, code in row.says:
            waiting.append((words, code))
            if code == 354:
                _say_at_once(client, waiting)
                waiting = []
        _say_at_once(client, waiting)
    pair.relayed(row.relayed)


def _say_at_once(client: SmtpDialogue, says: Says) -> None:
    client.send(b"".join(words + b"\r\n" for words, _ in says))
    for words, code in says:
        answer = client.read()
        assert answer.code == code, f"{words[:80]!r} -> {answer}, wanted {code}"


def test_every_octet_alone(pair: Pair) -> None:
    with pair.client() as client:
        for words, code in ALL:
            for octet in words + b"\r\n":
                client.socket.send(bytes([octet]))
            assert client.read().code == code
    assert pair.relayed(1)[0].recipients[0][0] == STAFF


def test_a_refused_rcpt_and_data_in_one_write_take_no_body_for_commands(pair: Pair) -> None:
    """A client that pipelines past a refusal sends its body all the same (RFC 2920 §3.1): none of it is a message."""
    with pair.client() as client:
        client.expect(b"EHLO c.example", 250)
        client.send(b"MAIL FROM:<a@b.example>\r\nRCPT TO:<x@other.example>\r\nDATA\r\n")
        assert [client.read().code for _ in range(3)] == [250, 550, 554]
        client.send(b"RSET\r\n")
        assert client.read().code == 250
    assert pair.hop.accepted == []


def test_errors_end_the_session(pair: Pair) -> None:
    with pair.client() as client:
        codes = [client.command(b"XYZZY").code for _ in range(9)]
        assert set(codes) == {500}
        assert client.command(b"XYZZY").code == 500
        assert client.read().code == 421
        assert client.is_closed()


def test_commands_without_mail_end_the_session(pair: Pair) -> None:
    with pair.client() as client:
        codes = [client.command(b"NOOP").code for _ in range(61)]
        assert codes == [250] * 60 + [421]
        assert client.is_closed()


def test_parameters_reach_the_next_hop_as_they_were_said(pair: Pair) -> None:
    with pair.client() as client:
        client.expect(b"EHLO c.example", 250)
        client.expect(b"MAIL FROM:<a@b.example> SIZE=500 body=8bitmime RET=FULL ENVID=x+2By", 250)
        client.expect(b"RCPT TO:<accueil@mutuelle.example> NOTIFY=FAILURE ORCPT=rfc822;a+2Bb@c.example", 250)
        assert client.data(HONEST.removesuffix(b"\r\n")).code == 250
    (transaction,) = pair.relayed(1)
    words = {word.upper() for word in transaction.mail_parameters}
    assert {b"BODY=8BITMIME", b"RET=FULL", b"ENVID=X+2BY"} <= words
    assert transaction.recipients == [(STAFF, (b"NOTIFY=FAILURE", b"ORCPT=rfc822;a+2Bb@c.example"))]


def test_what_is_not_on_offer_is_not_taken(tmp_path: Path) -> None:
    with next_hop_in_thread(ScriptedNextHop(keywords=("PIPELINING", "8BITMIME"))) as hop:
        sections = {"next_hop": {"address": hop.address}}
        with RealGateway(tmp_path, sections) as gateway, SmtpDialogue(("127.0.0.1", gateway.port)) as client:
            offered = client.capabilities()
            assert "DSN" not in offered
            assert "SMTPUTF8" not in offered
            assert client.command(b"MAIL FROM:<a@b.example> RET=FULL").code == 555
            answer = client.command(b"MAIL FROM:<caf\xc3\xa9@b.example> SMTPUTF8")
            assert (answer.code, answer.enhanced) == (550, "5.6.7")
