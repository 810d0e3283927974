"""Capitals that tell no name: German nouns, sentences in capitals, titles of papers, kinds asked for."""

from __future__ import annotations

import pytest

from qa_service.language.names import find_names

KNOWN = {"foxconn": "organisation", "deep c": "organisation", "brodara": "organisation", "song khoai": "place"}


def names(text: str, language: str) -> list[str]:
    return [found.text for found in find_names(text, language)]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "What does Plan No. 11/KH-KKTCN say about Quang Ninh?", ["11/KH-KKTCN", "Quang Ninh"]),
        ("en", "Which projects did Decree No. 80/2021/ND-CP cover?", ["80/2021/ND-CP"]),
        ("de", "Was steht im Plan Nr. 11/KH-KKTCN?", ["11/KH-KKTCN"]),
        ("nb", "Hva sier Plan nr. 11/KH-KKTCN?", ["11/KH-KKTCN"]),
        ("vi", "Nghị định số 80/2021/NĐ-CP nói gì?", ["80/2021/NĐ-CP"]),
        ("vi", "ke hoach 11/kh-kktcn noi gi", ["11/kh-kktcn"]),
        ("en", "Why is Foxconn No. 1 in Hanoi?", ["Foxconn", "Hanoi"]),
    ],
)
def test_a_numbered_paper_is_named_by_its_number(language: str, text: str, found: list[str]) -> None:
    assert names(text, language) == found


@pytest.mark.parametrize(
    "text",
    [
        "Welche Projekte wurden 2024 in Angriff genommen?",
        "Auf welcher Konferenz wurde das Protokoll unterzeichnet?",
        "Wie lautet der Slogan der Kampagne?",
        "Welchen Rückgang meldete das Amt?",
        "Um wie viel stieg der Absatz von Elektroautos?",
        "Was kostet der Tunnel beim Airport?",
        "Was besagt der Bescheid, und wie hoch ist der Zins?",
        "Wieviel Tonnen Kupfer lieferte die Mine?",
    ],
)
def test_a_german_noun_after_an_article_is_no_name(text: str) -> None:
    assert names(text, "de") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wie viele Arbeitsplätze schafft Foxconn?", ["Foxconn"]),
        ("Wann nahm Valmédis den Betrieb auf?", ["Valmédis"]),
        ("Wie hoch war der Umsatz von Brodara?", ["Brodara"]),
        ("Wie groß ist das Gelände der Fengyi-Fabrik?", ["Fengyi"]),
        ("Was plant die Caixa in Lissabon?", ["Caixa", "Lissabon"]),
        ("Was sagte das BKA zum ThyssenKrupp?", ["BKA", "ThyssenKrupp"]),
        ("Wie heißt der Präsident von Gokin Solar?", ["Gokin Solar"]),
        ("Wie viele Punkte holte das Bayern von heute?", ["Bayern"]),
    ],
)
def test_a_german_name_is_kept(text: str, found: list[str]) -> None:
    assert names(text, "de") == found


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "Which Conference was held in Hanoi?", ["Hanoi"]),
        ("nb", "Hvilken Konferanse ble holdt i Hanoi?", ["Hanoi"]),
        ("fr", "Quelle Conférence a eu lieu à Hanoi ?", ["Hanoi"]),
    ],
)
def test_the_kind_asked_for_is_no_name(language: str, text: str, found: list[str]) -> None:
    assert names(text, language) == found


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("de", "WIEVIEL FLÄCHE FOXCONN DEEP C", ["FOXCONN", "DEEP C"]),
        ("de", "WIE VIELE MITARBEITER HAT BRODARA", ["BRODARA"]),
        ("en", "HOW MUCH LAND DOES FOXCONN HAVE IN DEEP C", ["FOXCONN", "DEEP C"]),
        ("en", "How Much Did Brodara Invest In Quang Ninh In 2024", ["Brodara", "Quang Ninh"]),
        ("en", "Which Company Has The Largest Project In Song Khoai?", ["Song Khoai"]),
        ("nb", "HVOR MYE INVESTERTE FOXCONN I QUANG NINH", ["FOXCONN", "QUANG NINH"]),
        ("vi", "FOXCONN ĐẦU TƯ BAO NHIÊU VÀO QUẢNG NINH", ["FOXCONN", "QUẢNG NINH"]),
    ],
)
def test_where_all_is_capital_only_known_names_and_places_are(language: str, text: str, found: list[str]) -> None:
    assert [name.text for name in find_names(text, language, known=KNOWN)] == found


def test_a_name_in_capitals_is_still_a_name() -> None:
    assert names("FOXCONN SINGAPORE PTE LTD", "en") == ["FOXCONN SINGAPORE PTE LTD"]
