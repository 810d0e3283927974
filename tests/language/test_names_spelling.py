from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.language.names import compare_names, find_names
from qa_service.language.names_spelling import spelled_words, stands_in
from qa_service.language.tokens import name_key
from qa_service.models import Agreement, Name


def asked(text: str, kind: str = "other") -> Name:
    return Name(text, name_key(text), kind, 0, len(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Autoliv Việt Nam", "Autoliv Vietnam"),
        ("Hà Nội", "Hanoi"),
        ("Quangninh", "Quảng Ninh"),
        ("Sông Khoai", "Songkhoai"),
        ("Sông Khoai Vietnam", "Songkhoai Việt Nam"),
        ("ABC-Werke", "ABC Werke"),
        ("ABCWerke", "ABC-Werke"),
        ("Thyssen Krupp", "ThyssenKrupps"),
        ("Sør-Varanger", "Sørvaranger"),
        ("Brodara", "Brodaras"),
    ],
)
def test_a_name_agrees_with_its_syllables_together_or_apart(one: str, other: str) -> None:
    for name, text in ((one, f"xx {other} yy"), (other, f"xx {one} yy")):
        assert compare_names(asked(name), (), text) is Agreement.AGREES


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Quảng Nam", "Quảng Ninh"),
        ("An Giang", "Giang An"),
        ("Thanh An", "Than Han"),
        ("Oslo", "Osloer"),
        ("Foxconn", "Foxconnect"),
        ("Bergen", "Bergenhus"),
        ("Anna", "an na"),
        ("Nam Dinh", "Viet Nam Dinhh"),
        ("Hanoi", "Ha"),
        ("Songkhoai", "Song"),
    ],
)
def test_a_name_is_no_part_of_words(name: str, text: str) -> None:
    assert compare_names(asked(name), (), f"xx {text} yy") is Agreement.NEUTRAL


@pytest.mark.parametrize(
    ("name", "kind", "text", "language", "verdict"),
    [
        ("Autoliv Vietnam", "organisation", "Việt Nam xuất khẩu nhiều hơn", "vi", Agreement.NEUTRAL),
        ("Autoliv Vietnam", "organisation", "The plant of Autoliv", "en", Agreement.AGREES),
        ("Quang Ninh Province", "place", "Quảng Ninh thu hút 1,56 tỷ USD", "vi", Agreement.AGREES),
    ],
)
def test_a_place_in_the_name_of_a_company_is_not_the_company(
    name: str, kind: str, text: str, language: str, verdict: Agreement
) -> None:
    assert compare_names(asked(name, kind), find_names(text, language), text) is verdict


@given(st.lists(st.text("abcdefgh", min_size=2, max_size=6), min_size=1, max_size=4))
def test_any_name_stands_in_a_text_that_has_it(words: list[str]) -> None:
    assert stands_in(" ".join(words), spelled_words(f"zz {' '.join(words)} zz"))
    if len("".join(words)) > 4:
        assert stands_in("".join(words), spelled_words(f"zz {' '.join(words)} zz"))
