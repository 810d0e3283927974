from __future__ import annotations

from datetime import date

import pytest

from qa_service.models import AskedFor
from qa_service.query.analysis import analyse
from qa_service.query.parse import parse_question

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("language", "question", "asked"),
    [
        ("en", "How much FDI did Quang Ninh attract by June 2024?", "amount"),
        ("en", "How many FDI projects did Quang Nam license and for how much?", "count amount"),
        ("en", "Number of decisions issued in Wałbrzych?", "count"),
        ("en", "FDI Quang Ninh June 2024", "amount"),
        ("en", "What share of the capital comes from Spain?", "share"),
        ("en", "How large is the site of the cathode factory?", "area"),
        ("en", "Where does Penang rank among the states?", "rank"),
        ("en", "Where is Autoliv building its factory?", "place"),
        ("en", "Which company is building the new quay?", "organisation"),
        ("en", "Who runs Steppe Rail?", "person"),
        ("en", "What is the reason for the delay?", "reason"),
        ("en", "Did Samsung invest in Song Khoai?", "yes_no"),
        ("en", "What do the articles say about Amata?", "description"),
        ("en", "Which three countries bought the most?", "list"),
        ("en", "How many tonnes of rice did Ghana import?", "measure"),
        ("de", "Wie viel investierte Hyosung zusätzlich in Quang Nam?", "amount"),
        ("de", "Um wie viele Stellen fürchtet die Gewerkschaft?", "count"),
        ("de", "Wie groß ist die Fläche des Projekts?", "area"),
        ("de", "Woran scheiterten 14 Ansiedlungen?", "reason"),
        ("de", "Auf welchem Platz liegt die Region Ica?", "rank"),
        ("nb", "Hvor stor andel av kapitalen kommer fra Spania?", "share"),
        ("nb", "Når åpnet bilfabrikken?", "date"),
        ("nb", "Hva er årsaken til nedgangen?", "reason"),
        ("nb", "Hvor ligger kontrollsenteret?", "place"),
        ("vi", "Quảng Ninh thu hút bao nhiêu vốn?", "amount"),
        ("vi", "nua dau nam 2023 dac khu Walbrzych cap bao nhieu quyet dinh dau tu", "count"),
        ("vi", "Công ty nào là chủ đầu tư dự án?", "organisation"),
        ("vi", "Vì sao vốn đầu tư giảm?", "reason"),
        ("vi", "Trang trại thứ tư rộng bao nhiêu?", "area"),
        ("vi", "Ai đứng đầu văn phòng?", "person"),
        ("fr", "Combien de projets ont été approuvés ?", "count"),
        ("es", "¿Por qué bajó la inversión?", "reason"),
        ("zh", "广宁省2024年上半年吸引了多少外资？", "amount"),
        ("ja", "工場はどこにありますか？", "place"),
    ],
)
def test_question_words_tell_what_is_asked(language: str, question: str, asked: str) -> None:
    parsed = parse_question(question, today=TODAY, language=language)
    assert parsed.asked_for == tuple(AskedFor(part) for part in asked.split())


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("How many hectares does the park cover?", "ha"),
        ("What does the terminal cost in dollars?", "USD"),
        ("Wie viel Prozent der Mittel flossen in den Verkehr?", "%"),
        ("Hvor mange tonn fraktet selskapet?", "t"),
        ("How many people work there?", None),
    ],
)
def test_unit_that_is_asked_for_is_a_hint(question: str, unit: str | None) -> None:
    assert parse_question(question, today=TODAY).unit_hint == unit


@pytest.mark.parametrize(
    ("question", "stock"),
    [
        ("How much FDI has Quang Ninh attracted so far?", True),
        ("How much FDI did Quang Ninh attract in the first half of 2024?", False),
        ("How much does the bridge cost?", None),
    ],
)
def test_total_to_date_is_told_from_a_flow(question: str, stock: bool | None) -> None:
    assert parse_question(question, today=TODAY).stock is stock


def test_language_is_detected_and_last_year_counts_from_today() -> None:
    parsed = parse_question("Hvor mye investerte bedriftene i Finnmark i fjor?", today=TODAY)
    assert parsed.language == "nb"
    assert [period.iso() for period in parsed.periods] == ["2025-01-01/2025-12-31"]


def test_lower_case_names_of_the_collection_are_found() -> None:
    parsed = parse_question(
        "how much fdi did quang ninh attract by june 2024", today=TODAY, known_names={"quang ninh": "place"}
    )
    assert [(place.text, place.code) for place in parsed.places] == [("quang ninh", "VN-13")]
    assert [period.iso() for period in parsed.periods] == ["../2024-06-30"]


def test_analysis_holds_everything_typed_with_offsets() -> None:
    text = "Quang Ninh attracted 832 million USD by the end of June 2023."
    analysis = analyse(text, "en")
    assert [text[n.start : n.end] for n in analysis.names] == ["Quang Ninh"]
    assert [text[p.start : p.end] for p in analysis.periods] == ["by the end of June 2023"]
    assert [str(q.amount) for q in analysis.quantities] == ["832000000"]


@pytest.mark.parametrize(
    ("question", "language", "asked", "unit", "place"),
    [
        ("Hà Nội có bao nhiêu dự án năm 2024?", "vi", AskedFor.COUNT, None, "Hà Nội"),
        ("Ở Hà Nội mất bao nhiêu ha đất?", "vi", AskedFor.AREA, "ha", "Hà Nội"),
        ("Dân số Gia Lai", "vi", AskedFor.OTHER, None, "Gia Lai"),
    ],
)
def test_a_place_that_is_spelled_like_a_unit_or_a_price_is_neither(question, language, asked, unit, place):
    parsed = parse_question(question, today=date(2026, 1, 1), language=language)
    assert (parsed.asked_for, parsed.unit_hint) == ((asked,), unit)
    assert [name.text for name in parsed.places] == [place]
