"""What stands behind a link that leads elsewhere, as far as the URL itself says so. Nothing is fetched.

Three kinds: gateways that rewrite the links of the mail they protect (a link of theirs says nothing of the sender),
trackers of bulk mailers (the same), and pages that send a visitor wherever the URL says (open redirects).
"""

import base64
import binascii
import re
from functools import lru_cache
from urllib.parse import unquote

from gateway.content.url import Url, read_url

_EMBEDDED = re.compile(r"https?(?::|%3a|%253a)(?:/|%2f|%252f){1,2}[^\s\"'<>]{3,2048}", re.IGNORECASE)
_PROOFPOINT_V2 = re.compile(r"[?&]u=(https?-3A__[^&]{3,2048})", re.IGNORECASE)
_BARE_TARGET = re.compile(
    r"[?&](?:url|u|q|target|dest|destination|redirect|goto|r|to)=(?://)?(www\.[^&\s]{3,1024})", re.I
)

_BASE64_URL = re.compile(r"(?<![A-Za-z0-9])(?:a1)?(aHR0c(?:DovL|HM6Ly)[A-Za-z0-9_\-+/%]{4,2048})")
_AMP = re.compile(r"/amp/(?:s/)?((?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}(?:/[^?#]{0,512})?)", re.IGNORECASE)
# Pages of trusted hosts that send on by a code: their target doesn't stand in the link.
_BY_CODE = (
    ("linkedin.com", "/slink"),
    ("bing.com", "/ck/"),
    ("google.com", "/share.google"),
    ("youtube.com", "/attribution"),
)

CODE_PATHS = tuple(path for _, path in _BY_CODE)

# Gateways that rewrite what they protect: suffixes of hosts. Their owner is the receiver, or an earlier one.
REWRITERS = (
    "safelinks.protection.outlook.com",
    "urldefense.proofpoint.com",
    "urldefense.com",
    "urldefense.us",
    "protect2.fireeye.com",
    "protect-links.mimecast.com",
    "protection.sophos.com",
    "linkprotect.cudasvc.com",
    "secure-web.cisco.com",
    "imsva91-ctp.trendmicro.com",
    "clicktime.symantec.com",
    "url.emailprotection.link",
    "url.us.m.mimecastprotect.com",
    "protect-eu.mimecast.com",
    "protect-us.mimecast.com",
    "mimecastprotect.com",
    "can01.safelinks.protection.outlook.com",
    "antiphishing.vadesecure.com",
    "protect.mailinblack.com",
    "securelinks.altospam.com",
    "atpscan.global.hornetsecurity.com",
    "seclinks.cloud-security.net",
    "shared.outlook.inky.com",
    "avanan.click",
    "url.avanan.click",
)
# Buttons to share a page: they carry a URL and lead to the network itself.
_SHARING = (
    "facebook.com",
    "twitter.com",
    "x.com",
    "linkedin.com",
    "pinterest.com",
    "pinterest.fr",
    "whatsapp.com",
    "wa.me",
    "t.me",
    "telegram.me",
    "reddit.com",
    "outlook.live.com",
    "calendar.google.com",
    "addtoany.com",
    "addthis.com",
    "validator.w3.org",
    "web.archive.org",
)
_SHARING_PATH = re.compile(
    r"/(?:sharer?|intent|sharing|share-?article|pin/create|send|submit|calendar|web/|check)", re.I
)


def _is_below(host: str, suffixes: tuple[str, ...]) -> bool:
    return any(host == s or host.endswith("." + s) for s in suffixes)


@lru_cache(maxsize=8192)
def is_rewriter(host: str) -> bool:
    """Whether this host belongs to a gateway that rewrites the links of the mail it protects."""
    return _is_below(host, REWRITERS)


@lru_cache(maxsize=8192)
def _is_network(host: str) -> bool:
    return _is_below(host, _SHARING)


def is_sharing_button(host: str, rest: str) -> bool:
    """Whether a URL asks a social network or a calendar to take another URL in."""
    return _is_network(host) and _SHARING_PATH.match(rest) is not None


def embedded_target(url: Url, depth: int = 3) -> Url | None:
    """The innermost URL written inside this one's path or query, if any. At most `depth` layers."""
    found = _one_layer(url)
    if found is None or depth <= 1:
        return found
    return embedded_target(found, depth - 1) or found


def _one_layer(url: Url) -> Url | None:
    rest = url.rest
    if len(rest) < 8 or url.host == "":
        return None
    if "-3A__" in rest or "-3a__" in rest:
        proofpoint = _PROOFPOINT_V2.search(rest)
        if proofpoint is not None:
            return read_url(unquote(proofpoint.group(1).replace("-", "%").replace("_", "/")))
    start = rest.find("/v3/__http")
    if start >= 0:
        end = rest.find("__;", start)
        if end > 0:
            return read_url(rest[start + 6 : end])
    lower = rest.lower()
    embedded = _EMBEDDED.search(rest) if "http" in lower else None
    if embedded is not None:
        text = embedded.group()
        for _ in range(2):
            if "%" not in text[:14]:
                break
            text = unquote(text.partition("&")[0])
        return read_url(text)
    if "aHR0c" in rest:
        encoded = _BASE64_URL.search(rest)
        if encoded is not None:
            return _from_base64(unquote(encoded.group(1)))
    if "/amp/" in rest[:8] and url.host.startswith(("www.google.", "google.")):
        amp = _AMP.match(rest)
        if amp is not None:
            return read_url("https://" + amp.group(1))
    bare = _BARE_TARGET.search(rest) if "www." in lower else None
    return read_url(unquote(bare.group(1))) if bare is not None else None


def _from_base64(text: str) -> Url | None:
    text = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        decoded = (
            binascii.a2b_base64(text[: len(text) // 4 * 4])
            if len(text) % 4 == 1
            else base64.b64decode(text + "=" * (-len(text) % 4))
        )
    except (binascii.Error, ValueError):
        return None
    return read_url(decoded.decode("utf-8", "replace"))


def sends_on_by_code(host: str, rest: str) -> bool:
    """Whether a trusted host's page sends its visitor on to what only its own code names."""
    if not rest.startswith(CODE_PATHS):
        return False
    return any(rest.startswith(path) and (host == owner or host.endswith("." + owner)) for owner, path in _BY_CODE)
