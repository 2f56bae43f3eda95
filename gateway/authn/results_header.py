"""The Authentication-Results field we write (RFC 8601, RFC 8616), and how to know a forged one of ours.

Everything taken from a mail is a token, a dotted address or a quoted string without control characters, cut to length:
no value can end the field, open a comment or start another result.
"""

import re
from collections.abc import Iterator

from gateway.authn.authserv_id import is_ours as is_ours  # the other half of this job, told by its own file
from gateway.model.auth_facts import (
    ArcResult,
    ArcStatus,
    AuthFacts,
    DkimResult,
    DkimStatus,
    DmarcResult,
    IprevResult,
    SpfIdentity,
    SpfResult,
)
from gateway.model.envelope import Envelope

MAX_SIGNATURES = 20  # results of DKIM written; a message with more is told so in a comment
MAX_VALUE = 254  # characters of one value
_WIDTH = 78
_RANK = {DkimStatus.PASS: 0, DkimStatus.POLICY: 2}
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`{|}~-]+")
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
_METHOD = re.compile(r"(?:spf|dkim|dmarc|arc|iprev|auth|header\.[a-z]+|smtp\.[a-z]+)\s*=", re.IGNORECASE)
_STRUCTURE = str.maketrans(dict.fromkeys('"\\;()', "?"))
_ADDRESS = re.compile(rf"{_ATEXT}(?:\.{_ATEXT})*@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")


def _value(text: str, utf8: bool = False) -> str:
    """A pvalue (RFC 8601 §2.2): as it is when it can't be misread, else a quoted string.

    Readers of this field are often a regular expression: what could be taken for a statement of its own, quoted or not,
    is made unreadable rather than escaped.
    """
    text = text[:MAX_VALUE]
    if not (text.isprintable() and (utf8 or text.isascii())):
        text = "".join(c if c.isprintable() and (utf8 or c.isascii()) else "?" for c in text)
    if "=" in text:  # an encoded word would be read by some, though it has no place here
        text = _METHOD.sub(lambda match: match[0][:-1] + "?", text.replace("=?", "??"))
    if _TOKEN.fullmatch(text) or _ADDRESS.fullmatch(text):
        return text
    return f'"{text.translate(_STRUCTURE)}"'


def _reason(text: str) -> list[str]:
    return [f"reason={_value(text)}"] if text else []


def _spf(result: SpfResult, envelope: Envelope) -> list[str]:
    words = [f"spf={result.status}"]
    if result.identity is SpfIdentity.HELO:
        if envelope.client.helo:
            words.append(f"smtp.helo={_value(envelope.client.helo)}")
    elif envelope.mail_from is not None and not envelope.mail_from.is_null:
        words.append(f"smtp.mailfrom={_value(envelope.mail_from.text, envelope.smtputf8)}")
    return words


def _dkim(result: DkimResult) -> list[str]:
    words = [f"dkim={result.status}"]
    if result.key_bits and result.status is DkimStatus.PASS:
        words.append(f"({result.key_bits}-bit key)")
    words += _reason(result.reason)
    named = (
        ("d", result.domain or ""),
        ("s", result.selector),
        ("a", result.algorithm),
        ("b", result.signature_start),
    )
    return words + [f"header.{name}={_value(text)}" for name, text in named if text]


def _dmarc(result: DmarcResult) -> list[str]:
    words = [f"dmarc={result.status}"]
    if result.policy is not None:
        words.append(f"(p={result.policy})")
    if result.domain:
        words.append(f"header.from={_value(result.domain)}")
    return words


def _arc(result: ArcResult, envelope: Envelope) -> list[str]:
    words = [f"arc={result.status}", f"(i={result.sets})", *_reason(result.reason)]
    if result.status is ArcStatus.PASS:
        words.append(f"header.oldest-pass={result.oldest_pass}")
    if envelope.client.address is not None:
        words.append(f"smtp.remote-ip={_value(str(envelope.client.address))}")
    return words


def _iprev(result: IprevResult, envelope: Envelope) -> list[str]:
    words = [f"iprev={result.status}"]
    if result.name:
        words.append(f"({result.name})")
    if envelope.client.address is not None:
        words.append(f"policy.iprev={_value(str(envelope.client.address))}")
    return words


def _listed(results: tuple[DkimResult, ...]) -> list[DkimResult]:
    """The results that are written, in their order: those that passed before all others when there are too many."""
    if len(results) <= MAX_SIGNATURES:
        return list(results)
    order = sorted(range(len(results)), key=lambda index: (_RANK.get(results[index].status, 1), index))
    return [results[index] for index in sorted(order[:MAX_SIGNATURES])]


def _statements(facts: AuthFacts, envelope: Envelope) -> Iterator[list[str]]:
    yield _spf(facts.spf, envelope)
    if not facts.dkim:
        yield ["dkim=temperror" if "dkim:error" in facts.skipped else "dkim=none"]
    listed = _listed(facts.dkim)
    for index, result in enumerate(listed, 1):
        words = _dkim(result)
        if index == len(listed) < len(facts.dkim):
            words.append(f"({len(facts.dkim) - len(listed)} more signatures)")
        yield words
    yield _dmarc(facts.dmarc)
    if facts.arc.sets:
        yield _arc(facts.arc, envelope)
    if facts.iprev is not None:
        yield _iprev(facts.iprev, envelope)


def write_results(authserv_id: str, facts: AuthFacts, envelope: Envelope) -> bytes:
    """One folded field ending in CRLF: spf, dkim (each signature) and dmarc always, arc and iprev when known."""
    lines = [f"Authentication-Results: {authserv_id}"]
    for words in _statements(facts, envelope):
        lines[-1] += ";"
        line = "\t" + words[0]
        for word in words[1:]:
            if len(line) + len(word) >= _WIDTH:
                lines.append(line)
                line = "\t "
            line += word if line == "\t " else " " + word
        lines.append(line)
    return ("\r\n".join(lines) + "\r\n").encode("utf-8")
