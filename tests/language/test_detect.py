from __future__ import annotations

import pytest

from qa_service.language.detect import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How much FDI did Quang Ninh attract?", "en"),
        ("Wer leitet Hanbit Cells?", "de"),
        ("Hvem leder Tamil Nadu Investment Office?", "nb"),
        ("Hvor mange ansatte har Fengyi i Can Tho?", "nb"),
        ("Kven leier selskapet?", "nn"),
        ("Hvornår åbnede fabrikken i Esbjerg?", "da"),
        ("Hur många anställda har Volvo?", "sv"),
        ("Quảng Ninh thu hút bao nhiêu vốn?", "vi"),
        ("quang ninh thu hut bao nhieu von fdi", "vi"),
        ("Combien de projets ?", "fr"),
        ("Сколько инвестиций привлекла провинция?", "ru"),
        ("广宁省吸引了多少外资?", "zh"),
        ("クアンニン省はいくら", "ja"),
    ],
)
def test_short_questions_are_told_by_their_function_words(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["FDI Quang Ninh 2024", "Quảng Ninh 2024", "2024", "", "Hanoi"])
def test_names_and_numbers_alone_give_the_fallback(text: str) -> None:
    assert detect_language(text, fallback="nb") == "nb"
    assert detect_language(text) == "en"


def test_only_candidates_are_given() -> None:
    assert detect_language("Hvem leder selskapet?", candidates=["en", "da"]) == "da"
