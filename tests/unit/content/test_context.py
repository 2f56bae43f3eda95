"""Asks between quotation marks in a text that warns or reports are only shown."""

from gateway.content.context import MAX_QUOTED, quoted_by_the_author
from gateway.model.content_facts import Ask, AskKind, Sign, SignKind
from gateway.model.folded import Region

TEXT = 'attention, on lit "confirmez votre carte vitale ici" dans de faux mails'
START = TEXT.index("confirmez")
ASK = Ask(kind=AskKind.CONFIRM, region=Region.VISIBLE, start=START, end=START + 28)
WARNING = Sign(kind=SignKind.WARNING, region=Region.VISIBLE, start=0, end=9)


def test_quoted_ask_of_a_warning_is_moved() -> None:
    asks, signs = quoted_by_the_author(TEXT, (ASK,), (WARNING,))
    assert [ask.region for ask in asks] == [Region.QUOTED]
    assert signs == (WARNING,)


def test_without_a_warning_it_stays() -> None:
    urgency = Sign(kind=SignKind.URGENCY, region=Region.VISIBLE)
    assert quoted_by_the_author(TEXT, (ASK,), (urgency,))[0] == (ASK,)


def test_a_warning_in_another_region_moves_nothing() -> None:
    hidden = Sign(kind=SignKind.WARNING, region=Region.HIDDEN)
    assert quoted_by_the_author(TEXT, (ASK,), (hidden,))[0] == (ASK,)


def test_an_ask_outside_the_marks_stays() -> None:
    text = 'un "exemple de message recu" puis confirmez votre carte'
    ask = Ask(kind=AskKind.CONFIRM, region=Region.VISIBLE, start=text.index("confirmez"), end=len(text))
    assert quoted_by_the_author(text, (ask,), (WARNING,))[0] == (ask,)


def test_a_button_name_or_a_whole_letter_is_no_quotation() -> None:
    short = 'cliquez sur "confirmer" merci'
    start = short.index("confirmer")
    ask = Ask(kind=AskKind.CONFIRM, region=Region.VISIBLE, start=start, end=start + 9)
    assert quoted_by_the_author(short, (ask,), (WARNING,))[0] == (ask,)
    letter = '"' + "confirmez votre compte " * (MAX_QUOTED // 20) + '"'
    ask = Ask(kind=AskKind.CONFIRM, region=Region.VISIBLE, start=1, end=20)
    assert quoted_by_the_author(letter, (ask,), (WARNING,))[0] == (ask,)
