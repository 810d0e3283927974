from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.language.localise import format_country, format_list, format_quantity
from qa_service.language.localise_periods import format_period
from qa_service.language.quantities_answers import parse_quantity
from qa_service.language.quantities_same import same_quantity
from qa_service.models import Period, PeriodKind, Quantity, QuantityKind

QUANTITIES = [
    ("1 543 millioner amerikanske dollar", "nb", "en", "US$1,543 million"),
    ("1 543 millioner amerikanske dollar", "nb", "de", "1.543 Millionen US-Dollar"),
    ("1 543 millioner amerikanske dollar", "nb", "nb", "1\u00a0543 millioner amerikanske dollar"),
    ("1 543 millioner amerikanske dollar", "nb", "vi", "1.543 triệu USD"),
    ("1 543 millioner amerikanske dollar", "nb", "zh", "15.43亿美元"),
    ("more than 832 million USD", "en", "de", "über 832 Millionen US-Dollar"),
    ("more than 832 million USD", "en", "en", "more than US$832 million"),
    ("400ha đến 500ha", "vi", "en", "400–500 ha"),
    ("32,09 %", "de", "en", "32.09%"),
    ("32.09%", "en", "de", "32,09\u00a0%"),
    ("nummer tre", "nb", "en", "third"),
    ("nummer tre", "nb", "de", "Platz 3"),
    ("14th place", "en", "en", "14th"),
    ("$2.1 billion", "en", "de", "2,1 Milliarden Dollar"),
    ("$2.1 billion", "en", "en", "$2.1 billion"),
    ("640 Millionen Dirham", "de", "en", "640 million dirhams"),
    ("2.300 đến 2.900 tỷ đồng", "vi", "de", "2.300–2.900 Milliarden Dong"),
    ("930 tấn sản phẩm/năm", "vi", "en", "930 tonnes a year"),
    ("1.3 billion euros", "en", "fr", "1,3 milliard d'euros"),
    ("2,2 lần", "vi", "nb", "2,2 ganger"),
    ("sju måneder", "nb", "vi", "7 tháng"),
    ("1.000 Autos", "de", "nb", "1\u00a0000"),
    ("3,2 Milliarden tschechische Kronen", "de", "nb", "3,2 milliarder koruna"),
]


@pytest.mark.parametrize(("text", "source", "language", "told"), QUANTITIES)
def test_quantity_is_told_in_the_askers_language_and_the_articles_scale(
    text: str, source: str, language: str, told: str
) -> None:
    quantity = parse_quantity(text, source)
    assert quantity is not None
    assert format_quantity(quantity, language) == told


def _period(first: tuple[int, int, int] | None, last: tuple[int, int, int] | None, granularity: str) -> Period:
    kind = PeriodKind.AS_OF if first is None else PeriodKind.FROM if last is None else PeriodKind.DURING
    return Period(date(*first) if first else None, date(*last) if last else None, kind, granularity)


JUNE, HALF = ((2024, 6, 1), (2024, 6, 30), "month"), ((2024, 1, 1), (2024, 6, 30), "half")
SEVEN, QUARTER = ((2024, 1, 1), (2024, 7, 31), "range"), ((2024, 4, 1), (2024, 6, 30), "quarter")
END_OF_JUNE, DAY = (None, (2024, 6, 30), "month"), ((2024, 6, 30), (2024, 6, 30), "day")
PERIODS = [
    (JUNE, "en", "June 2024"),
    (JUNE, "vi", "tháng 6/2024"),
    (JUNE, "fr", "juin 2024"),
    (HALF, "en", "first half of 2024"),
    (HALF, "nb", "første halvår 2024"),
    (HALF, "vi", "6 tháng đầu năm 2024"),
    (SEVEN, "en", "first seven months of 2024"),
    (SEVEN, "de", "erste sieben Monate 2024"),
    (SEVEN, "vi", "7 tháng đầu năm 2024"),
    (QUARTER, "en", "Q2 2024"),
    (QUARTER, "de", "2. Quartal 2024"),
    (QUARTER, "vi", "quý II/2024"),
    (END_OF_JUNE, "en", "by the end of June 2024"),
    (END_OF_JUNE, "nb", "innen utgangen av juni 2024"),
    (DAY, "en", "30 June 2024"),
    (DAY, "de", "30. Juni 2024"),
    (DAY, "vi", "ngày 30/6/2024"),
    (((2017, 1, 1), (2022, 12, 31), "range"), "en", "2017 to 2022"),
    (((2021, 1, 1), None, "year"), "nb", "siden 2021"),
]


@pytest.mark.parametrize(("period", "language", "told"), PERIODS)
def test_period_is_told_in_the_askers_language(
    period: tuple[tuple[int, int, int] | None, tuple[int, int, int] | None, str], language: str, told: str
) -> None:
    assert format_period(_period(*period), language) == told


def test_countries_and_lists_are_told_by_cldr() -> None:
    assert [format_country("DE", language) for language in ("en", "nb", "vi")] == ["Germany", "Tyskland", "Đức"]
    assert format_country("VN-13", "en") == "VN-13"
    assert format_list(["a", "b", "c"], "nb") == "a, b og c"


CURRENCIES = ["USD", "EUR", "VND", "NOK", "PLN", "CAD", "dirham"]
UNITS = [
    *((code, QuantityKind.MONEY) for code in CURRENCIES),
    *((unit, QuantityKind.SHARE) for unit in ("%", "percentage point")),
    *((unit, QuantityKind.AREA) for unit in ("ha", "km2")),
    *((unit, QuantityKind.MEASURE) for unit in ("t", "MW", "TWh", "month")),
    ("", QuantityKind.COUNT),
    ("", QuantityKind.RATIO),
]
QUALIFIERS = [None, "about", "nearly", "more than", "less than", "at least", "at most"]


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    unit, kind = draw(st.sampled_from(UNITS))
    scale = draw(st.sampled_from([1, 10**6, 10**9])) if kind in (QuantityKind.MONEY, QuantityKind.COUNT) else 1
    digits = draw(st.decimals(min_value=Decimal("3"), max_value=Decimal("899"), places=draw(st.integers(0, 2))))
    if kind == QuantityKind.COUNT and scale == 1:
        digits = Decimal(draw(st.integers(2200, 10**6)))
    high = digits + 5 if draw(st.booleans()) and kind not in (QuantityKind.RATIO, QuantityKind.COUNT) else None
    return Quantity(
        amount=digits * scale, unit=unit, kind=kind, start=0, end=1, high=None if high is None else high * scale,
        scale=scale, digits=digits, qualifier=draw(st.sampled_from(QUALIFIERS)),
    )  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(quantities(), st.sampled_from(["en", "de", "nb", "vi"]))
def test_told_quantity_reads_back_the_same(quantity: Quantity, language: str) -> None:
    told = format_quantity(quantity, language)
    read = parse_quantity(told, language)
    assert read is not None, told
    assert same_quantity(read, quantity), (told, read)
    assert read.qualifier == quantity.qualifier, told


@settings(max_examples=150, deadline=None)
@given(quantities(), st.sampled_from(["fr", "es", "sv", "da", "zh", "ru", "xx"]))
def test_quantity_is_told_in_any_language(quantity: Quantity, language: str) -> None:
    assert any(char.isdigit() for char in format_quantity(quantity, language))
