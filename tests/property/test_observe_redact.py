"""The quick look before the log's redaction passes nothing that the redaction itself would mask."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.observe import redact as module

PATTERNS = (module._NIR, module._IBAN, module._CARD)
PIECES = st.sampled_from(
    ["1", "85", "0578", "2A", "2b", "006", "084", "91", "4970", "FR76", "mt84", "MALT", " ", ".", "-", '"', ","]
)


@given(st.lists(PIECES, min_size=8, max_size=24).map("".join))
@example("2850 52A 006.084")
@settings(max_examples=400, deadline=None)
def test_the_quick_look_misses_nothing(text: str) -> None:
    if any(pattern.search(text) for pattern in PATTERNS):
        assert module._POSSIBLE.search(text)


@given(st.one_of(*(st.from_regex(re.compile(pattern.pattern, re.ASCII)) for pattern in PATTERNS)))
@settings(max_examples=300, deadline=None)
def test_what_the_patterns_describe_is_never_passed_over(text: str) -> None:
    assert module._POSSIBLE.search(text)
