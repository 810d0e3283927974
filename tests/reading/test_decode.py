from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.models import Span
from qa_service.reading.decode import IMPOSSIBLE, WindowScores, best_spans, score_span, whole_words
from qa_service.reading.tokens import Tokens


def word_tokens(text: str) -> Tokens:
    """A token a word, for texts with single spaces."""
    starts, at = [], 0
    for word in text.split(" "):
        starts.append(at)
        at += len(word) + 1
    ends = [start + len(word) for start, word in zip(starts, text.split(" "), strict=True)]
    return Tokens(tuple(range(len(starts))), tuple(starts), tuple(ends), (0, len(starts)))


def window(starts: list[float], ends: list[float], *, first: int = 0, null: float = 0.0) -> WindowScores:
    return WindowScores(first, np.array(starts, np.float32), np.array(ends, np.float32), null, 0.0)


@pytest.mark.parametrize(
    ("text", "picked", "expected"),
    [
        ("The zone drew 2.87 billion zloty.", "87 billion zloty.", "2.87 billion zloty"),
        ("Bedrifter lovet 1 543 millioner kroner", "543 millioner", "1 543 millioner"),
        ("Es waren 58 Bescheide, sagte sie", " Bescheide, ", "Bescheide"),
        ("Vốn đạt 1,56 tỷ USD", ",56 tỷ", "1,56 tỷ"),
        ("(about US$720 million)", "US$720 million)", "US$720 million"),
        ("led by Wałbrzych (Poland), again", "Wałbrzych (Poland),", "Wałbrzych (Poland)"),
        ("it fell by -3 percent", "-3 percent", "-3 percent"),
        ("Die Investitionszusage kam", "vestitions", "Investitionszusage"),
        ("工厂占地18公顷,雇用了很多人。", "18公顷,", "18公顷"),
        ("the years 2023, 2024", "2024", "2024"),
    ],
)
def test_a_span_becomes_whole_words_without_punctuation(text: str, picked: str, expected: str) -> None:
    at = text.index(picked)
    span = whole_words(text, Span(at, at + len(picked)))
    assert text[span.start : span.end] == expected


@given(text=st.text(max_size=40), data=st.data())
def test_whole_words_stay_within_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span = whole_words(text, Span(start, end))
    assert 0 <= span.start <= span.end <= len(text)


def test_spans_are_scored_above_no_answer_and_do_not_overlap() -> None:
    text = "alpha beta gamma delta"
    scores = window([3, 1, 0, 2], [0, 4, 0, 2], null=1.0)
    found = best_spans(text, word_tokens(text), [scores], 3)
    assert [(text[s.start : s.end], s.score) for s in found] == [("alpha beta", 6.0), ("delta", 3.0), ("gamma", -1.0)]


def test_an_end_before_its_start_is_no_span() -> None:
    text = "alpha beta"
    found = best_spans(text, word_tokens(text), [window([0, 5], [5, 0])], 5)
    assert [text[s.start : s.end] for s in found] == ["beta"] or found[0].score == 5.0


def test_a_candidate_is_worth_its_best_answer_within() -> None:
    text = "alpha beta gamma delta"
    scores = window([3, 1, 0, 9], [0, 4, 2, 9], null=1.0)
    assert score_span(word_tokens(text), [scores], Span(0, 16)) == 3 + 4 - 1
    assert score_span(word_tokens(text), [scores], Span(11, 16)) == 0 + 2 - 1


def test_a_candidate_outside_every_window_is_impossible() -> None:
    text = "alpha beta gamma delta"
    assert score_span(word_tokens(text), [window([1, 1], [1, 1], first=2)], Span(0, 5)) == IMPOSSIBLE


def test_the_later_window_scores_its_own_tokens() -> None:
    text = "alpha beta gamma delta"
    windows = [window([0, 0], [0, 0]), window([0, 7], [0, 7], first=2)]
    best = best_spans(text, word_tokens(text), windows, 1)[0]
    assert text[best.start : best.end] == "delta"
