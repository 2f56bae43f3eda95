"""Links judged."""

import pytest

from gateway.content.directory_index import DirectoryIndex
from gateway.content.links import MAX_LINKS, LinkJudge, shown_host
from gateway.content.lookalike import Lookalikes
from gateway.model.content_facts import Link, LinkFlag, LinkSource
from gateway.model.inspection import FoundLink
from tests.content_directory import DIRECTORY

_INDEX = DirectoryIndex(DIRECTORY)
JUDGE = LinkJudge(_INDEX, Lookalikes(_INDEX))


def judged(href: str, shown: str = "", source: LinkSource = LinkSource.HTML) -> Link:
    links, more = JUDGE.judge([FoundLink(source=source, href=href, shown=shown)])
    assert more == 0
    assert len(links) == 1
    return links[0]


@pytest.mark.parametrize(
    ("href", "shown", "flags", "why"),
    [
        ("https://www.ameli.fr/assure", "Mon compte", set(), "honest"),
        ("https://info.ameli.fr/x", "https://www.ameli.fr", set(), "same owner"),
        ("https://evil.example/x", "Cliquez ici", set(), "words show no host"),
        ("https://evil.example/x", "https://www.ameli.fr/compte", {"text_mismatch"}, "shows another"),
        ("https://evil.example/x", "www.ameli.fr", {"text_mismatch"}, "shows another, bare"),
        ("https://evil.example/x", "Rendez-vous sur ameli.fr", {"text_mismatch"}, "shows another, in words"),
        ("https://evil.example/x", "contact@ameli.fr", set(), "an address is not a host"),
        ("https://evil.example/x", "M.Durand", set(), "no host"),
        ("https://evil.example/x", "facture.pdf", set(), "a file name"),
        ("https://aka.ms/mfa", "microsoft.com/mfa", set(), "two domains of one identity"),
        (
            "https://u1.ct.sendgrid.net/ls/click?upn=abc",
            "www.legrand.example",
            set(),
            "a mailer's tracker stands between",
        ),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.ameli.fr%2F&data=1",
            "www.ameli.fr",
            set(),
            "a rewriting gateway, honest target",
        ),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.example%2F&data=1",
            "www.ameli.fr",
            {"text_mismatch"},
            "a rewriting gateway, another target",
        ),
        ("https://site.example/?next=https://evil.example/", "Voir", {"open_redirect"}, "open redirect"),
        ("https://site.example/login?next=https://www.site.example/a", "Voir", set(), "comes back to itself"),
        ("https://www.facebook.com/sharer/sharer.php?u=https://blog.example/", "f", set(), "share button"),
        ("https://www.ameli.fr@evil.example/", "Voir", {"user_info"}, "user-info"),
        ("http://0x7f000001/a", "Voir", {"ip_host", "obfuscated"}, "hexadecimal address"),
        ("http://192.0.2.9/a", "Voir", {"ip_host"}, "address"),
        ("http://192-0-2-9.host.example/a", "Voir", {"ip_host"}, "a hoster's name for an address"),
        ("http://vps-192.0.2.9.host.example/a", "Voir", {"ip_host"}, "a hoster's name for an address"),
        ("https://www.linkedin.com/slink?code=x", "Voir", {"shortener"}, "a trusted host's short link"),
        ("https://xn--tst-qla.example/", "Voir", {"punycode"}, "punycode"),
        ("https://bit.ly/3x", "Voir", {"shortener"}, "shortener"),
        ("https://arneli.fr/", "Voir", {"lookalike"}, "look-alike"),
        ("https://ameli.fr.suivi.example/", "Voir", {"brand_in_host"}, "brand in host"),
        ("https://evil.example/ameli/login.php", "Voir", {"brand_in_path"}, "brand in path"),
        ("https://blog.example/amelioration", "Voir", set(), "no brand in path"),
        ("https://evil.example:8443/", "Voir", {"odd_port"}, "odd port"),
        ("https://evil.example:443/", "Voir", set(), "usual port"),
        ("https://compte.pages.dev/", "Voir", {"shared_hosting"}, "shared hosting"),
        ("https://forms.gle/abc", "Voir", {"hosted_form"}, "hosted form"),
        ("https://docs.google.com/forms/d/e/1/viewform", "Voir", {"shared_hosting", "hosted_form"}, "Google form"),
        ("https://x.example/f/facture.zip", "Voir", {"file_download"}, "archive"),
        ("https://x.example/f/facture.iso?dl=1", "Voir", {"file_download"}, "disk image"),
        ("https://x.example/doc.pdf", "Voir", set(), "a PDF is read, not run"),
        ("https://x.example/unsubscribe?id=1", "Se désinscrire", {"unsubscribe"}, "unsubscribe"),
        ("data:text/html;base64,PGgx", "Voir", {"data_uri"}, "data"),
        ("javascript:location='x'", "Voir", {"script_uri"}, "script"),
    ],
)
def test_flags(href: str, shown: str, flags: set[str], why: str) -> None:
    assert {flag.value for flag in judged(href, shown).flags} - {"deep"} == flags, why


def test_a_page_is_no_front_door() -> None:
    assert LinkFlag.DEEP in judged("https://labo.example/prise-en-charge").flags
    assert LinkFlag.DEEP in judged("https://labo.example/?id=4").flags
    assert LinkFlag.DEEP not in judged("https://labo.example/").flags
    assert LinkFlag.DEEP not in judged("https://labo.example").flags


@pytest.mark.parametrize(
    ("href", "grants"),
    [
        ("https://microsoft.com/devicelogin", True),
        ("https://microsoft.com/common/oauth2/v2.0/authorize?client_id=1&scope=Mail.Read", True),
        ("https://login.microsoftonline.com/common/oauth2/v2.0/logout", False),
        ("https://teams.microsoft.com/l/meetup-join/19%3ameeting/0", False),
        ("https://inconnu.example/devicelogin", False),
    ],
)
def test_pages_that_let_somebody_in(href: str, grants: bool) -> None:
    assert (LinkFlag.GRANTS_ACCESS in judged(href).flags) is grants


def test_speaks_for_follows_the_real_target() -> None:
    assert judged("https://www.ameli.fr/").speaks_for == ("assurance_maladie",)
    link = judged("https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.ameli.fr%2F")
    assert (link.real_target, link.speaks_for) == ("www.ameli.fr", ("assurance_maladie",))
    link = judged("https://www.ameli.fr/?u=https://arneli.fr/")
    assert link.lookalike_of == ("assurance_maladie",)
    assert link.speaks_for == ()


@pytest.mark.parametrize("href", ["mailto:a@b.example", "tel:+33123456789", "cid:image1", "#haut", "page.html", ""])
def test_what_leads_nowhere_else_is_no_link(href: str) -> None:
    assert JUDGE.judge([FoundLink(source=LinkSource.HTML, href=href)]) == ((), 0)


def test_links_are_capped_and_the_rest_counted() -> None:
    found = [FoundLink(source=LinkSource.HTML, href=f"https://x.example/{n}") for n in range(MAX_LINKS + 50)]
    links, more = JUDGE.judge(found + found[:10])
    assert (len(links), more) == (MAX_LINKS, 50)


@pytest.mark.parametrize(
    ("shown", "host"),
    [
        ("https://www.ameli.fr/a", "www.ameli.fr"),
        ("http : // ameli.fr", "ameli.fr"),
        ("https://améli.fr", "xn--amli-cpa.fr"),
        ("fin.Merci", None),
        ("Mon espace", None),
        ("v2.0", None),
    ],
)
def test_shown_host(shown: str, host: str | None) -> None:
    assert shown_host(shown) == host


def test_what_is_remembered_is_cut() -> None:
    long = FoundLink(source=LinkSource.HTML, href="https://x.example/" + "a" * 2_000_000, shown="b" * 1_000_000)
    other = FoundLink(source=LinkSource.HTML, href=long.href + "c", shown=long.shown + "d")
    links, _ = JUDGE.judge([long, other])
    assert len(links) == 1  # the same as far as it is looked at
    assert len(links[0].shown) <= 80
