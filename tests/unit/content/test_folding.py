"""One folded text: tricks undone, honest writing left in peace, the way back kept."""

import time

import pytest

from gateway.content.folding import build_folded, fold, fold_regions, fold_seeing
from gateway.model.content_facts import FormFlag
from gateway.model.folded import Region

SAME = "votre carte vitale"
WRITTEN = [
    ("plain", "Votre Carte Vitale"),
    ("accents", "Vôtrè Càrté Vïtâle"),
    ("combining accents", "Vo\u0302tre Carte\u0301 Vitale"),
    ("Cyrillic", "Vоtrе Саrtе Vitаlе"),
    ("Greek", "Vοtre Cαrte Vιtale"),
    ("capitals of Greek", "ΒΟTRE".replace("Β", "V") + " CΑRΤΕ VΙΤΑLΕ"),
    ("full width", "Ｖｏｔｒｅ Ｃａｒｔｅ Ｖｉｔａｌｅ"),
    ("mathematical", "𝐕𝐨𝐭𝐫𝐞 𝘊𝘢𝘳𝘵𝘦 𝕍𝕚𝕥𝕒𝕝𝕖"),
    ("circled", "ⓥⓞⓣⓡⓔ ⓒⓐⓡⓣⓔ ⓥⓘⓣⓐⓛⓔ"),
    ("squared", "🆅🅾🆃🆁🅴 🅲🅰🆁🆃🅴 🆅🅸🆃🅰🅻🅴"),
    ("parenthesised", "⒱⒪⒯⒭⒠ ⒞⒜⒭⒯⒠ ⒱⒤⒯⒜⒧⒠"),
    ("hooks and strokes", "ʋɵŧɍɇ ƈⱥɽƭɛ ꝟɨʈɑłɇ"),
    ("Cherokee and Armenian", "ᏙΟТᎡᎬ ᏟᎪᎡᎢᎬ ᏙІᎢᎪᏞᎬ"),
    ("small capitals", "ᴠᴏᴛʀᴇ ᴄᴀʀᴛᴇ ᴠɪᴛᴀʟᴇ"),
    ("zero width", "Vo\u200btre Car\u200cte Vi\u2060ta\ufeffle"),
    ("soft hyphens", "Vo\u00adtre Car\u00adte Vi\u00adtale"),
    ("joiners and selectors", "V\u034fo\ufe0ftre Carte\u200d Vitale\U000e0041"),
    ("override", "Votre \u202eelatiV etraC\u202c"),
    ("spaced", "V o t r e  C a r t e  V i t a l e"),
    ("spaced without word gaps", "V o t r e C a r t e V i t a l e"),
    ("dotted", "V.o.t.r.e C.a.r.t.e V.i.t.a.l.e"),
    ("dashed", "V-o-t-r-e C-a-r-t-e V-i-t-a-l-e"),
    ("underlined", "V_o_t_r_e C_a_r_t_e V_i_t_a_l_e"),
    ("spaced by hard blanks", "V o t r e  C a r t e  V i t a l e".replace(" ", "\u00a0")),
    ("odd blanks", "Votre\u2003Carte\u00a0\u202fVitale"),
    ("white space", "  Votre\tCarte   Vitale \r\n"),
]  # fmt: skip


@pytest.mark.parametrize("text", [text for _, text in WRITTEN], ids=[name for name, _ in WRITTEN])
def test_all_spellings_fold_to_one(text: str) -> None:
    assert fold(text) == SAME


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("l’Assurance Maladie « ameli »", 'l\'assurance maladie " ameli "'),
        ("Œuvre, cœur, æ, ß", "oeuvre, coeur, ae, ss"),
        ("12,50 € – à régler", "12,50 euros - a regler"),
        ("ligne 1\r\n\r\n ligne 2", "ligne 1\nligne 2"),
        ("a b c", "a b c"),
        ("v o t r e d o s s i e r d e n t a i r e", "votre dossier dentaire"),
        ("M. J. Martin", "m. j. martin"),
        ("C.P.A.M.", "cpam."),
        ("jean.dupont@a.b.c.example", "jean.dupont@a.b.c.example"),
        ("1 2 3 4 5 6", "1 2 3 4 5 6"),
        ("FR76 3000 6000 0112 3456 7890 189", "fr76 3000 6000 0112 3456 7890 189"),
        ("", ""),
        ("\ud800x", "x"),
    ],
)
def test_what_is_left_as_it_is(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "trick"),
    [
        ("Vоtre cаrte", FormFlag.MIXED_ALPHABETS),
        ("car\u200bte vi\u200btale", FormFlag.ZERO_WIDTH),
        ("c\u00ada\u00adr\u00adte", FormFlag.ZERO_WIDTH),
        ("votre c a r t e v i t a l e", FormFlag.SPACED_LETTERS),
        ("facture\u202efdp.exe", FormFlag.RIGHT_TO_LEFT),
    ],
)
def test_tricks_are_seen(text: str, trick: FormFlag) -> None:
    assert trick in fold_seeing(text)[1]


@pytest.mark.parametrize(
    "text",
    [
        "Chère adhérente, l’échéance est fixée au 3 mars – merci d’avance ☺️👨‍👩‍👧",
        "Сергей Иванов, бухгалтер",
        "Μαρία Παπαδοπούλου",
        "محمد بن علي",
        "דוד כהן",
        "La vitamine β-carotène à 5 µg, Ω-3, Δ et π",
        "Consul\u00adtation hospita\u00adlière remboursée",
        "Offre\u200b spéciale \u200c\u00a0\u200c\u00a0\u200c",
        "La S.N.C.F. et le C.N.R.S.",
        "N° 12 : 1er étage, 2ème porte, n° FINESS 123456789",
        "山田太郎 株式会社",
        "👨‍⚕️ Docteur",
        "𝗡𝗼𝘂𝘃𝗲𝗮𝘂",
    ],
)
def test_honest_writing_is_no_trick(text: str) -> None:
    assert fold_seeing(text)[1] == frozenset()


def test_regions_are_marked_and_the_way_back_is_kept() -> None:
    folded = build_folded(
        [
            (Region.SUBJECT, "Vôtre C a r t e  V i t a l e"),
            (Region.VISIBLE, "Bonjour,\r\n\r\nl’espace   « Améli » de 12 €\u200b fin"),
            (Region.HIDDEN, ""),
            (Region.FILENAME, "reçu.pdf"),
        ],
        10_000,
    )
    assert folded.text == 'votre carte vitale\nbonjour,\nl\'espace " ameli " de 12 euros fin\nrecu.pdf'
    assert [(s.region, folded.text[s.start : s.end]) for s in folded.spans] == [
        (Region.SUBJECT, "votre carte vitale"),
        (Region.VISIBLE, 'bonjour,\nl\'espace " ameli " de 12 euros fin'),
        (Region.FILENAME, "recu.pdf"),
    ]
    for words, written in [
        ("carte vitale", "C a r t e  V i t a l e"),
        ("ameli", "Améli"),
        ("l'espace", "l’espace"),
        ("12 euros fin", "12 €\u200b fin"),
        ("recu.pdf", "reçu.pdf"),
        ("bonjour,\nl'espace", "Bonjour,\r\n\r\nl’espace"),
    ]:
        at = folded.text.index(words)
        assert folded.origin(at, at + len(words)) == written


def test_over_the_limit_head_and_tail_of_the_weightier_regions_stay() -> None:
    regions = [(Region.QUOTED, "q" * 5000), (Region.VISIBLE, "début " + "x" * 5000 + " fin")]
    result = fold_regions(regions, 2000)
    assert result.truncated
    assert [span.region for span in result.folded.spans] == [Region.VISIBLE]
    assert result.folded.text.startswith("debut ")
    assert result.folded.text.endswith(" fin")
    assert len(result.folded.text) <= 2001
    assert not fold_regions(regions, 20_000).truncated


HOSTILE = {
    "letters and blanks": "a " * 500_000,
    "letters and dots": "a." * 500_000,
    "zero width": "a\u200b" * 300_000,
    "soft hyphens": "a\u00ad" * 300_000,
    "overrides": "\u202ea" * 300_000,
    "marks": "e" + "\u0301" * 500_000,
    "all of Unicode": "".join(chr(c) for c in range(0x30000) if not 0xD800 <= c < 0xE000),
    "one mixed word": "аb" * 300_000,
    "ligatures": "\ufdfa" * 50_000,
    "line ends": "\n" * 1_000_000,
    "blanks": " " * 1_000_000,
    "spaced known words": "c a r t e v i t a l e " * 20_000,
    "spaced prefix": "c a r t e x " * 40_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_costs_bounded_time(name: str) -> None:
    start = time.process_time()
    once = fold(HOSTILE[name])
    took = time.process_time() - start
    assert took < 1.0, f"{took:.2f} s"
    assert once.isascii()
