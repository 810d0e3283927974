from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.language.tokens import contains_words, fold, fold_with_map, name_key, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Quảng Ninh", "quang ninh"),
        ("Quảng Nam", "quang nam"),
        ("Đà Nẵng", "da nang"),
        ("Ålesund", "alesund"),
        ("Tromsø", "tromso"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
        ("Wałbrzych–Świdnica", "walbrzych-swidnica"),
        ("がぎ", "がぎ"),
    ],
)
def test_accents_and_strokes_fold_away(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(deadline=None)
@given(st.text(max_size=60))
def test_folding_with_map_gives_the_folded_text_and_rising_offsets(text: str) -> None:
    folded = fold_with_map(text)
    assert folded.text == fold(text)
    assert list(folded.offsets) == sorted(folded.offsets)
    assert folded.offsets[-1] == len(text)


def test_folded_span_leads_back_to_the_original() -> None:
    text = "Weiße Straße"
    folded = fold_with_map(text)
    start = folded.text.index("strasse")
    assert text[slice(*folded.origin(start, start + 7))] == "Straße"


def test_decomposed_spelling_folds_like_composed() -> None:
    assert fold(unicodedata.normalize("NFD", "Quảng Ninh")) == fold("Quảng Ninh")


def test_name_key_leaves_punctuation_out() -> None:
    assert name_key("Ba Ria–Vung Tau") == name_key("Bà Rịa - Vũng Tàu")


def test_numbers_are_one_word() -> None:
    assert [word.text for word in words("1,55 tỷ, don't")] == ["1,55", "tỷ", "don't"]


def test_contained_words_are_whole() -> None:
    assert contains_words(["song", "khoai", "park"], ["song", "khoai"])
    assert not contains_words(["songs", "khoai"], ["song"])
