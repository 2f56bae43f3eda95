"""The reader's address in a link."""

from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import pytest

from gateway.content.addressed_links import carriers
from gateway.model.address import Mailbox
from gateway.model.domain import DomainName

CLAIRE = Mailbox("Claire.Moreau", DomainName("mutuelle.example"))
WRITTEN = "Claire.Moreau@mutuelle.example"


@pytest.mark.parametrize(
    "rest",
    [
        f"?e={WRITTEN}",
        f"#{WRITTEN.upper()}",
        f"/v/{quote(WRITTEN)}",
        f"?u={quote(quote(WRITTEN))}",
        f"?u={b64encode(WRITTEN.encode()).decode()}",
        f"?u={b64encode(WRITTEN.lower().encode()).decode()}",
        f"?u={urlsafe_b64encode(b'x' + WRITTEN.encode() + b'&id=1').decode()}",
        f"?u={urlsafe_b64encode(b'e=' + WRITTEN.encode() + b';;').decode()}",
    ],
)
def test_an_address_is_found_however_it_is_written(rest: str) -> None:
    others = ["https://a.example/", "https://a.example/?e=claire.morel@mutuelle.example", "mailto:x@y.example"]
    assert carriers([*others, f"https://a.example{rest}", "https://b.example/" + rest], [CLAIRE]) == {3, 4}


def test_what_is_no_address_is_not_looked_for() -> None:
    assert carriers([], [CLAIRE]) == frozenset()
    assert carriers(["https://a.example/a@b.c"], [Mailbox("a", DomainName("b.c"))]) == frozenset()
    assert carriers(["https://a.example/"], []) == frozenset()
