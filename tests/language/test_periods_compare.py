from __future__ import annotations

from datetime import date

import pytest

from qa_service.language.periods import compare_all_periods, compare_periods, find_periods, period_distance
from qa_service.models import Agreement, Period

A, N, C = Agreement.AGREES, Agreement.NEUTRAL, Agreement.CONTRADICTS


def one(text: str, language: str = "en", anchor: date = date(2025, 1, 15)) -> Period:
    (period,) = find_periods(text, language, anchor=anchor)
    return period


@pytest.mark.parametrize(
    ("asked", "found", "language", "verdict"),
    [
        ("by June 2024", "innen utgangen av juni 2024", "nb", A),
        ("by June 2024", "im ersten Halbjahr 2024", "de", A),
        ("by June 2024", "by the end of June 2023", "en", C),
        ("by June 2024", "Trong 7 tháng năm 2024", "vi", C),
        ("by June 2024", "as of 20 June 2024", "en", A),
        ("in the first half of 2024", "đến hết tháng 6/2024", "vi", A),
        ("in the first half of 2024", "6 tháng đầu năm 2024", "vi", A),
        ("in the first half of 2024", "in the first half of 2023", "en", C),
        ("in the first half of 2024", "in the second quarter of 2024", "en", C),
        ("in 2024", "in the first half of 2024", "en", C),
        ("in 2024", "by June 2024", "en", N),
        ("in 2024", "on 12 November 2024", "en", A),
        ("in 2023", "on 6 November 2024", "en", N),
        ("in 2021", "on 6 November 2024", "en", C),
        ("in 2024", "so far", "en", C),
        ("in 2025", "so far", "en", N),
        ("since 2019", "seit 2019", "de", A),
        ("in 2018", "since 2019", "en", C),
        ("in 2020", "since 2019", "en", N),
        ("by 2027", "bis Ende 2027", "de", A),
        ("in the 2024/25 season", "2023/24", "en", C),
        ("to date", "til dags dato", "nb", A),
        ("to date", "in 2024", "en", N),
        ("at the end of June", "per 30. juni 2021", "nb", A),
        ("in 2024", "early 2024", "en", N),
    ],
)
def test_what_answers_for_the_asked_period(asked: str, found: str, language: str, verdict: Agreement) -> None:
    assert compare_periods(one(asked), one(found, language)) is verdict


def test_last_year_of_asker_and_article_may_differ() -> None:
    asked, found = one("last year", anchor=date(2026, 5, 1)), one("i fjor", "nb", anchor=date(2025, 2, 1))
    assert compare_periods(asked, found) is N
    assert compare_periods(asked, one("in 2024")) is C


def test_unknown_year_neither_agrees_nor_contradicts() -> None:
    (unknown,) = find_periods("in February", "en")
    assert compare_periods(one("in June 2024"), unknown) is N
    assert period_distance(one("in June 2024"), unknown) == 0.5


def test_comparison_may_agree_but_never_contradicts() -> None:
    text = "8 percent less than in 2023"
    assert compare_all_periods([one("in 2024")], find_periods(text, "en")) is N
    assert compare_all_periods([one("in 2023")], find_periods(text, "en")) is A


def test_distance_grows_from_same_period_to_other_year() -> None:
    asked = one("by June 2024")
    distances = [
        period_distance(asked, one(text))
        for text in ("in the first half of 2024", "by July 2024", "by June 2023", "by June 2015")
    ]
    assert distances[0] == 0.0
    assert distances == sorted(distances)
    assert 0 < distances[1] < distances[2] <= distances[3] <= 1
