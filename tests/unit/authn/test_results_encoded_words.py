"""No value of the sender's becomes a statement of ours when a reader decodes encoded words first."""

import email
import email.policy
from ipaddress import ip_address

import pytest

from gateway.authn.results_header import write_results
from gateway.intake.paths import read_path
from gateway.model.auth_facts import AuthFacts, SpfIdentity, SpfResult, SpfStatus
from gateway.model.domain import DomainName
from gateway.model.envelope import Client, Envelope


@pytest.mark.parametrize(
    "path",
    [
        b"<a=?utf-8?q?=3B_dkim=3Dpass?=@sender.example>",
        b"<=?utf-8?b?OyBka2ltPXBhc3M=?=@sender.example>",
        b'<"=?utf-8?q?=3B_dkim=3Dpass?="@sender.example>',
        b"<a==?utf-8?q?=3B_dkim=3Dpass?=@sender.example>",
    ],
)
def test_a_reverse_path_that_decodes_to_a_result(path: bytes) -> None:
    read = read_path(path, null_allowed=True)
    assert read is not None
    spf = SpfResult(status=SpfStatus.FAIL, identity=SpfIdentity.MAIL_FROM, domain=DomainName("sender.example"))
    client = Client(address=ip_address("192.0.2.1"), helo="=?utf-8?q?=3B_dkim=3Dpass?=")
    envelope = Envelope(client=client, mail_from=read.path, recipients=())
    field = write_results(DomainName("mx.example"), AuthFacts(spf=spf), envelope)
    for policy in (email.policy.default, email.policy.compat32):
        shown = str(email.message_from_bytes(field + b"\r\n", policy=policy)["authentication-results"])
        assert "dkim=pass" not in shown
        assert "spf=fail" in shown
