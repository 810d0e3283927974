from __future__ import annotations

from decimal import Decimal

import pytest

from qa_service.language.quantities_answers import parse_quantities, parse_quantity, readings
from qa_service.language.quantities_same import same_quantity
from qa_service.models import QuantityKind

ANSWERS = [
    ("1,543 million USD", "1543000000", "USD"),
    ("1.543 triệu USD", "1543000000", "USD"),
    ("1,543 tỷ USD", "1543000000", "USD"),
    ("1.543 Millionen USD", "1543000000", "USD"),
    ("1 543 millioner USD", "1543000000", "USD"),
    ("21,5 ha", "21.5", "ha"),
    ("53.4%", "53.4", "%"),
    ("69,3 %", "69.3", "%"),
    ("Six million", "6000000", ""),
    ("five", "5", ""),
    ("fünf", "5", ""),
    ("8.78 million products a year", "8780000", ""),
    ("2,7 milliarder tsjekkiske kroner", "2700000000", "CZK"),
]


@pytest.mark.parametrize(("text", "amount", "unit"), ANSWERS)
def test_short_answer_is_read_without_its_language(text: str, amount: str, unit: str) -> None:
    found = parse_quantity(text)
    assert found is not None
    assert (found.amount, found.unit) == (Decimal(amount), unit)


@pytest.mark.parametrize(
    ("text", "language", "rank"),
    [("eighth", "en", 8), ("3rd", "en", 3), ("thứ 8", "vi", 8), ("thứ ba", "vi", 3), ("Platz drei", "de", 3),
     ("tredjeplass", "nb", 3), ("14. plass", "nb", 14), ("third place", None, 3)],
)  # fmt: skip
def test_lone_ordinal_is_a_rank(text: str, language: str | None, rank: int) -> None:
    found = parse_quantity(text, language)
    assert found is not None
    assert (found.kind, found.amount) == (QuantityKind.RANK, Decimal(rank))


@pytest.mark.parametrize("text", ["2026", "Gokin Solar", "mars 2025", "30 June 2024", ""])
def test_dates_years_and_names_are_no_quantity(text: str) -> None:
    assert parse_quantity(text) is None


def test_answer_in_parts_gives_every_part() -> None:
    found = parse_quantities("3 projects, 19.943 million USD")
    assert [(q.amount, q.unit) for q in found] == [(3, ""), (19943000, "USD")]


def test_readings_hold_both_meanings_of_a_separator() -> None:
    assert {q.amount for q in readings("1.543 tỷ đồng", "vi")} == {1543 * 10**9, 1543 * 10**6}


SAME = [
    ("1 543 millioner amerikanske dollar", "nb", "US$1.543 billion", "en"),
    ("1,543 tỷ USD", "vi", "1.543 Mio. US-Dollar", "de"),
    ("4.86 terawatt hours", "en", "4,86 tỷ kWh", "vi"),
    ("310 decares", "en", "31 Hektar", "de"),
    ("100 đến 125 triệu USD", "vi", "US$100–125 million", "en"),
    ("512 million Canadian dollars", "en", "$512 million", "en"),
    ("4.2 billion kroner", "en", "4,2 Milliarden Kronen", "de"),
    ("640 million Moroccan dirhams", "en", "640 Millionen Dirham", "de"),
    ("third", "en", "nummer tre", "nb"),
    ("hai lần", "vi", "2 times", "en"),
]
DIFFERENT = [
    ("2.2 million euros", "en", "22 million euros", "en"),
    ("5 million euros", "en", "5 million dollars", "en"),
    ("5 million Canadian dollars", "en", "5 million US dollars", "en"),
    ("5 percent", "en", "5 percentage points", "en"),
    ("400 to 500 ha", "en", "400 ha", "en"),
    ("3 projects", "en", "third", "en"),
    ("10/14", "de", "10/15", "de"),
    ("58 øre per kilowattime", "nb", "58 øre per kilo", "nb"),
    ("5 tonnes", "en", "5 km", "en"),
]


@pytest.mark.parametrize(("a", "a_language", "b", "b_language"), SAME)
def test_same_quantity_across_languages_scales_and_units(a: str, a_language: str, b: str, b_language: str) -> None:
    one, two = parse_quantity(a, a_language), parse_quantity(b, b_language)
    assert one is not None
    assert two is not None
    assert same_quantity(one, two)
    assert same_quantity(two, one)


@pytest.mark.parametrize(("a", "a_language", "b", "b_language"), DIFFERENT)
def test_different_quantities_are_not_the_same(a: str, a_language: str, b: str, b_language: str) -> None:
    one, two = parse_quantity(a, a_language), parse_quantity(b, b_language)
    assert one is not None
    assert two is not None
    assert not same_quantity(one, two)


def test_bare_number_matches_any_unit_only_where_asked() -> None:
    bare, money = parse_quantity("1,35 Milliarden", "de"), parse_quantity("US$1.35 billion", "en")
    assert bare is not None
    assert money is not None
    assert not same_quantity(bare, money)
    assert same_quantity(bare, money, unitless_matches=True)
