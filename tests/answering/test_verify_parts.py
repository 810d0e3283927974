from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.answering.verify import problems
from qa_service.answering.verify_lexicon import common_words_of, is_common, write_common_words
from qa_service.answering.verify_reading import Reading
from qa_service.models import Article, Citation, CleanText

TEXT = (
    "Brodara sold 5 million shoes in 2024. The company did not open a shop in Spain. "
    "Its rival Alvento sold 7 million, 12 percent fewer than in 2023."
)


def article_of(text, language="en", published_on=None):
    return Article("a", text, CleanText(text, (), ()), "a", language, published_on)


def citation_of(article, start=0, end=None):
    end = len(article.text) if end is None else end
    return Citation(1, "a", "", article.language, None, None, "", article.text[start:end], start, end)


def found(claim, text=TEXT, language="en"):
    article = article_of(text)
    return problems(claim, language, [citation_of(article)], {"a": article})


def test_claim_without_citation_is_not_proved():
    assert problems("It rained.", "en", [], {}) == ("no citation",)


def test_quote_of_unknown_article_is_not_proved():
    assert problems(TEXT, "en", [citation_of(article_of(TEXT))], {})


@settings(deadline=None)
@given(st.integers(-3, 3), st.integers(-3, 3))
def test_only_the_exact_slice_is_a_quote(start_shift, end_shift):
    article = article_of(f"xxx {TEXT} xxx")
    quote = citation_of(article, 4, 4 + len(TEXT)).quote
    moved = Citation(1, "a", "", "en", None, None, "", quote, 4 + start_shift, 4 + len(TEXT) + end_shift)
    assert bool(problems(quote, "en", [moved], {"a": article})) == ((start_shift, end_shift) != (0, 0))


def test_headline_cut_out_of_a_number_is_not_proved():
    assert not found("5 million shoes")
    assert found("543 million dollars", "It cost 1 543 million dollars.")


@pytest.mark.parametrize(
    ("claim", "proved"),
    [
        ("US$1,543 million (by the end of June 2024)", True),
        ("USD 1,543m by the end of Q2 2024", True),
        ("US$1,543 million in the US", False),
    ],
)
def test_currency_and_quarter_inside_a_value_are_no_names(claim, proved):
    text = "Innen utgangen av juni 2024 var det 1 543 millioner amerikanske dollar."
    article = article_of(text, "nb")
    assert (not problems(claim, "en", [citation_of(article)], {"a": article})) == proved


def test_relative_year_counts_from_the_day_of_the_article():
    article = article_of("Brodara sold 5 million shoes last year.", published_on=date(2025, 2, 1))
    proof = [citation_of(article)]
    assert not problems("Brodara sold 5 million shoes in 2024.", "en", proof, {"a": article})
    assert problems("Brodara sold 5 million shoes in 2025.", "en", proof, {"a": article})


def test_value_of_a_rival_in_another_sentence_is_not_proved():
    assert found("Brodara sold 7 million.")
    assert not found("Alvento sold 7 million.")


@pytest.mark.parametrize(
    ("claim", "quote", "proved"),
    [
        ("The Colombian company raised $48 million.", "Fresquera i Colombia hentet 48 millioner dollar.", True),
        ("The Brazilian company raised $48 million.", "Fresquera i Colombia hentet 48 millioner dollar.", False),
        ("It earned 61 million Kenyan shillings.", "Kenya tjente 61 millioner shilling.", True),
        ("It earned 61 million Ugandan shillings.", "Kenya tjente 61 millioner shilling.", False),
        ("It will be on Monday, 5 May 2025, that 40 come.", "Mandag 5. mai 2025 kommer 40 personer.", True),
        ("It will be on Tuesday, 5 May 2025, that 40 come.", "Mandag 5. mai 2025 kommer 40 personer.", False),
        ("At least 1,600 jobs are at risk.", "Han tror ikke på det og mener minst 1 600 stillinger er i fare.", True),
    ],
)
def test_claim_in_english_about_a_norwegian_quote(claim, quote, proved):
    article = article_of(quote, "nb")
    assert (not problems(claim, "en", [citation_of(article)], {"a": article})) == proved


@pytest.mark.parametrize(
    ("claim", "quote", "proved"),
    [
        ("There were 522,000 passengers and 214 calls.", "The season brought 214 calls and 522,000 passengers.", True),
        ("There were 522,000 calls.", "The season brought 214 calls and 522,000 passengers.", False),
        ("Profit fell from 86 to 102 million euros.", "Profit fell from 102 to 86 million euros.", False),
        ("It moved 8.1 million tonnes, up from 9.2 million tonnes.",
         "It moved 9.2 million tonnes, up from 8.1 million tonnes.", False),
        ("85 of 412 branches close.", "Of 412 branches 85 close.", True),
        ("The ship calls on 9 July.", "The ship calls on 9 June.", False),
        ("The ship calls on 9 June.", "The ship calls on 9 June.", True),
    ],
)  # fmt: skip
def test_values_of_one_kind_are_not_changed_over(claim, quote, proved):
    assert (not found(claim, quote)) == proved


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from(["en", "de", "nb", "vi", "fr", "zh", "ru"]))
def test_clauses_cover_every_sentence_without_gaps(text, language):
    reading = Reading(text, language)
    for sentence in reading.sentences:
        clauses = reading.clauses(sentence)
        if sentence.start < sentence.end:
            assert (clauses[0].start, clauses[-1].end) == (sentence.start, sentence.end)
            assert all(a.end == b.start for a, b in pairwise(clauses))


@pytest.mark.parametrize(
    ("word", "language", "common"),
    [("Revenue", "en", True), ("Biovaris", "de", False), ("Umsatz", "de", True), ("Nordsalmon", "nb", False)],
)
def test_common_words_are_told_from_names(word, language, common):
    assert is_common(word, language) == common


def test_word_list_holds_small_words_and_german_nouns_after_articles(tmp_path):
    texts = ["Der Umsatz stieg. Der Umsatz von Novaris stieg. Novaris zahlte den Umsatz."] * 2
    assert common_words_of(texts, "de") == ["den", "stieg", "umsatz", "von", "zahlte"]
    write_common_words({"de": texts}, tmp_path / "one.gz")
    write_common_words({"de": texts}, tmp_path / "two.gz")
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()
