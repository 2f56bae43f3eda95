"""Links that carry the address of the mail's own reader: the page they lead to fills it in and asks for the password.

Bulk mail carries it too, for leaving the list and for counting: what that means is the rules' to say.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from itertools import islice

from gateway.model.address import Mailbox

MAX_READERS = 5
_SHORTEST = 8  # letters of an address that is looked for


def carriers(hrefs: Sequence[str], readers: Iterable[Mailbox]) -> frozenset[int]:
    """The numbers of the URLs in which one of the first readers' addresses stands: plain, escaped, or in base64."""
    addresses = [address for address in map(str, islice(readers, MAX_READERS)) if len(address) >= _SHORTEST]
    if not addresses or not hrefs:
        return frozenset()
    small = {address.lower() for address in addresses}
    plain = {spelling for address in small for spelling in _spellings(address)}
    coded = {spelling for address in small.union(addresses) for spelling in _in_base64(address)}
    joined = "\n".join(hrefs)
    if not _holds(joined, plain, coded):
        return frozenset()
    return frozenset(index for index, href in enumerate(hrefs) if _holds(href, plain, coded))


def _holds(text: str, plain: Iterable[str], coded: Iterable[str]) -> bool:
    lower = text.lower()
    return any(spelling in lower for spelling in plain) or any(spelling in text for spelling in coded)


def _spellings(address: str) -> tuple[str, ...]:
    """As it is, and with its `@` escaped as URLs and mailers' trackers escape."""
    return address, *(address.replace("@", escaped) for escaped in ("%40", "%2540", "=40"))


def _in_base64(address: str) -> list[str]:
    """What of its base64 (RFC 4648) doesn't depend on what stands before or behind it, at each of the three places."""
    raw = address.encode()
    found = []
    for before in range(3):
        whole = (before + len(raw)) * 8 // 6  # digits before the last byte's end
        found.append(b64encode(b"-" * before + raw)[-(-before * 8 // 6) : whole].decode())
    return found
