from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.indexing.articles import build_article
from qa_service.indexing.passages import split_passages
from qa_service.models import Article, LoadedArticle, Passage
from qa_service.text.clean import clean_article
from qa_service.text.load import load_path

SEEDS = Path(__file__).parents[2] / "seeds"


def words(text: str) -> int:
    return len(text.split())


def article(text: str, format: str = "txt") -> Article:
    clean = clean_article(LoadedArticle("a", text, format, "a"))
    return Article("a", text, clean, "Title", "en")


def texts(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.text for passage in passages]


def split(text: str, max_tokens: int, overlap_sentences: int = 0, format: str = "txt") -> list[str]:
    found = split_passages(
        article(text, format), count_tokens=words, max_tokens=max_tokens, overlap_sentences=overlap_sentences
    )
    return texts(found)


def test_paragraphs_stay_together_where_they_fit() -> None:
    one, two, three = "One two three. Four five six.", "Seven eight nine. Ten more words.", "Last one is here now."
    assert split(f"{one}\n\n{two}\n{three}", 12) == [f"{one}\n\n{two}", three]
    assert split(f"{one}\n\n{two}\n{three}", 8) == [one, two, three]


def test_no_passage_crosses_removed_furniture() -> None:
    text = "One two three.\nRead more: Ferry fares fall\nFour five six."
    assert split(text, 100) == ["One two three.", "Four five six."]


def test_heading_goes_with_what_follows_it() -> None:
    text = "One two three four. Five six seven eight.\nA heading\nNine ten eleven twelve."
    assert split(text, 10) == ["One two three four. Five six seven eight.", "A heading\nNine ten eleven twelve."]


def test_small_rest_joins_or_evens_out() -> None:
    paragraph = "One two three four. Five six seven eight. Nine ten eleven twelve. Thirteen."
    assert split(paragraph, 12) == ["One two three four. Five six seven eight.", "Nine ten eleven twelve. Thirteen."]


def test_overlap_says_the_last_sentence_again_but_not_across_furniture() -> None:
    text = "One two three four. Five six seven eight. Nine ten eleven twelve.\nAnnonse\nThe end is near now."
    assert split(text, 9, overlap_sentences=1) == [
        "One two three four. Five six seven eight.",
        "Five six seven eight. Nine ten eleven twelve.",
        "The end is near now.",
    ]
    assert split(text, 7, overlap_sentences=1)[1] == "Five six seven eight."


def test_sentence_too_long_for_the_window_is_parted_at_a_clause() -> None:
    clauses = ["One two three four five,", "six seven eight nine."]
    assert split(" ".join(clauses), 6) == clauses
    assert all(words(piece) <= 3 for piece in split("word " * 50, 3))
    assert len(split("字" * 50 + "。", 1)) == 1


def test_a_number_is_never_parted() -> None:
    text = "design capacity of 4,18 million pieces and 1 543 workers in the one hall"
    assert all(number in " | ".join(split(text, size)) for size in (3, 4, 5, 6, 7, 8) for number in ("4,18", "1 543"))


def test_ids_derive_from_content() -> None:
    one, two = (split_passages(article("One two."), count_tokens=words, max_tokens=5) for _ in range(2))
    [other] = split_passages(article("One three."), count_tokens=words, max_tokens=5)
    assert one == two
    assert other.id != one[0].id
    assert len(other.id) == 16


def test_html_passage_maps_every_sentence_to_verbatim_pieces() -> None:
    raw = "<p>One <b>two</b> three.</p><nav>Home</nav><p>Four &amp; five.</p>"
    passages = split_passages(article(raw, "html"), count_tokens=words, max_tokens=50)
    pieces = [[raw[s.start : s.end] for s in p.source_spans(sentence)] for p in passages for sentence in p.sentences]
    assert texts(passages) == ["One two three.", "Four & five."]
    assert pieces == [["One ", "two", " three."], ["Four ", " five."]]


@pytest.mark.parametrize("max_tokens", [40, 120, 300])
def test_seed_passages_are_slices_of_the_article_and_lose_no_sentence(max_tokens: int) -> None:
    for loaded in load_path(SEEDS).articles:
        source = build_article(loaded)
        passages = split_passages(source, count_tokens=words, max_tokens=max_tokens)
        assert all(source.text[p.start : p.end] == p.text for p in passages)
        assert all(words(p.text) <= max_tokens for p in passages)
        said = [word for p in passages for word in p.text.split()]
        assert said == source.clean.text.split()
        assert [p.position for p in passages] == list(range(len(passages)))


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(["One two three.", "A heading", "Annonse", "", "a b c d e"]), min_size=1),
    st.integers(1, 12),
    st.integers(0, 2),
)
def test_any_text_gives_verbatim_passages_that_fit(lines: list[str], max_tokens: int, overlap_sentences: int) -> None:
    text = "\n".join(lines)
    passages = split_passages(
        article(text), count_tokens=words, max_tokens=max_tokens, overlap_sentences=overlap_sentences
    )
    assert bool(passages) == bool(text.strip())
    for passage in passages:
        assert text[passage.start : passage.end] == passage.text
        assert words(passage.text) <= max_tokens
        [span] = passage.source_spans(passage.sentences[0])
        assert text[span.start : span.end] == passage.text[passage.sentences[0].start : passage.sentences[0].end]
