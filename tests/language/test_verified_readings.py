"""Readings that the verification of claims found wrong."""

import pytest

from qa_service.language.names import find_names
from qa_service.language.places import country_of_adjective, world_region
from qa_service.language.quantities import find_quantities


def test_change_of_a_share_to_a_share_is_no_range():
    found = find_quantities("The share fell by four percentage points to 19%.", "en")
    assert [(str(q.amount), q.unit, q.high) for q in found] == [("4", "percentage point", None), ("19", "%", None)]


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [("Sản lượng không thấp hơn 350 triệu kWh", "at least"), ("Chi phí không vượt quá 20 triệu đồng", "at most")],
)
def test_vietnamese_denied_comparison_is_a_bound(text, qualifier):
    assert [q.qualifier for q in find_quantities(text, "vi")] == [qualifier]


@pytest.mark.parametrize(
    ("text", "language"),
    [("2,4 Milliarden Franken", "de"), ("2.4 billion Swiss francs", "en"), ("2,4 tỷ franc Thụy Sĩ", "vi")],
)
def test_franken_are_swiss(text, language):
    assert [q.unit for q in find_quantities(text, language)] == ["CHF"]


def test_italy_in_one_vietnamese_letter():
    assert [name.code for name in find_names("tiếp theo là Ý với 38.700 tấn", "vi")] == ["IT"]
    assert find_names("Bộ trưởng Y tế", "vi") == ()


@pytest.mark.parametrize(
    ("key", "language"), [("africa", "en"), ("afrika", "de"), ("afrika", "nb"), ("chau phi", "vi")]
)
def test_continent_has_one_code_in_every_language(key, language):
    assert world_region(key, language) == "002"


@pytest.mark.parametrize(
    ("word", "language", "code"),
    [
        ("colombian", "en", "CO"),
        ("nigerian", "en", "NG"),
        ("austrian", "en", "AT"),
        ("kolumbianische", "de", "CO"),
        ("deutsche", "de", "DE"),
        ("bulgarske", "nb", "BG"),
        ("market", "en", None),
    ],
)
def test_adjective_is_of_the_country_it_grows_out_of(word, language, code):
    assert country_of_adjective(word, language) == code


def test_carried_currency_is_as_sure_as_the_one_before():
    found = find_quantities("It was C$1.97 billion, short of the 2.1 billion it had aimed for.", "en")
    assert [(q.unit, q.unit_assumed) for q in found] == [("CAD", False), ("CAD", False)]
