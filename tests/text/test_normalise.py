from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.text.normalise import find_verbatim, fold_for_match


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("1 543 millioner", "nådde 1\u00a0543\u202fmillioner i juni", "1\u00a0543\u202fmillioner"),
        ('"lukket" prosess', "en “lukket” prosess", "“lukket” prosess"),
        ("people's life", "for people’s life", "people’s life"),
        ("2021-2030", "thời kỳ 2021–2030;", "2021–2030"),
        ("Quảng Ninh", unicodedata.normalize("NFD", "tỉnh Quảng Ninh."), unicodedata.normalize("NFD", "Quảng Ninh")),
        ("of the year", "end of\n   the year", "of\n   the year"),
        ("und so ...", "und so …", "und so …"),
        ("Infrastruktur", "Infra\u00adstruktur", "Infra\u00adstruktur"),
        ("他来了", "昨天他来了。", "他来了"),
        ("12.5", "price 12.5.", "12.5"),
    ],
)
def test_typography_does_not_hide_a_quote(quote: str, text: str, found: str) -> None:
    span = find_verbatim(quote, text)
    assert span is not None
    assert text[span.start : span.end] == found


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("1 543 million", "1 544 million"),
        ("by June 2024", "by June 2023"),
        ("Quang Ninh", "Quang Nam"),
        ("Quang Ninh", "Quảng Ninh"),
        ("it did grow", "it did not grow"),
        ("5 million", "25 million"),
        ("5 million", "1.5 million"),
        ("543 millioner", "1 543 millioner"),
        ("1 543", "1 543 000"),
        ("12", "12,5 percent"),
        ("10", "10²3"),
        ("port", "airports"),
        (".", "and so …"),
        ("", "text"),
        ("US", "us"),
    ],
)
def test_another_number_name_or_word_is_never_found(quote: str, text: str) -> None:
    assert find_verbatim(quote, text) is None


def test_later_find_counts_where_the_first_cuts_a_number() -> None:
    span = find_verbatim("5 million", "25 million, then 5 million")
    assert span is not None
    assert span.start == 17


@given(st.text(alphabet="aé5 .,’“…\u0301\u00a0\n\u200b", max_size=40))
def test_folding_maps_every_character_to_its_source(text: str) -> None:
    folded = fold_for_match(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert list(folded.starts) == sorted(folded.starts)
    assert all(0 <= low < high <= len(text) for low, high in zip(folded.starts, folded.ends, strict=True))


@given(st.text(alphabet="abé5. ,’“\n", min_size=1, max_size=40))
def test_a_whole_text_is_found_in_itself(text: str) -> None:
    span = find_verbatim(text, text)
    assert (span is None) == (not text.strip())
    if span is not None:
        assert text[span.start : span.end].strip() == text.strip()
