"""Every link of a message, judged: where it truly leads, for whom that host may speak, and what is odd about it.

The first `MAX_LINKS` different ones are judged, the rest counted; nothing is fetched. A link's text that shows another
host is a mismatch only when the two belong to different owners, and never where a rewriting gateway or a tracker of a
bulk mailer stands between: honest mail is full of those.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from gateway.content.addressed_links import carriers
from gateway.content.directory_index import DirectoryIndex, in_domains
from gateway.content.lookalike import Lookalikes
from gateway.content.office_names import is_office_label
from gateway.content.plain_fold import fold_short
from gateway.content.redirects import embedded_target, is_rewriter, is_sharing_button, sends_on_by_code
from gateway.content.registrable import is_top_level, registered_label, registrable_domain, same_owner
from gateway.content.telling_paths import DOWNLOADS, LEAVING, Telling
from gateway.content.url import MAX_URL, Url, head_end, read_url, read_usual_head
from gateway.model.address import Mailbox
from gateway.model.content_facts import Link, LinkFlag, LinkSource
from gateway.model.domain import DomainName, parse_domain
from gateway.model.inspection import FoundLink

MAX_LINKS = 500
MAX_SHOWN = 80
MAX_TEXT_SHOWN = 200

_SHOWN_URL = re.compile(r"(?:https?|ftp)\s?:\s?/\s?/\s?([^\s/?#<>\"'\\]{3,253})", re.IGNORECASE)
_SHOWN_HOST = re.compile(r"(?<![\w@.\-])((?:[\w-]{1,63}\.){1,6}([^\W\d_]{2,18}))(?![\w@-])")
_NUMBERED_HOST = re.compile(r"(?:[a-z]{0,8}-?)(?:\d{1,3}[.-]){3}\d{1,3}\.")  # a hoster's name for an address
_DOWNLOAD = re.compile(rf"\.(?:{'|'.join(map(re.escape, DOWNLOADS))})$", re.IGNORECASE)
# Where an account lets in a device or an application: whoever opened the other side is let in.
_GRANTS = re.compile(
    r"/(?:devicelogin|deviceauth|deviceauthorization|adminconsent)\b|/device/?$"
    r"|/oauth2?/[^?]{0,80}auth[^?]{0,20}\?.{0,600}?\bclient_id=",
    re.IGNORECASE,
)
_UNSUBSCRIBE = re.compile("|".join(LEAVING))
_LEAVE = re.compile(r"\bleave\b")
_UNSUBSCRIBE_TEXT = re.compile(r"desinscri|desabonn|unsubscribe|opt out|preferences|ne plus recevoir|se desinscrire")
# Parts of an address of a page that nobody but its tenant wrote: forms of the large platforms.
_FORM_PATHS = (
    ("docs.google.com", "/forms"),
    ("forms.gle", "/"),
    ("forms.office.com", "/"),
    ("forms.microsoft.com", "/"),
    ("customervoice.microsoft.com", "/"),
    ("airtable.com", "/shr"),
    ("notion.site", "/form"),
)
_USUAL_PORTS = frozenset((None, 80, 443))
_NO_HOST_SCHEMES = frozenset(("mailto", "tel", "sms", "cid", "mid", "callto", "geo", "about", "webcal", "skype", "sip"))


class LinkJudge:
    """Judges links against a directory."""

    def __init__(self, index: DirectoryIndex, lookalikes: Lookalikes) -> None:
        self._index = index
        self._lookalikes = lookalikes
        # Hosts come back, whole URLs hardly: what is unique to each reader stands in them.
        self._host_flags = lru_cache(maxsize=16384)(self._flags_of_host)
        self._by_head = lru_cache(maxsize=16384)(self._judge_head)
        self._telling = Telling(lookalikes.path_words)
        self._loaded_from = lru_cache(maxsize=4096)(self._judge_loaded)

    def judge(self, found: Iterable[FoundLink], readers: Iterable[Mailbox] = ()) -> tuple[tuple[Link, ...], int]:
        """(the links judged, how many more there were). Equal links count once; those without a host are left out,
        but for `data:` and script links. `readers` are those to whom the mail goes."""
        chosen, more = _distinct(found)
        bases: list[Link | None] = []  # of the usual ones, as far as the host tells
        rests: list[str] = []
        for one in chosen:
            href = one.href
            end = head_end(href)
            base = self._by_head(href[:end], len(href) > end + 1) if end > 0 else None
            bases.append(base)
            rests.append(href[end:] if base is not None and one.source is not LinkSource.IMAGE else "")
        telling = self._telling.among(rests)
        carrying = carriers([one.href for one in chosen], readers)
        links: list[Link] = []
        for index, one in enumerate(chosen):
            base = bases[index]
            link: Link | None
            if base is None or index in telling:
                link = self._judge_found(one)
            elif one.source is LinkSource.IMAGE:
                link = self._loaded_from(base.scheme, base.host, False)
            else:
                link = self._shown_as(one, base)
            if link is not None:
                if index in carrying:
                    link = link._replace(flags=link.flags | {LinkFlag.CARRIES_RECIPIENT})
                links.append(link)
        return tuple(links), more

    def _judge_head(self, head: str, deep: bool) -> Link | None:
        """What scheme and host alone tell of a URL written as nearly all are (`deep`: with a path behind them); None
        where the path tells more."""
        usual = read_usual_head(head)
        if usual is None or _forms_of(usual[1]):
            return None
        return self._judge_target(Url(*usual, False, None, "/-" if deep else "/"))

    def _judge_found(self, found: FoundLink) -> Link | None:
        url = read_url(found.href)
        if url is None or url.scheme in _NO_HOST_SCHEMES:
            return None
        if not url.host:
            return _without_host(found, url)
        if found.source is LinkSource.IMAGE:
            return self._loaded_from(url.scheme, url.host, url.is_address)
        return self._shown_as(found, self._judge_target(url))

    def _shown_as(self, found: FoundLink, base: Link) -> Link:
        """A judged target with the text that is shown for it."""
        flags = base.flags
        shown = fold_short(found.shown[:MAX_TEXT_SHOWN]) if found.shown else ""
        if found.shown and found.shown != found.href:
            if self._shows_another(found.shown[:MAX_TEXT_SHOWN], base):
                flags |= {LinkFlag.TEXT_MISMATCH}
            if _UNSUBSCRIBE_TEXT.search(shown):
                flags |= {LinkFlag.UNSUBSCRIBE}
        return Link(
            found.source,
            base.scheme,
            base.host,
            base.domain,
            shown[:MAX_SHOWN],
            base.speaks_for,
            base.lookalike_of,
            flags,
            base.real_target,
        )

    def _judge_loaded(self, scheme: str, host: str, is_address: bool) -> Link:
        """A picture that is loaded: only its host tells; paths are full of the names of networks and proxies."""
        flags, of = self._host_flags(host)
        if is_address:
            flags |= {LinkFlag.IP_HOST}
        return Link(
            source=LinkSource.IMAGE,
            scheme=scheme,
            host=host,
            domain=registrable_domain(host),
            speaks_for=self._index.speaks_for(host),
            lookalike_of=of,
            flags=flags,
        )

    def _judge_target(self, url: Url) -> Link:
        """All that doesn't depend on the text shown."""
        host, rest = url.host, url.rest
        flags: list[LinkFlag] = []  # beside those of the host
        if url.user_info:
            flags.append(LinkFlag.USER_INFO)
        if url.port is not None and url.port not in _USUAL_PORTS:
            flags.append(LinkFlag.ODD_PORT)
        if url.obfuscated:
            flags.append(LinkFlag.OBFUSCATED)
        if url.is_address or _is_numbered(host):
            flags.append(LinkFlag.IP_HOST)
        if sends_on_by_code(host, rest):
            flags.append(LinkFlag.SHORTENER)
        head = rest[:300].lower()
        if _UNSUBSCRIBE.search(head) or ("leave" in head and _LEAVE.search(head)):
            flags.append(LinkFlag.UNSUBSCRIBE)
        real_target, speaks_for = "", self._index.speaks_for(host)
        target = embedded_target(url) if len(rest) >= 8 and not is_sharing_button(host, rest) else None
        if target is not None and target.host and not same_owner(target.host, host):
            real_target = target.host
            if not self._is_middleman(host):
                flags.append(LinkFlag.OPEN_REDIRECT)
        host_flags, of = self._host_flags(host)
        judged = url
        if real_target and target is not None:
            target_flags, target_of = self._host_flags(real_target)
            flags += target_flags
            of = of or target_of
            speaks_for = self._index.speaks_for(real_target)
            judged = target
        path = judged.rest.partition("?")[0].partition("#")[0]
        if len(judged.rest) > 1:
            flags.append(LinkFlag.DEEP)
            # who sends on after consent (`redirect_uri`) is not where the consent is given
            if any(self._grants(asked) for asked in (judged, url)):
                flags.append(LinkFlag.GRANTS_ACCESS)
        if "." in path and _DOWNLOAD.match(path, path.rindex(".")):
            flags.append(LinkFlag.FILE_DOWNLOAD)
        forms = _forms_of(judged.host)
        if forms and path.startswith(forms):
            flags.append(LinkFlag.HOSTED_FORM)
        if not speaks_for and len(path) > 4:
            brands = self._lookalikes.path_brands(judged.rest)
            if brands:
                flags.append(LinkFlag.BRAND_IN_PATH)
                of = of or brands
        all_flags = host_flags.union(flags) if flags else host_flags
        return Link(
            LinkSource.TEXT, url.scheme, host, registrable_domain(host), "", speaks_for, of, all_flags, real_target
        )

    def _grants(self, url: Url) -> bool:
        return _GRANTS.search(url.rest[:1000]) is not None and bool(self._index.speaks_for(url.host))

    def _is_middleman(self, host: str) -> bool:
        return is_rewriter(host) or in_domains(host, self._index.directory.redirectors)

    def _flags_of_host(self, host: str) -> tuple[frozenset[LinkFlag], tuple[str, ...]]:
        directory = self._index.directory
        flags: set[LinkFlag] = set()
        if "xn--" in host:
            flags.add(LinkFlag.PUNYCODE)
        if in_domains(host, directory.shorteners):
            flags.add(LinkFlag.SHORTENER)
        if in_domains(host, directory.shared_hosting):
            flags.add(LinkFlag.SHARED_HOSTING)
        if in_domains(host, directory.hosted_forms):
            flags.add(LinkFlag.HOSTED_FORM)
        hosted = LinkFlag.SHARED_HOSTING in flags
        if is_office_label(host.partition(".")[0] if hosted else registered_label(host)):
            flags.add(LinkFlag.OFFICE_HOST)
        resemblance = self._lookalikes.judge(host)
        if resemblance.lookalike:
            flags.add(LinkFlag.LOOKALIKE)
        if resemblance.brand_in_host:
            flags.add(LinkFlag.BRAND_IN_HOST)
        return frozenset(flags), resemblance.of

    def _shows_another(self, shown: str, link: Link) -> bool:
        """Whether the text shows a host of another owner than the one it leads to."""
        if "." not in shown or LinkFlag.UNSUBSCRIBE in link.flags:
            return False
        host = shown_host(shown)
        if host is None or same_owner(host, link.host):
            return False
        if link.real_target:
            if same_owner(host, link.real_target):
                return False
        elif self._is_middleman(link.host):
            return False
        speakers = self._index.speaks_for(host)
        return not (speakers and set(speakers) & set(link.speaks_for or self._index.speaks_for(link.host)))


def _distinct(found: Iterable[FoundLink]) -> tuple[list[FoundLink], int]:
    """The first `MAX_LINKS` different links, and how many more there are."""
    chosen: list[FoundLink] = []
    seen: set[tuple[str, str, int]] = set()
    more = 0
    for one in found:
        href = one.href
        if not href or href[0] == "#":
            continue
        if len(href) > MAX_URL or len(one.shown) > MAX_TEXT_SHOWN:  # what is remembered is cut first
            one = FoundLink(source=one.source, href=href[:MAX_URL], shown=one.shown[:MAX_TEXT_SHOWN])
        key = (one.href, one.shown, id(one.source))  # a member of an enumeration stands for itself
        if key in seen:
            continue
        if len(seen) >= MAX_LINKS:
            more += 1
            continue
        seen.add(key)
        chosen.append(one)
    return chosen, more


@lru_cache(maxsize=8192)
def _is_numbered(host: str) -> bool:
    """Whether a host is a hoster's name for an address."""
    return _NUMBERED_HOST.match(host) is not None


@lru_cache(maxsize=8192)
def _forms_of(host: str) -> tuple[str, ...]:
    """Where a host's pages that any tenant writes begin."""
    return tuple(path for owner, path in _FORM_PATHS if in_domains(host, frozenset((DomainName(owner),))))


@lru_cache(maxsize=4096)
def shown_host(shown: str) -> DomainName | None:
    """The host that a link's text shows, if it shows one: a URL, or a bare host under a known top level."""
    match = _SHOWN_URL.search(shown)
    if match is not None:
        host = match.group(1).rpartition("@")[2].partition(":")[0]
        return parse_domain(host.strip("."))
    match = _SHOWN_HOST.search(shown)
    if match is None or not is_top_level(match.group(2).lower()):
        return None
    host = match.group(1)
    first, _, last = host.rpartition(".")
    if last[:1].isupper() and not first.isupper() and not first[:1].isupper():
        return None  # the end of a sentence and the start of the next
    return parse_domain(host)


def _without_host(found: FoundLink, url: Url) -> Link | None:
    flags = set()
    if url.scheme == "data":
        flags.add(LinkFlag.DATA_URI)
        if found.source is LinkSource.IMAGE:
            return None
    elif url.scheme in ("javascript", "vbscript"):
        flags.add(LinkFlag.SCRIPT_URI)
    elif url.scheme in ("file", "search-ms", "ms-word", "ms-excel", "ms-msdt", "ldap", "smb", "jar"):
        flags.add(LinkFlag.OBFUSCATED)
    elif url.scheme == "blob":
        flags.add(LinkFlag.DATA_URI)
    else:
        return None
    if url.obfuscated:
        flags.add(LinkFlag.OBFUSCATED)
    return Link(
        source=found.source,
        scheme=url.scheme,
        host="",
        domain=None,
        shown=fold_short(found.shown[:MAX_TEXT_SHOWN])[:MAX_SHOWN],
        flags=frozenset(flags),
    )
