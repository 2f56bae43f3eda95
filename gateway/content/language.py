"""Which language a text is written in: French, English or neither, by its small words."""

from gateway.model.folded import Folded, Region

MAX_CHARACTERS = 4000
MIN_WORDS = 3
_FRENCH = frozenset(
    [
        "le",
        "la",
        "les",
        "des",
        "du",
        "un",
        "une",
        "et",
        "est",
        "vous",
        "votre",
        "vos",
        "nous",
        "notre",
        "de",
        "pour",
        "dans",
        "sur",
        "avec",
        "par",
        "que",
        "qui",
        "ne",
        "pas",
        "je",
        "mon",
        "ma",
        "mes",
        "ce",
        "cette",
        "sont",
        "avez",
        "merci",
        "bonjour",
        "cordialement",
        "au",
        "aux",
        "en",
        "plus",
        "si",
        "il",
        "elle",
        "ou",
    ]
)
_ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "is",
        "you",
        "your",
        "that",
        "for",
        "on",
        "with",
        "this",
        "we",
        "our",
        "are",
        "be",
        "have",
        "will",
        "from",
        "not",
        "it",
        "by",
        "please",
        "or",
        "has",
        "can",
        "an",
        "my",
        "was",
        "at",
        "if",
        "dear",
        "hello",
        "regards",
        "thank",
        "thanks",
        "any",
        "all",
        "been",
    ]
)


def find_language(folded: Folded) -> str:
    """ "fr", "en" or "" when too few small words tell."""
    text = folded.region(Region.SUBJECT, Region.VISIBLE)[:MAX_CHARACTERS] or folded.text[:MAX_CHARACTERS]
    words = text.split()
    french = sum(map(_FRENCH.__contains__, words))
    english = sum(map(_ENGLISH.__contains__, words))
    if max(french, english) < MIN_WORDS or french == english:
        return ""
    return "fr" if french > english else "en"
