from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.language.periods import find_periods, infer_anchor
from qa_service.models import PeriodKind

ANCHOR = date(2024, 7, 20)


def read(text: str, language: str) -> list[tuple[str, str, str]]:
    return [(p.iso(), p.kind.value, text[p.start : p.end]) for p in find_periods(text, language, anchor=ANCHOR)]


@pytest.mark.parametrize(
    ("language", "text", "interval"),
    [
        ("en", "in 2024", "2024-01-01/2024-12-31"),
        ("en", "FDI Quang Ninh 2024", "2024-01-01/2024-12-31"),
        ("en", "December 12, 2024", "2024-12-12/2024-12-12"),
        ("en", "2023-06-30", "2023-06-30/2023-06-30"),
        ("en", "in the second quarter of 2024", "2024-04-01/2024-06-30"),
        ("en", "H1 2024", "2024-01-01/2024-06-30"),
        ("en", "the first half of this year", "2024-01-01/2024-06-30"),
        ("en", "the first nine months of 2024", "2024-01-01/2024-09-30"),
        ("en", "January-September 2024", "2024-01-01/2024-09-30"),
        ("en", "between 1916 and 1920", "1916-01-01/1920-12-31"),
        ("en", "in the 1990s", "1990-01-01/1999-12-31"),
        ("en", "the 2024/25 season", "2024-01-01/2025-12-31"),
        ("de", "am Mittwoch, dem 12. November 2025", "2025-11-12/2025-11-12"),
        ("de", "im zweiten Quartal 2024", "2024-04-01/2024-06-30"),
        ("de", "erstes Halbjahr 2024", "2024-01-01/2024-06-30"),
        ("de", "in den ersten neun Monaten 2025", "2025-01-01/2025-09-30"),
        ("de", "von Januar bis September 2024", "2024-01-01/2024-09-30"),
        ("de", "2027 soll eine Erweiterung folgen", "2027-01-01/2027-12-31"),
        ("nb", "27. november 2023", "2023-11-27/2023-11-27"),
        ("nb", "andre kvartal 2024", "2024-04-01/2024-06-30"),
        ("nb", "de sju første månedene av 2024", "2024-01-01/2024-07-31"),
        ("nb", "de tre siste månedene av 2024", "2024-10-01/2024-12-31"),
        ("nb", "fra april til september 2024", "2024-04-01/2024-09-30"),
        ("nn", "fyrste halvår 2024", "2024-01-01/2024-06-30"),
        ("vi", "tháng 6/2024", "2024-06-01/2024-06-30"),
        ("vi", "tháng sáu năm 2024", "2024-06-01/2024-06-30"),
        ("vi", "ngày 28/3/2022", "2022-03-28/2022-03-28"),
        ("vi", "quý II năm 2024", "2024-04-01/2024-06-30"),
        ("vi", "nửa đầu năm 2024", "2024-01-01/2024-06-30"),
        ("vi", "6 tháng đầu năm 2024", "2024-01-01/2024-06-30"),
        ("vi", "Trong 7 tháng năm 2024", "2024-01-01/2024-07-31"),
        ("vi", "ba quý đầu năm 2024", "2024-01-01/2024-09-30"),
        ("vi", "giai đoạn 2021-2030", "2021-01-01/2030-12-31"),
        ("vi", "từ ngày 29/8 đến ngày 3/9", "2024-08-29/2024-09-03"),
        ("vi", "nua dau nam 2023", "2023-01-01/2023-06-30"),
        ("vi", "quy 2 nam 2024", "2024-04-01/2024-06-30"),
        ("fr", "au premier semestre 2024", "2024-01-01/2024-06-30"),
        ("es", "de enero a septiembre de 2024", "2024-01-01/2024-09-30"),
        ("sv", "första halvåret 2024", "2024-01-01/2024-06-30"),
        ("ru", "в июне 2024", "2024-06-01/2024-06-30"),
        ("zh", "2024年上半年", "2024-01-01/2024-06-30"),
        ("ja", "2024年6月30日", "2024-06-30/2024-06-30"),
        ("fi", "kesäkuussa 2024", "2024-06-01/2024-06-30"),
        ("pl", "30 czerwca 2024", "2024-06-30/2024-06-30"),
    ],
)
def test_a_stretch_is_read_as_its_days(language: str, text: str, interval: str) -> None:
    assert [found[:2] for found in read(text, language)] == [(interval, "during")]


@pytest.mark.parametrize(
    ("language", "text", "last"),
    [
        ("en", "by June 2024", date(2024, 6, 30)),
        ("en", "by the end of June 2024", date(2024, 6, 30)),
        ("en", "as the end of June 2023", date(2023, 6, 30)),
        ("en", "until 2030", date(2030, 12, 31)),
        ("de", "bis Ende Juni 2023", date(2023, 6, 30)),
        ("de", "Auftragsbestand Ende September 2024", date(2024, 9, 30)),
        ("nb", "innen utgangen av juni 2024", date(2024, 6, 30)),
        ("nb", "per 30. juni", date(2024, 6, 30)),
        ("vi", "đến hết tháng 6/2024", date(2024, 6, 30)),
        ("vi", "Brodara cuối tháng 9/2024", date(2024, 9, 30)),
        ("vi", "den het thang 3", date(2024, 3, 31)),
        ("en", "so far", ANCHOR),
        ("nb", "til dags dato", ANCHOR),
        ("vi", "đến nay", ANCHOR),
    ],
)
def test_what_holds_by_a_day_has_an_open_start(language: str, text: str, last: date) -> None:
    (period,) = find_periods(text, language, anchor=ANCHOR)
    assert (period.first, period.last, period.kind) == (None, last, PeriodKind.AS_OF)


@pytest.mark.parametrize(
    ("language", "text", "first"),
    [
        ("en", "Since it was founded in 1997", date(1997, 1, 1)),
        ("de", "seit Mai 2024", date(2024, 5, 1)),
        ("nb", "siden 2019", date(2019, 1, 1)),
        ("vi", "kể từ khi thành lập năm 1997", date(1997, 1, 1)),
    ],
)
def test_what_holds_since_a_day_has_an_open_end(language: str, text: str, first: date) -> None:
    (period,) = find_periods(text, language, anchor=ANCHOR)
    assert (period.first, period.last, period.kind) == (first, None, PeriodKind.FROM)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "2 024 dollars, 6.000 guests and 1,500 of 2000 workers"),
        ("en", "they may march"),
        ("de", "über 1.000 Autos, 10/14 Produkte"),
        ("de", "die Industrieparks Yen Than und Dong Mai"),
        ("en", "hi-tech industries at the same time"),
        ("vi", "Nghị định 80/2021/NĐ-CP, 6.000 khách, số 11/KH"),
        ("en", "12,500 people"),
    ],
)
def test_amounts_and_document_numbers_are_no_periods(language: str, text: str) -> None:
    assert find_periods(text, language, anchor=ANCHOR) == ()


def test_invested_is_not_from_in_text_typed_without_accents() -> None:
    assert read("von dau tu 2024", "vi") == [("2024-01-01/2024-12-31", "during", "2024")]


def test_number_after_a_month_that_has_decimals_is_no_day() -> None:
    text = "At the end of December 5.9 million people"
    assert read(text, "en") == [("../2024-12-31", "as_of", "At the end of December")]


def test_same_period_of_another_year_takes_the_length_of_the_one_before() -> None:
    text = "Trong 7 tháng năm 2024 thu hút 1,56 tỷ USD, gấp 2,2 lần so với cùng kỳ năm 2023"
    here, before = find_periods(text, "vi", anchor=ANCHOR)
    assert (here.iso(), here.compared) == ("2024-01-01/2024-07-31", False)
    assert (before.iso(), before.compared) == ("2023-01-01/2023-07-31", True)


@pytest.mark.parametrize(
    ("language", "text", "compared"),
    [
        ("en", "It had revenue of 1.35 billion in 2024, against 980 million the year before.", [False, True]),
        ("nb", "412 millioner i første halvår 2024, mot 836 millioner i samme periode i fjor", [False, True]),
        ("de", "sank auf 82 Mio. Lei, nach 96 Mio. Lei im Jahr 2021", [True]),
    ],
)
def test_what_a_value_is_measured_against_is_told_apart(language: str, text: str, compared: list[bool]) -> None:
    assert [p.compared for p in find_periods(text, language, anchor=ANCHOR)] == compared


def test_month_without_year_takes_the_year_of_its_sentence_or_of_the_anchor() -> None:
    march, june = find_periods("im März 2025 eröffnet, Ende Juni lief es", "de")
    assert (june.iso(), june.explicit) == ("../2025-06-30", False)
    (december,) = find_periods("by the end of December", "en", anchor=date(2025, 3, 6))
    assert december.iso() == "../2024-12-31"
    assert march.explicit


def test_month_whose_year_nothing_tells_is_unknown() -> None:
    (period,) = find_periods("in February", "en")
    assert (period.first, period.last, period.explicit) == (None, None, False)


def test_decomposed_text_is_read_like_composed() -> None:
    assert [p.iso() for p in find_periods("tha\u0301ng 6/2024", "vi")] == ["2024-06-01/2024-06-30"]


@pytest.mark.parametrize(
    ("language", "text", "year"),
    [
        (
            "en",
            "The zone won 41 projects in the first half of 2024, after 58 in the first half of 2023. By 2030 ...",
            2024,
        ),
        ("vi", "Cùng kỳ năm 2023, con số này là 4.480 tỷ đồng.", 2024),
        ("en", "No year at all.", None),
    ],
)
def test_the_year_of_an_undated_article_is_inferred(language: str, text: str, year: int | None) -> None:
    anchor = infer_anchor(text, language)
    assert (anchor and anchor.year) == year


@settings(deadline=None)
@given(
    st.dates(min_value=date(1950, 1, 1), max_value=date(2090, 12, 31)), st.sampled_from(["en", "de", "nb", "vi", "fr"])
)
def test_numeric_dates_are_read_back(day: date, language: str) -> None:
    text = f"({day.isoformat()})"
    (period,) = find_periods(text, language)
    assert (period.first, period.last) == (day, day)
    assert text[period.start : period.end] == day.isoformat()


@settings(deadline=None)
@given(st.text(max_size=120), st.sampled_from(["en", "de", "nb", "vi", "zh", "fi"]))
def test_offsets_lie_in_the_text_and_do_not_overlap(text: str, language: str) -> None:
    end = 0
    for period in find_periods(f"{text} tháng 6 June 2024 {text}", language):
        assert end <= period.start < period.end <= 2 * len(text) + 21
        end = period.end
