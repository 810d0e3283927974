from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.language.localise import format_number
from qa_service.language.numbers import find_digits, read_digits, style_of
from qa_service.language.numbers_words import number_words, spell_ordinal

READ = [
    ("1.543", "de", "1543"), ("1.543", "vi", "1543"), ("1.543", "nb", "1543"), ("1.543", "en", "1.543"),
    ("1,543", "en", "1543"), ("1,543", "de", "1.543"), ("1.543,2", "en", "1543.2"), ("1,543.2", "de", "1543.2"),
    ("1.543.200", "en", "1543200"), ("1'543", "de", "1543"), ("1 543", "nb", "1543"), ("1\u00a0543,5", "nb", "1543.5"),
    ("0.125", "de", "0.125"), ("2.3", "de", "2.3"), ("12,50", "en", "12.50"), ("1234.567", "de", "1234.567"),
    ("1,00,000", "en", "100000"), ("1.2.3", "en", None), ("1,2,3", "en", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "language", "value"), READ)
def test_separators_are_decided_by_shape_then_language(text: str, language: str, value: str | None) -> None:
    assert read_digits(text, style_of(language)) == (Decimal(value) if value else None)


def test_counted_things_are_whole() -> None:
    assert read_digits("1,543", style_of("vi"), count=True) == 1543


def test_numbers_in_a_text_are_found_with_their_offsets() -> None:
    text = "av 1 543 og 12,5 i 2024 130"
    assert [text[d.start : d.end] for d in find_digits(text)] == ["1 543", "12,5", "2024", "130"]


@pytest.mark.parametrize(
    ("language", "word", "number"),
    [("en", "twenty-one", 21), ("en", "two hundred and fifty", 250), ("de", "einundzwanzig", 21), ("nb", "tolv", 12),
     ("nb", "sju", 7), ("vi", "hai mươi", 20), ("vi", "hai mươi mốt", 21), ("fr", "trente-cinq", 35),
     ("es", "treinta y cinco", 35), ("sv", "tjugofem", 25)],
)  # fmt: skip
def test_number_words_are_read(language: str, word: str, number: int) -> None:
    assert number_words(language).cardinals.match(word, 0) == (len(word), number)


@pytest.mark.parametrize(("language", "ordinal"), [("en", "third"), ("de", "dritte"), ("nb", "tredje"), ("xx", None)])
def test_ordinals_are_spelled_by_cldr(language: str, ordinal: str | None) -> None:
    assert spell_ordinal(3, language) == ordinal


@settings(max_examples=200, deadline=None)
@given(
    st.decimals(min_value=0, max_value=10**12, places=2, allow_nan=False, allow_infinity=False),
    st.sampled_from(["en", "de", "nb", "vi", "fr", "es", "sv", "ru"]),
)
def test_formatted_number_reads_back(value: Decimal, language: str) -> None:
    assert read_digits(format_number(value, language), style_of(language)) == value
