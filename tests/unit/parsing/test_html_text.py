"""What the reader sees of an HTML text, what is hidden from him, and where he is led."""

import time

import pytest

from gateway.parsing.html_guard import is_too_dangerous
from gateway.parsing.html_strip import strip_html
from gateway.parsing.html_text import read_html

HIDDEN = [
    ("display", '<p style="display:none">secret</p>'),
    ("display in capitals", '<P STYLE="DISPLAY : NONE !important">secret</P>'),
    ("display escaped", '<p style="d\\69splay:none">secret</p>'),
    ("comment inside the style", '<p style="display:/**/none">secret</p>'),
    ("last declaration wins", '<p style="display:block;display:none">secret</p>'),
    ("visibility", '<p style="visibility:hidden">secret</p>'),
    ("font of 0", '<span style="font-size:0">secret</span>'),
    ("font of 1px", '<span style="font-size: 1px;">secret</span>'),
    ("font of 0.1em", '<span style="font-size:0.1em">secret</span>'),
    ("font of 1pt", '<span style="font-size:1pt">secret</span>'),
    ("font shorthand", '<span style="font:0/0 Arial">secret</span>'),
    ("opacity", '<div style="opacity:0">secret</div>'),
    ("opacity in percent", '<div style="opacity:1%">secret</div>'),
    ("white on white", '<span style="color:#ffffff">secret</span>'),
    ("near white on white", '<span style="color:#fefefe">secret</span>'),
    ("font element", '<font color="white">secret</font>'),
    ("rgb", '<span style="color:rgb(255, 255, 255)">secret</span>'),
    ("transparent", '<span style="color:transparent">secret</span>'),
    ("no alpha", '<span style="color:rgba(0,0,0,0)">secret</span>'),
    ("black on black cell", '<table><tr><td bgcolor="#000000"><p>secret</p></td></tr></table>'),
    ("inherited background", '<div style="background:#336699"><b><i style="color:#346699">secret</i></b></div>'),
    ("body background", '<body bgcolor="#eeeeee"><p style="color:#eeeeee">secret</p>'),
    ("off the left", '<div style="position:absolute; left:-9999px">secret</div>'),
    ("off the top", '<div style="position:fixed;top:-5000px">secret</div>'),
    ("indent", '<div style="text-indent:-9999px">secret</div>'),
    ("max-height", '<div style="max-height:0;overflow:hidden">secret</div>'),
    ("height and width", '<div style="height:1px;width:1px;overflow:hidden">secret</div>'),
    ("clip", '<div style="position:absolute;clip:rect(0,0,0,0)">secret</div>'),
    ("scale", '<div style="transform:scale(0)">secret</div>'),
    ("attribute", "<div hidden>secret</div>"),
    ("comment", "<!-- secret -->"),
    ("class", "<style>.x{display:none}</style><p class='a x'>secret</p>"),
    ("class and tag", "<style>p.x , .y{display:none}</style><p class=x>secret</p>"),
    ("id", "<style>#x{font-size:0}</style><p id=x>secret</p>"),
    ("tag", "<style>em{visibility:hidden}</style><em>secret</em>"),
    ("body and class", "<style>body .x{color:#fff}</style><p class=x>secret</p>"),
    ("sheet for the screen", "<style>@media screen{.x{display:none}}</style><p class=x>secret</p>"),
    ("sheet behind another rule", "<style>@import url(x);a{color:red}.x{color:#fff}</style><p class=x>secret</p>"),
    ("inside, whatever it says", '<div style="display:none"><p style="display:block">secret</p></div>'),
    ("preheader", '<div style="display:none;font-size:1px;color:#fff;max-height:0">secret</div>'),
]
SHOWN = [
    ("nothing", "<p>public</p>"),
    ("pale grey", '<p style="color:#cccccc">public</p>'),
    ("white on a dark button", '<a style="background:#003366;color:#fff" href="https://x.example">public</a>'),
    ("white on a dark cell", '<table><tr><td bgcolor="navy"><font color=white>public</font></td></tr></table>'),
    ("white on a picture", '<table background="x.png"><tr><td><p style="color:#fff">public</p></table>'),
    ("white on a gradient", '<div style="background:linear-gradient(red,blue)"><p style="color:#fff">public</p></div>'),
    ("cell spacing trick", '<td style="font-size:0"><div style="font-size:14px">public</div></td>'),
    ("visible again", '<div style="visibility:hidden"><p style="visibility:visible">public</p></div>'),
    ("telephones only", "<style>@media (max-width:600px){.x{display:none}}</style><p class=x>public</p>"),
    ("paper only", "<style>@media print{.x{display:none}}</style><p class=x>public</p>"),
    ("not hidden height", '<div style="height:1px">public</div>'),
    ("last declaration wins", '<p style="display:none;display:block">public</p>'),
    ("important wins", '<p style="display:block!important;display:none">public</p>'),
    ("aria-hidden is for ears", '<p aria-hidden="true">public</p>'),
    ("noscript is shown in mail", "<noscript>public</noscript>"),
    ("small print", '<p style="font-size:9px">public</p>'),
    ("unclosed", "<p>public<b"),
    ("class elsewhere", "<style>.x{display:none}</style><p class=y>public</p>"),
    ("after the end", "<html><body></body></html>public"),
    ("svg", "<svg><text>public</text></svg>"),
]


@pytest.mark.parametrize("html", [html for _, html in HIDDEN], ids=[name for name, _ in HIDDEN])
def test_hidden_text_is_told_apart(html: str) -> None:
    reading = read_html(f"<p>Bonjour</p>{html}<p>Merci</p>")
    assert "secret" in reading.hidden
    assert "secret" not in reading.visible
    assert reading.visible.split() == ["Bonjour", "Merci"]


@pytest.mark.parametrize("html", [html for _, html in SHOWN], ids=[name for name, _ in SHOWN])
def test_what_is_seen_is_not_called_hidden(html: str) -> None:
    reading = read_html(html)
    assert "public" in reading.visible
    assert "public" not in reading.hidden


def test_blocks_are_lines_and_inline_tags_split_no_word() -> None:
    reading = read_html("<div>Votre c<b>ar</b>te<i> vi</i>tale</div><p>Deux<br>trois</p><ul><li>a<li>b</ul>")
    assert reading.visible == "Votre carte vitale\nDeux\ntrois\na\nb"
    assert reading.split_words == 3


def test_line_ends_of_the_source_are_blanks_but_in_pre() -> None:
    reading = read_html("<p>Confirmez votre\r\ncarte\n  vitale</p><pre>un\ndeux</pre><pre><b>trois\nquatre</b></pre>")
    assert reading.visible == "Confirmez votre carte vitale\nun\ndeux\ntrois\nquatre"


def test_marks_that_come_in_disturb_no_place() -> None:
    for mark in ("\ue00f", "&#xe00f;", "&#57360;", "\ue010"):
        reading = read_html(f"<p>a{mark}b <a href=x>c</a> {mark}</p>")
        assert reading.visible.replace("\n", "") in ("ab c", "a b c", "ab c ")
        assert reading.links[0].offset in (-1, reading.visible.index("c"))


def test_a_link_that_shows_nothing_makes_no_line() -> None:
    reading = read_html("<div>a</div><div><a href=x><img src=y></a></div><div><a href=z>b</a></div>")
    assert reading.visible == "a\nb"
    assert [link.offset for link in reading.links] == [2, 2]


def test_letters_in_cells_are_a_line_and_turned_letters_are_marked() -> None:
    cells = "".join(f"<td>{letter}</td>" for letter in "carte")
    assert read_html(f"<p>Votre</p><table><tr>{cells}</tr></table><p>fin</p>").visible == "Votre\nc a r t e\nfin"
    assert read_html("<p>ma <bdo dir=rtl>etrac</bdo> est</p>").visible == "ma \u202eetrac\u202c est"
    style = "unicode-bidi:bidi-override; direction:rtl"
    assert read_html(f"<p>ma <span style='{style}'>etrac</span> est</p>").visible == "ma \u202eetrac\u202c est"


def test_hidden_letters_inside_a_word_do_not_part_it() -> None:
    reading = read_html('<p>ca<span style="font-size:0">zz</span>rte</p>')
    assert reading.visible == "carte"
    assert reading.hidden == "zz"
    assert reading.hidden_letters == 2


def test_comments_are_no_hidden_letters() -> None:
    assert read_html("<p>a</p><!-- un long commentaire de gabarit -->").hidden_letters == 0


def test_links_tell_where_they_lead_and_what_they_show() -> None:
    reading = read_html(
        '<p>Voir <a href=" https://a.example/x?y=1&amp;z=2 ">mon <b>compte</b></a> ou '
        '<a href="https://b.example"><img src="cid:1" alt="Cliquez ici"></a>'
        '<a href="#top">haut</a><a style="display:none" href="https://c.example">rien</a></p>'
    )
    assert [(link.href, link.shown, link.is_image, link.visible) for link in reading.links] == [
        ("https://a.example/x?y=1&z=2", "mon compte", False, True),
        ("https://b.example", "Cliquez ici", True, True),
        ("https://c.example", "rien", False, False),
    ]
    first = reading.links[0].offset
    assert reading.visible[first : first + 10] == "mon compte"
    assert reading.images[0].alt == "Cliquez ici"
    assert reading.alternatives == "Cliquez ici"


def test_forms_scripts_refresh_base_and_headings() -> None:
    reading = read_html(
        "<head><title>Mon  espace</title><base href='https://b.example/'>"
        "<meta http-equiv=Refresh content='0; url=https://r.example/'></head>"
        "<h1>Carte <b>Vitale</b></h1><h2 style='display:none'>non</h2>"
        "<form action='https://f.example/p'><input name=user><input type=PASSWORD name=p></form><script>1</script>"
    )
    assert reading.title == "Mon espace"
    assert reading.base == "https://b.example/"
    assert reading.refresh == "https://r.example/"
    assert reading.headings == ("Carte Vitale",)
    assert reading.scripts == 1
    assert reading.forms[0].action == "https://f.example/p"
    assert reading.forms[0].has_password


def test_a_marked_quote_is_apart() -> None:
    reading = read_html(
        '<p>Merci</p><blockquote type="cite"><p>ancien <a href="https://o.example">lien</a></p></blockquote><p>Fin</p>'
    )
    assert reading.visible == "Merci\nFin"
    assert reading.quoted == "ancien lien"
    assert [link.href for link in reading.quoted_links] == ["https://o.example"]


BOMBS = {
    "nested": "<div>" * 200_000,
    "nested and closed": "<div>" * 60_000 + "</div>" * 60_000,
    "attributes": "<a " + " ".join(f"a{i}" for i in range(100_000)) + ">x</a>",
    "attributes with quoted marks": "<a " + " ".join(f'a{i}=">"' for i in range(60_000)) + ">x</a>",
    "attributes behind a quoted mark": '<a x="<" ' + " ".join(f"a{i}" for i in range(60_000)) + ">x</a>",
    "attributes behind a stray quote": '<a b" x=">" ' + " ".join(f"a{i}" for i in range(60_000)) + ">x</a>",
    "attributes by slashes": "<a" + "".join(f"/a{i}" for i in range(60_000)) + ">x</a>",
    "formatting left open": "".join(f"<b a={i}><p>" for i in range(20_000)),
    "formatting left open, small": "".join(f"<b a={i}><p>" for i in range(2_000)),
    "anchors left open": "".join(f"<a href={i}><p>" for i in range(20_000)),
    "anchors and tables left open": "".join(f"<a href={i}><p><table><td>" for i in range(450)) + "<p>x" * 20_000,
    "formatting in odd case": "".join(f"<sTrOnG a={i}><p>" for i in range(3_000)),
    "fonts left open": "".join(f"<font color={i}>" for i in range(500)) + "<p>x" * 100_000,
    "adoption": "<b>" * 2000 + "<div>" * 2000 + "</b>" * 2000,
    "closing below a tower": "<div>" * 1400 + "</p>" * 200_000,
    "list below a tower": "<ul><li>" * 1400 + "<li>" * 200_000,
    "attribute of 1 MB": '<a x="' + "y" * 1_000_000 + '">z</a>',
    "comments": "<!--" * 200_000,
    "instructions": "<?" * 300_000,
    "brackets": "<" * 1_000_000,
    "closing only": "</b>" * 250_000,
    "open style comments": "<style>" + "/*" * 30_000 + "</style>x",
    "open braces": "<style>" + ".a{" * 20_000 + "</style>x",
    "selectors": "<style>" + ".a," * 20_000 + "{color:red}</style><p class=a>x",
    "at rules": "<style>" + "@media x{" * 7000 + "</style>x",
    "one rule many times": "<style>" + ".a{color:red}" * 5000 + "</style>" + "<p class=a>x" * 1000,
    "classes": "<style>.a{color:red}</style><p class='" + "a " * 400_000 + "'>x",
    "long style": "<p style='" + "color:red;" * 90_000 + "'>x",
    "links": "<a href=x>y</a>" * 60_000,
    "entities": "&amp;" * 200_000,
    "text": "a " * 500_000,
    "selects": "<select><option>" * 60_000,
    "tables": "<table><tr><td>" * 60_000,
    "templates": "<template>" * 60_000,
    "svg": "<svg><g>" * 60_000,
    "forms": "<form><button>" * 60_000,
    "anchors in tables": "<a><table>" * 30_000,
    "foster": "<table>" + "<b>x" * 60_000,
    "rubies": "<ruby><rt>" * 50_000,
    "framesets": "<frameset>" * 50_000,
    "headings": "<h1>" * 50_000,
    "dd": "<dl><dd>" * 1400 + "<dd>" * 50_000,
    "buttons": "<button><p>" * 30_000,
    "objects": "<object><p></object>" * 30_000,
    "colours": "".join(f"<font color=#{i:06x}>x</font>" for i in range(20_000)),
    "marks": "\ue00f" * 300_000,
    "attributes that hold tags": "<p " + "".join(f' a{i}="<b>"' for i in range(70_000)) + ">x",
    "attributes that hold brackets": "<p " + "".join(f" a{i}='<>'" for i in range(70_000)) + ">x",
    "attributes after a blank": "<p " + "".join(f' a{i}= "<i x>"' for i in range(60_000)) + ">x",
    "attributes behind a text": "x " * 2000 + "<p " + "".join(f' a{i}="<>"' for i in range(70_000)) + ">x",
}


@pytest.mark.parametrize("name", BOMBS)
def test_hostile_markup_costs_bounded_time(name: str) -> None:
    html = BOMBS[name]
    start = time.process_time()
    reading = read_html(html)
    took = time.process_time() - start
    assert took < 1.0, f"{name}: {took:.2f} s, kept from the parser: {reading.too_dangerous}"


def test_what_the_guard_stops_is_still_read() -> None:
    html = (
        "<style>p{}</style><div>" * 3000
        + "Votre <b>carte</b> vitale <a href='https://x.example/?a&amp;b'>ici</a>"
        + "<p>fin"
    )
    reading = read_html(html)
    assert reading.too_dangerous
    assert reading.visible.endswith("Votre carte vitale ici\nfin")
    assert reading.links[0].href == "https://x.example/?a&b"
    assert reading.links[0].shown == "ici"


def test_the_plain_stripper_takes_any_scrap() -> None:
    for scrap in (
        "<" + " " * 20 + "x>y",
        "< >",
        "<>",
        "<a href>",
        "<a href=>x",
        "<a href='",
        "<script",
        "</",
        "<a " + "=" * 9,
    ):
        strip_html(scrap * 3)


def test_ordinary_newsletters_pass_the_guard() -> None:
    row = (
        '<tr><td class="a" style="color:#333;padding:0"><p>Texte <a href="https://x.example/{}">lien</a><br></td></tr>'
    )
    html = "<html><body><table>" + "".join(row.format(i) for i in range(800)) + "</table></body></html>"
    assert not is_too_dangerous(html)


@pytest.mark.parametrize("html", ["", "\0", "\ud800", "<", "</", "<!", "<!doctype", "a\0b<p\0>c", "<html><frameset>"])
def test_scraps_are_read(html: str) -> None:
    assert read_html(html).links == ()


def test_words_of_a_heading_stay_apart_between_elements() -> None:
    assert read_html("<h1>Votre <b>carte</b> <i>vitale</i></h1>").headings == ("Votre carte vitale",)


def test_what_turns_letters_and_is_empty_turns_nothing_that_follows() -> None:
    for html in ("a<bdo dir=rtl></bdo> bc", "a<bdo dir=rtl><b></b></bdo> bc"):
        assert read_html(html).visible == "a bc"
    assert read_html("<bdo dir=rtl>cba</bdo>").visible == "\u202ecba\u202c"
