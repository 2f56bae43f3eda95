"""Which verb with which object is an ask of which kind."""

from functools import lru_cache

from gateway.content import grammar_tags as t
from gateway.model.content_facts import AskKind

PAIRS: tuple[tuple[int, int, AskKind], ...] = (
    (t.V_CONFIRM | t.V_GIVE | t.V_CHANGE | t.V_NEED | t.V_NEEDED | t.V_LOGIN, t.O_PASSWORD, AskKind.CREDENTIALS),
    (t.V_CONFIRM | t.V_GIVE | t.V_NEED | t.V_NEEDED, t.O_CODE | t.O_APPROVAL, AskKind.ONE_TIME_CODE),
    (t.V_CONFIRM | t.V_GIVE | t.V_NEED | t.V_NEEDED | t.V_PAY | t.V_CHANGE, t.O_CARD, AskKind.CARD),
    (t.V_CONFIRM | t.V_GIVE | t.V_NEED | t.V_NEEDED | t.V_CHANGE, t.O_BANK, AskKind.BANK_DETAILS),
    (t.V_CONFIRM | t.V_GIVE | t.V_NEED | t.V_NEEDED | t.V_SCAN, t.O_PAPERS, AskKind.IDENTITY_PAPERS),
    (t.V_CONFIRM | t.V_GIVE | t.V_NEED | t.V_NEEDED | t.V_CHANGE, t.O_PERSONAL, AskKind.PERSONAL_DATA),
    (t.V_CONFIRM | t.V_BUY, t.O_ACCOUNT, AskKind.CONFIRM),
    (t.V_CLICK | t.V_OPEN, t.O_ACCOUNT, AskKind.CLICK),
    (t.V_CLICK | t.V_OPEN | t.V_CONFIRM | t.V_GIVE | t.V_PAY, t.O_LINK, AskKind.CLICK),
    (t.V_OPEN | t.V_CLICK | t.V_GIVE, t.O_ATTACHMENT, AskKind.OPEN_ATTACHMENT),
    (t.V_SCAN | t.V_CLICK | t.V_OPEN, t.O_QR, AskKind.SCAN_CODE),
    (t.V_CALL, t.O_PHONE, AskKind.CALL_BACK),
    (t.V_PAY | t.V_NEED, t.O_MONEY, AskKind.PAYMENT),
    (t.V_PAY | t.V_NEED | t.V_NEEDED, t.O_FEE, AskKind.FEE),
    (t.V_BUY | t.V_GIVE | t.V_NEED | t.V_PAY, t.O_GIFT, AskKind.GIFT_CARD),
    (t.V_INSTALL | t.V_OPEN, t.O_PROGRAM, AskKind.INSTALL),
    (t.V_INSTALL | t.V_OPEN | t.V_CLICK, t.O_RUNNABLE, AskKind.INSTALL),
    (t.V_DISARM, t.O_GUARD | t.O_FACTOR, AskKind.AGAINST_WARNING),
    (t.V_IGNORE, t.O_GUARD | t.O_ALERT, AskKind.AGAINST_WARNING),
    (t.V_RENAME, t.O_RUNNABLE | t.O_PACKED, AskKind.AGAINST_WARNING),
    (t.V_PAY | t.V_GIVE | t.V_BUY, t.O_CRYPTO, AskKind.CRYPTOCURRENCY),
    (t.V_REPLY, t.O_DATA, AskKind.REPLY_WITH_DATA),
    (t.V_PAY, t.O_IBAN, AskKind.RIB_CHANGE),
    (t.V_CHANGE | t.V_CLICK, t.O_IBAN, AskKind.RIB_CHANGE),
    (t.V_PAY, t.O_IBAN, AskKind.PAYMENT),
    (t.V_CONFIRM | t.V_CLICK | t.V_OPEN | t.V_INSTALL | t.V_GIVE, t.O_APPROVAL, AskKind.APPROVAL),
    (t.V_GIVE | t.V_EXTRACT | t.V_NEED | t.V_NEEDED, t.O_MASS, AskKind.MASS_DATA),
    (t.V_GIVE | t.V_NEED | t.V_NEEDED, t.O_MASS, AskKind.PERSONAL_DATA),
    (t.V_GIVE | t.V_NEED | t.V_NEEDED | t.V_CHANGE | t.V_CONFIRM, t.O_OTHER, AskKind.THIRD_PARTY_DATA),
    (t.V_GIVE | t.V_NEED | t.V_NEEDED | t.V_LOGIN | t.V_CLICK | t.V_CONFIRM, t.O_WORK, AskKind.CREDENTIALS),
)
ALONE: tuple[tuple[int, AskKind], ...] = (  # verbs that are an ask without an object
    (t.V_PAY, AskKind.PAYMENT),
)
BUTTONS: tuple[tuple[int, AskKind], ...] = (
    (t.V_CONFIRM, AskKind.CONFIRM),
    (t.V_CLICK | t.V_OPEN | t.V_REPLY, AskKind.CLICK),
)
PHRASES: tuple[tuple[int, AskKind], ...] = (
    (t.A_RIB_CHANGE, AskKind.RIB_CHANGE),
    (t.A_SECRECY, AskKind.SECRECY),
    (t.A_ELSEWHERE, AskKind.CONTACT_ELSEWHERE),
    (t.A_CALL_BACK, AskKind.CALL_BACK),
    (t.A_REPLY, AskKind.REPLY_WITH_DATA),
    (t.A_CREDENTIALS, AskKind.CREDENTIALS),
    (t.A_PAYMENT, AskKind.PAYMENT),
    (t.A_FEE, AskKind.FEE),
    (t.A_INSTALL, AskKind.INSTALL),
    (t.A_OPEN, AskKind.OPEN_ATTACHMENT),
    (t.A_CONFIRM, AskKind.CONFIRM),
    (t.A_CLICK, AskKind.CLICK),
    (t.A_GIFT, AskKind.GIFT_CARD),
    (t.A_APPROVAL, AskKind.APPROVAL),
    (t.A_AGAINST, AskKind.AGAINST_WARNING),
)


@lru_cache(maxsize=4096)
def kinds_of_pair(verb: int, noun: int) -> tuple[AskKind, ...]:
    """The asks that a verb's tags and an object's tags make."""
    return tuple(dict.fromkeys(kind for verbs, nouns, kind in PAIRS if verb & verbs and noun & nouns))


@lru_cache(maxsize=4096)
def kinds_of(tags: int, table: tuple[tuple[int, AskKind], ...]) -> tuple[AskKind, ...]:
    """The asks that tags make by themselves, by one of the tables above."""
    return tuple(kind for mask, kind in table if tags & mask)
