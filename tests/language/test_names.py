from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.language.names import compare_names, find_names
from qa_service.models import Agreement, Name


def name(text: str, language: str = "en") -> Name:
    (found,) = find_names(f"xx {text}", language)
    return found


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("en", "Fengyi's factory in Can Tho employs 9,800 people", ["Fengyi", "Can Tho"]),
        ("en", "Head of the Quang Ninh board Hoang Dinh Kien said", ["Quang Ninh", "Hoang Dinh Kien"]),
        ("en", "Turnover rose 12.3 percent on Tuesday in June", []),
        ("en", "The FDI of Foxconn Singapore PTE LTD", ["Foxconn Singapore PTE LTD"]),
        ("de", "Im Hafen Tanger Azrak sagte Hafenchef Younes El Khattabi", ["Tanger Azrak", "Younes El Khattabi"]),
        ("de", "Wie viel Kapital floss im zweiten Quartal aus Marokko ab?", ["Marokko"]),
        ("de", "Wie groß ist das Gelände der Firma am Fluss?", []),
        ("nb", "Styreleder Dorota Malinowska forklarer nedgangen", ["Dorota Malinowska"]),
        ("nb", "etter Bac Ninh og Ba Ria-Vung Tau", ["Bac Ninh", "Ba Ria-Vung Tau"]),
        ("vi", "Đối thủ Katowice lần này, ở tây nam Ba Lan", ["Katowice", "Ba Lan"]),
        ("en", "growers in La Libertad and Viña del Mar", ["La Libertad", "Viña del Mar"]),
        ("vi", "Bà Phạm Thu Hằng làm giám đốc", ["Phạm Thu Hằng"]),
    ],
)
def test_names_are_told_from_words(language: str, text: str, names: list[str]) -> None:
    assert [found.text for found in find_names(text, language)] == names


@pytest.mark.parametrize(
    ("text", "language", "kind", "code"),
    [
        ("Ba Lan", "vi", "country", "PL"),
        ("Südkorea", "de", "country", "KR"),
        ("Tyskland", "nb", "country", "DE"),
        ("Quảng Ninh", "vi", "place", "VN-13"),
        ("Quang Nam", "en", "place", "VN-27"),
        ("Lower Silesia", "en", "place", "PL-02"),
    ],
)
def test_known_places_have_their_code(text: str, language: str, kind: str, code: str) -> None:
    found = name(text, language)
    assert (found.kind, found.code) == (kind, code)


def test_country_name_of_another_language_is_no_country() -> None:
    assert all(found.code != "PL" for found in find_names("He met Ba Lan", "en"))


@pytest.mark.parametrize(
    ("asked", "text", "language", "verdict"),
    [
        ("Quang Ninh", "Quảng Ninh thu hút 1,56 tỷ USD", "vi", Agreement.AGREES),
        ("Quang Ninh", "Ở Quảng Nam có 3 dự án", "vi", Agreement.CONTRADICTS),
        ("Katowice", "Besser lief es in Kattowitz", "de", Agreement.AGREES),
        ("Poland", "Katowice ở Ba Lan", "vi", Agreement.AGREES),
        ("Quang Ninh", "Vietnam attracted more", "en", Agreement.NEUTRAL),
        ("Brodara", "Wie hoch war Brodaras Umsatz", "de", Agreement.AGREES),
        ("Bach Long Electronics", "Bạch Long lãi 487 tỷ đồng", "vi", Agreement.AGREES),
        ("Gokin Solar", "Công ty Foxconn đầu tư", "vi", Agreement.NEUTRAL),
        ("Norway", "Sverige og Danmark", "nb", Agreement.NEUTRAL),
    ],
)
def test_asked_name_meets_its_other_spellings(asked: str, text: str, language: str, verdict: Agreement) -> None:
    assert compare_names(name(asked), find_names(text, language), text) is verdict


def test_names_of_the_collection_are_found_in_lower_case() -> None:
    known = {"quang ninh": "place", "gokin solar": "organisation"}
    found = find_names("how much did gokin solar invest in quang ninh", "en", known=known)
    assert [(n.text, n.kind) for n in found] == [("gokin solar", "organisation"), ("quang ninh", "place")]


@settings(deadline=None)
@given(st.text(max_size=100), st.sampled_from(["en", "de", "nb", "vi", "ja"]))
def test_offsets_lie_in_the_text_and_do_not_overlap(text: str, language: str) -> None:
    end = 0
    for found in find_names(text, language):
        assert text[found.start : found.end] == found.text
        assert end <= found.start
        end = found.end
