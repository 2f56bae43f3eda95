"""Words of rule files folded as the text of messages is: rules are written in readable French, accents and all."""

import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "’": "'", "‘": "'", "ʼ": "'"})


def fold_text(text: str) -> str:
    """Lower-case ASCII of a rule's own text; what has no ASCII form is dropped."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES).lower())
    return decomposed.encode("ascii", "ignore").decode("ascii").lower()


def fold_words(text: str) -> str:
    """The words of a literal: `a-z0-9` with one blank between. « L'e-mail » is `l e mail`, as the scan sees it."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold_text(text)).split())
