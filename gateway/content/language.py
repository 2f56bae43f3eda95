"""Which language a text is written in: French, English or neither, by its small words."""

from gateway.model.folded import Folded, Region

MAX_CHARACTERS = 4000
MIN_WORDS = 3
# None of them is a word of Spanish, Portuguese or Italian too: « de », « la », « que », « un » tell nothing
_FRENCH_WORDS = """
    les des du une et est vous votre vos nous notre pour dans sur avec par ne pas je mon mes ce cette sont avez merci
    bonjour cordialement au aux en plus il elle ou ai suis
"""
_ENGLISH_WORDS = """
    the of and to in is you your that for on with this we our are be have will from not it by please or has can an my
    was at if dear hello regards thank thanks any all been
"""
_FRENCH = frozenset(_FRENCH_WORDS.split())
_ENGLISH = frozenset(_ENGLISH_WORDS.split())


def find_language(folded: Folded) -> str:
    """ "fr", "en" or "" when too few small words tell."""
    text = folded.region(Region.SUBJECT, Region.VISIBLE)[:MAX_CHARACTERS] or folded.text[:MAX_CHARACTERS]
    words = text.split()
    french = sum(map(_FRENCH.__contains__, words))
    english = sum(map(_ENGLISH.__contains__, words))
    if max(french, english) < MIN_WORDS or french == english:
        return ""
    return "fr" if french > english else "en"
