"""Wordings of one period: counted months, the year beside it in any order, and "the same period"."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.language.periods import find_periods, infer_anchor
from qa_service.models import Period, PeriodKind

# Far from the years asked about, so that nothing is read from the day of asking.
TODAY = date(2030, 11, 23)


def read(text: str, language: str) -> list[tuple[str, str]]:
    return [(p.iso(), p.kind.value) for p in find_periods(text, language, anchor=TODAY)]


@pytest.mark.parametrize(
    ("language", "text", "last"),
    [
        ("en", "in seven months of 2024", "07-31"),
        ("en", "after seven months of 2024", "07-31"),
        ("en", "nine months of 2024", "09-30"),
        ("en", "over the first five months of 2024", "05-31"),
        ("en", "in 7 months 2024", "07-31"),
        ("en", "two quarters of 2024", "06-30"),
        ("en", "the first 26 weeks of 2024", "06-30"),
        ("en", "the first ten weeks of 2024", "03-10"),
        ("en", "9M 2024", "09-30"),
        ("de", "nach sieben Monaten 2024", "07-31"),
        ("de", "in sieben Monaten des Jahres 2024", "07-31"),
        ("de", "in den ersten beiden Quartalen 2024", "06-30"),
        ("de", "nach drei Quartalen 2024", "09-30"),
        ("nb", "etter sju måneder av 2024", "07-31"),
        ("nb", "på sju måneder i 2024", "07-31"),
        ("nb", "ni måneder 2024", "09-30"),
        ("nn", "dei sju første månadene av 2024", "07-31"),
        ("nb", "de to første kvartalene av 2024", "06-30"),
        ("vi", "sau 7 tháng năm 2024", "07-31"),
        ("vi", "bay thang nam 2024", "07-31"),
        ("vi", "9T/2024", "09-30"),
        ("vi", "7T 2024", "07-31"),
        ("vi", "H1/2024", "06-30"),
        ("vi", "6T đầu năm 2024", "06-30"),
        ("vi", "hai quý đầu năm 2024", "06-30"),
        ("fr", "en sept mois de 2024", "07-31"),
        ("fr", "les deux premiers trimestres de 2024", "06-30"),
        ("es", "tras nueve meses de 2024", "09-30"),
        ("sv", "efter sju månader av 2024", "07-31"),
        ("da", "efter syv måneder af 2024", "07-31"),
        ("zh", "2024年头七个月", "07-31"),
        ("zh", "2024年前三季度", "09-30"),
    ],
)
def test_counted_months_of_a_year_start_with_it(language: str, text: str, last: str) -> None:
    assert read(text, language) == [(f"2024-01-01/2024-{last}", "during")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "he was in jail for six months in 2024"),
        ("nb", "satt i fengsel i sju måneder i 2024"),
        ("vi", "T12/2024 và 2024"),
        ("en", "$5M 2024"),
    ],
)
def test_a_duration_or_an_amount_is_not_counted_from_new_year(language: str, text: str) -> None:
    assert not any(period.granularity in ("half", "range") for period in find_periods(text, language, anchor=TODAY))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "2024 first half"),
        ("en", "2024, first half"),
        ("en", "2024 H1"),
        ("en", "first half (2024)"),
        ("en", "first half revenue 2024 Brodara"),
        ("en", "What did Brodara earn in 2024 in the first half?"),
        ("de", "2024 erstes Halbjahr"),
        ("de", "Umsatz 1. Halbjahr Brodara 2024"),
        ("de", "Wie hoch war 2024 der Umsatz von Brodara im ersten Halbjahr?"),
        ("nb", "2024 første halvår"),
        ("nb", "Hva tjente Brodara i 2024, første halvår?"),
        ("vi", "2024 nửa đầu năm"),
        ("vi", "năm 2024, 6 tháng đầu năm"),
        ("vi", "lợi nhuận 6 tháng đầu năm Brodara 2024"),
        ("fr", "2024 premier semestre"),
        ("es", "2024 primer semestre"),
        ("zh", "2024 上半年"),
    ],
)
def test_a_half_takes_the_year_beside_it_in_any_order(language: str, text: str) -> None:
    (period,) = find_periods(text, language, anchor=TODAY)
    assert (period.iso(), period.explicit) == ("2024-01-01/2024-06-30", True)


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "2024 Q3", "2024-07-01/2024-09-30"),
        ("de", "2024 im Juni", "2024-06-01/2024-06-30"),
        ("vi", "năm 2024 quý 2", "2024-04-01/2024-06-30"),
        ("nb", "2024 fra april til juni", "2024-04-01/2024-06-30"),
        ("nb", "juni 2024 utgangen", "../2024-06-30"),
        ("nb", "utgangen juni 2024", "../2024-06-30"),
        ("en", "June 2024 end", "../2024-06-30"),
        ("de", "Juni 2024 Ende", "../2024-06-30"),
        ("de", "2024 bis Ende Juni", "../2024-06-30"),
        ("vi", "tháng 6/2024 cuối", "../2024-06-30"),
        ("vi", "2024 đến hết tháng 6", "../2024-06-30"),
        ("nb", "årsslutt 2024", "../2024-12-31"),
        ("en", "2024 year-end", "../2024-12-31"),
    ],
)
def test_year_and_month_are_one_period_in_any_order(language: str, text: str, found: str) -> None:
    assert [iso for iso, _ in read(text, language)] == [found]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Were exports in June higher than in 2023?"),
        ("en", "What did it earn in June and in 2022?"),
        ("en", "What did Brodara, founded in 1997, earn in June?"),
        ("de", "Was verdiente die 1997 gegründete Brodara im Juni?"),
    ],
)
def test_a_year_told_of_something_else_is_not_lent(language: str, text: str) -> None:
    assert "2030-06-01/2030-06-30" in [iso for iso, _ in read(text, language)]


STRETCH = "2024-01-01/2024-06-30"


@pytest.mark.parametrize(
    ("language", "text", "same"),
    [
        (
            "en",
            "At the end of 2023 it had 500. From January to June 2024 it hired 40. In the same period 12 left.",
            2024,
        ),
        (
            "en",
            "From January to June 2024 it hired 40. At the end of 2023 it had 500. In the same period 12 left.",
            2024,
        ),
        ("en", "From January to June 2024 it hired 40, in the same period of 2023 12.", 2023),
        ("de", "Von Januar bis Juni 2024 kamen 40, Ende 2023 waren es 500, im selben Zeitraum gingen 12.", 2024),
        ("de", "Von Januar bis Juni 2024 kamen 40. Im selben Zeitraum 2023 waren es 12.", 2023),
        ("de", "Von Januar bis Juni 2024 kamen 40. Ende 2023 waren es 500. In demselben Zeitraum gingen 12.", 2024),
        ("nb", "Fra januar til juni 2024 kom 40. Ved utgangen av 2023 var det 500. I samme periode sluttet 12.", 2024),
        ("nb", "Fra januar til juni 2024 kom 40. I samme periode i fjor sluttet 12.", 2023),
        ("vi", "Trong 6 tháng đầu năm 2024 có 40. Cuối năm 2023 có 500. Trong cùng thời gian có 12.", 2024),
        ("vi", "Trong 6 tháng đầu năm 2024 có 40. Trong cùng kỳ, có 12.", 2024),
        ("vi", "Trong 6 tháng đầu năm 2024 có 40. Cùng kỳ năm ngoái có 12.", 2023),
        ("vi", "Trong 6 tháng đầu năm 2024 có 40, so với cùng kỳ có 12.", 2023),
        ("fr", "De janvier à juin 2024, 40. Fin 2023, 500. Sur la même période, 12.", 2024),
        ("es", "De enero a junio de 2024, 40. A finales de 2023, 500. En el mismo período, 12.", 2024),
    ],
)
def test_the_same_period_is_the_last_stretch_and_never_an_end(language: str, text: str, same: int) -> None:
    found = find_periods(text, language, anchor=date(2024, 11, 20))
    assert (found[-1].iso(), found[-1].kind) == (STRETCH.replace("2024", str(same)), PeriodKind.DURING)


def test_the_same_period_of_a_month_end_in_one_sentence_is_that_end_of_the_other_year() -> None:
    assert read("innen utgangen av juni 2024, mot 12 i samme periode i 2023", "nb")[-1] == ("../2023-06-30", "as_of")


def test_the_same_period_refers_to_the_text_before_it() -> None:
    told = Period(date(2024, 1, 1), date(2024, 7, 31), PeriodKind.DURING, "range")
    (found,) = find_periods("Im selben Zeitraum gingen 12.", "de", anchor=TODAY, context=[told])
    assert found.iso() == "2024-01-01/2024-07-31"


@pytest.mark.parametrize(
    ("language", "text", "compared"),
    [
        ("en", "How many did it take on in the first half of 2024?", False),
        ("en", "What did it earn over the first half of 2024?", False),
        ("en", "It rose 5 percent over the first half of 2024", True),
        ("en", "It earned more than $5 billion in 2024", False),
        ("en", "It earned more than in 2024", True),
        ("de", "mehr als 5 Milliarden im Jahr 2024", False),
        ("de", "mehr als im Jahr 2024", True),
        ("de", "nach sieben Monaten 2024", False),
        ("de", "nach dem ersten Halbjahr 2024", False),
        ("de", "82 Millionen, nach 96 Millionen im Jahr 2024", True),
        ("nb", "mer enn 5 milliarder i 2024", False),
        ("nb", "mer enn i 2024", True),
        ("vi", "thu hút hơn 1,5 tỷ USD trong 7 tháng năm 2024", False),
        ("vi", "cao hơn năm 2024", True),
    ],
)
def test_only_what_is_measured_against_is_compared(language: str, text: str, compared: bool) -> None:
    (period,) = find_periods(text, language, anchor=TODAY)
    assert period.compared is compared


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("nb", "etter første halvår 2024", ("2024-01-01/2024-06-30", "during")),
        ("nb", "etter de sju første månedene i 2024", ("2024-01-01/2024-07-31", "during")),
        ("sv", "efter första halvåret 2024", ("2024-01-01/2024-06-30", "during")),
        ("nb", "etter juni 2024", ("2024-06-01/..", "from")),
        ("nb", "etter 2019", ("2019-01-01/..", "from")),
    ],
)
def test_after_a_half_reports_it_and_after_a_month_starts_there(
    language: str, text: str, found: tuple[str, str]
) -> None:
    assert read(text, language) == [found]


def test_a_range_that_opens_the_text_is_told_with_its_preposition() -> None:
    text = "Fra januar til juni 2024 kom 40"
    (period,) = find_periods(text, "nb", anchor=TODAY)
    assert (text[period.start : period.end], period.compared) == ("Fra januar til juni 2024", False)


def test_a_period_of_last_year_says_nothing_of_the_day_of_writing() -> None:
    anchor = infer_anchor("In the first half of 2024 it sold 40, in the same period last year 12.", "en")
    assert anchor == date(2024, 6, 30)


@settings(deadline=None)
@given(
    st.integers(min_value=2, max_value=11),
    st.integers(min_value=1990, max_value=2040),
    st.sampled_from(
        [("en", "{n} months of {y}"), ("de", "{n} Monate {y}"), ("nb", "{n} måneder av {y}"), ("vi", "{n}T/{y}")]
    ),
)
def test_any_number_of_months_ends_with_that_month(months: int, year: int, wording: tuple[str, str]) -> None:
    language, template = wording
    (period,) = find_periods(template.format(n=months, y=year), language)
    assert period.first == date(year, 1, 1)
    assert period.last is not None
    assert (period.last.year, period.last.month) == (year, months)
