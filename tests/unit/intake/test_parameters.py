"""Parameters of MAIL and RCPT."""

import pytest

from gateway.intake.parameters import MailParameters, read_mail_parameters, read_rcpt_parameters
from gateway.model import reply as replies
from gateway.model.reply import Reply


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", MailParameters()),
        (b"  ", MailParameters()),
        (b" SIZE=12345", MailParameters(kept=(b"SIZE=12345",), size=12345)),
        (b" size=0  BODY=7bit", MailParameters(kept=(b"size=0", b"BODY=7bit"))),
        (b" BODY=8BITMIME SMTPUTF8", MailParameters(kept=(b"BODY=8BITMIME", b"SMTPUTF8"), smtputf8=True)),
        (b" RET=FULL ENVID=a+2Bb", MailParameters(kept=(b"RET=FULL", b"ENVID=a+2Bb"))),
        (
            b" SIZE=12345678901234567890",
            MailParameters(kept=(b"SIZE=12345678901234567890",), size=12345678901234567890),
        ),
        (b"SIZE=1", replies.BAD_ARGUMENTS),
        (b" SIZE", replies.BAD_PARAMETER_VALUE),
        (b" SIZE=", replies.BAD_ARGUMENTS),
        (b" SIZE=-1", replies.BAD_PARAMETER_VALUE),
        (b" SIZE=123456789012345678901", replies.BAD_PARAMETER_VALUE),
        (b" SIZE=1 size=2", replies.BAD_PARAMETER_VALUE),
        (b" BODY=BINARYMIME", replies.BAD_PARAMETER_VALUE),
        (b" BODY", replies.BAD_PARAMETER_VALUE),
        (b" SMTPUTF8=1", replies.BAD_PARAMETER_VALUE),
        (b" RET=SOME", replies.BAD_PARAMETER_VALUE),
        (b" ENVID=+zz", replies.BAD_PARAMETER_VALUE),
        (b" ENVID=" + b"x" * 101, replies.BAD_PARAMETER_VALUE),
        (b" ENVID=\xc3\xa9", replies.BAD_PARAMETER_VALUE),
        (b" AUTH=<>", replies.UNKNOWN_PARAMETER),
        (b" X", replies.UNKNOWN_PARAMETER),
        (b" NOTIFY=NEVER", replies.UNKNOWN_PARAMETER),
        (b" -X=1", replies.BAD_ARGUMENTS),
        (b" X=a=b", replies.BAD_ARGUMENTS),
        (b" X=\x01", replies.BAD_ARGUMENTS),
        (b" \tSIZE=1", replies.BAD_ARGUMENTS),
        (b" " + b" ".join(b"X%d" % n for n in range(50)), replies.BAD_PARAMETER_VALUE),
    ],
    ids=lambda v: repr(v)[:30],
)
def test_mail(text: bytes, expected: MailParameters | Reply) -> None:
    assert read_mail_parameters(text, dsn=True) == expected


@pytest.mark.parametrize(
    ("text", "good"),
    [
        (b"", True),
        (b" NOTIFY=NEVER", True),
        (b" NOTIFY=never ORCPT=rfc822;a+2Bb@c.example", True),
        (b" NOTIFY=SUCCESS,FAILURE,DELAY", True),
        (b" NOTIFY=Delay", True),
        (b" NOTIFY=", False),
        (b" NOTIFY", False),
        (b" NOTIFY=NEVER,DELAY", False),
        (b" NOTIFY=DELAY,DELAY", False),
        (b" NOTIFY=DELAY,", False),
        (b" NOTIFY=SOMETIMES", False),
        (b" ORCPT=a@b.example", False),
        (b" ORCPT=rfc822;+zz", False),
        (b" ORCPT=rfc822;", False),
        (b" ORCPT=;a", False),
        (b" ORCPT=rfc822;" + b"x" * 500, False),
        (b" ORCPT=rfc822;\xc3\xa9", False),
        (b" ORCPT=utf-8;\xc3\xa9@c.example", True),
        (b" ORCPT=utf-8;\xe9@c.example", False),
        (b" ORCPT=utf-8;\\x{E9}@c.example", True),
        (b" SIZE=1", False),
        (b" RET=FULL", False),
    ],
    ids=lambda v: repr(v)[:30],
)
def test_rcpt(text: bytes, good: bool) -> None:
    read = read_rcpt_parameters(text, dsn=True, smtputf8=True)
    assert read == tuple(text.split()) if good else isinstance(read, Reply)


def test_utf8_needs_smtputf8() -> None:
    assert (
        read_rcpt_parameters(b" ORCPT=utf-8;\xc3\xa9@c.example", dsn=True, smtputf8=False)
        == replies.BAD_PARAMETER_VALUE
    )


def test_dsn_is_unknown_where_it_is_not_offered() -> None:
    assert read_mail_parameters(b" RET=FULL", dsn=False) == replies.UNKNOWN_PARAMETER
    assert read_mail_parameters(b" ENVID=x", dsn=False) == replies.UNKNOWN_PARAMETER
    assert read_rcpt_parameters(b" NOTIFY=NEVER", dsn=False, smtputf8=True) == replies.UNKNOWN_PARAMETER
    assert read_rcpt_parameters(b" ORCPT=rfc822;a", dsn=False, smtputf8=True) == replies.UNKNOWN_PARAMETER
