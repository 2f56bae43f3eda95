"""Invented mail in tables: rows of YAML as messages, judged with the authentication that they name.

A row: `from`, `to`, `subject`, `text` and/or `html`, `reply_to`, `mail_from`, `headers`, `attachments` (type, name,
text or base64), `auth` (`none`, or the domain for which SPF and DKIM pass), `dmarc_policy` (of the author's domain;
DMARC then fails where `auth` is not aligned with it) and `expect` (the actions that are right).
"""

from base64 import b64decode
from dataclasses import replace
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import getaddresses, parseaddr
from typing import Any

from gateway.daemon.loaded import Loaded
from gateway.model.auth_facts import (
    AuthFacts,
    DkimResult,
    DkimStatus,
    DmarcPolicy,
    DmarcResult,
    DmarcStatus,
    SpfIdentity,
    SpfResult,
    SpfStatus,
)
from gateway.model.domain import DomainName, parse_domain
from gateway.model.judgement import Judgement
from gateway.model.public_suffix import ALL
from tests.corpora import Letter, judge_known

Row = dict[str, Any]


def authentication_of(row: Row) -> AuthFacts:
    """What a row says of its authentication."""
    name = row["auth"]
    if name == "none":
        facts = AuthFacts(spf=SpfResult(status=SpfStatus.NEUTRAL, identity=SpfIdentity.MAIL_FROM, domain=None))
    else:
        domain = DomainName(name)
        facts = AuthFacts(
            spf=SpfResult(status=SpfStatus.PASS, identity=SpfIdentity.MAIL_FROM, domain=domain),
            dkim=(DkimResult(status=DkimStatus.PASS, domain=domain, selector="s", key_bits=2048),),
            claimed_dkim_domains=(domain,),
        )
    author = parse_domain(parseaddr(named(row["from"]))[1].rpartition("@")[2])
    if author is None:
        return facts
    owner = ALL.privatesuffix(author) or author
    aligned = name != "none" and (ALL.privatesuffix(name) or name) == owner
    policy = DmarcPolicy(row.get("dmarc_policy", "none"))
    if not aligned and policy is DmarcPolicy.NONE:
        return facts
    dmarc = DmarcResult(
        status=DmarcStatus.PASS if aligned else DmarcStatus.FAIL,
        domain=author,
        policy=policy,
        organizational_domain=DomainName(owner),
        aligned_spf=aligned,
        aligned_dkim=(DomainName(name),) if aligned else (),
    )
    return replace(facts, dmarc=dmarc)


def named(address: str) -> str:
    """`Name, title <a@b.example>` with its name in quotation marks, as every mail program writes it."""
    name, _, rest = address.rpartition(" <")
    return f'"{name}" <{rest}' if "," in name and '"' not in name else address


def letter_of(row: Row, index: int) -> Letter:
    """A row as a message."""
    message = EmailMessage(policy=EmailPolicy(utf8=True))
    message["From"] = named(row["from"])
    message["To"] = row.get("to", "accueil@mutuelle.example")
    message["Subject"] = row["subject"]
    message["Date"] = "Tue, 24 Nov 2026 09:00:00 +0100"
    message["Message-ID"] = f"<{index}@courrier.example>"
    if "reply_to" in row:
        message["Reply-To"] = row["reply_to"]
    for name, value in row.get("headers", {}).items():
        message[name] = str(value)
    html = f"<html><body>{row['html']}</body></html>" if "html" in row else ""
    if "text" in row:
        message.set_content(row["text"])
        if html:
            message.add_alternative(html, subtype="html")
    else:
        message.set_content(html, subtype="html")
    for part in row.get("attachments", ()):
        kind, subtype = part["type"].split("/")
        content = b64decode(part["base64"]) if "base64" in part else part.get("text", "").encode()
        message.add_attachment(content, maintype=kind, subtype=subtype, filename=part["name"])
    return Letter(
        id=f"{row['from']}: {row['subject']}",
        raw=message.as_bytes().replace(b"\n", b"\r\n"),
        label="invented",
        ip="192.0.2.1",
        mail_from=row.get("mail_from", parseaddr(named(row["from"]))[1]),
        recipients=tuple(address for _, address in getaddresses([message["To"]])),
    )


def judge_rows(loaded: Loaded, rows: list[Row]) -> list[Judgement]:
    """Each row judged with the authentication that it names."""
    return judge_known(loaded, [(letter_of(row, index), authentication_of(row)) for index, row in enumerate(rows)])
