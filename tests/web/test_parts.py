import json
from dataclasses import replace
from datetime import date

import pytest
from newsroom import QUOTE

from qa_service.models import Article, ArticleInfo, CleanText, Run, Span
from qa_service.web.conversation import MOST_TURNS, Conversation, Turn
from qa_service.web.examples import example_questions
from qa_service.web.excerpts import Excerpt, excerpt_of, marked_paragraphs
from qa_service.web.feedback import FeedbackStore, Rating, RecentAnswers, question_set
from qa_service.web.frame_options import frame_options
from qa_service.web.render import article_link, safe_url
from qa_service.web.texts import all_texts, texts_for
from qa_service.web.views import read_period


def article(text, runs, paragraphs):
    clean_text = "".join(text[r.source_start : r.source_start + r.length] for r in runs)
    return Article("a", text, CleanText(clean_text, tuple(runs), tuple(paragraphs)), "A", "en")


# "menu" is furniture: the cleaned text is "One. Two. Three."; "Two." lies at 9 in the source, at 5 in it.
CLEANED = article("One. menuTwo. Three.", [Run(0, 0, 5), Run(5, 9, 11)], [Span(0, 16)])


@pytest.mark.parametrize(
    ("start", "end", "excerpt"),
    [
        (9, 13, Excerpt("One. ", "Two.", " Three.")),
        (0, 4, Excerpt("", "One.", " Two. Three.")),
        (5, 9, Excerpt("", "menu", "")),
    ],
)
def test_a_quote_is_shown_in_its_paragraph_without_furniture(start, end, excerpt):
    assert excerpt_of(CLEANED, start, end) == excerpt


def test_quotes_of_an_article_are_marked_once_and_in_order():
    pieces = marked_paragraphs(CLEANED, [Span(14, 20), Span(0, 4), Span(2, 4)])
    assert [(p.text, p.quote) for p in pieces[0]] == [("One.", 2), (" Two. ", 0), ("Three.", 1)]


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org/a?b=1", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("java\nscript:alert(1)", False),
        (" https://example.org", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://[broken", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url, safe):
    assert (safe_url(url) is not None) is safe


def test_an_article_link_escapes_its_id():
    assert article_link("/qa", "a/../b?c#d", 1, 2) == "/qa/articles/a%2F..%2Fb%3Fc%23d?quote=1-2#quote-1"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("nn-NO,nb;q=0.9", "nb"),
        ("no", "nb"),
        ("fr-FR,vi;q=0.5,de;q=0.7", "de"),
        ("en;q=0,vi", "vi"),
        ("fr,*;q=0.1", "en"),
        ("x;q=abc", "en"),
        ("VI-vn", "vi"),
    ],
)
def test_the_interface_takes_the_readers_best_language(header, language):
    assert texts_for(header).language == language


def test_every_language_has_every_text_with_the_same_variables():
    english = all_texts()["en"]
    for texts in all_texts().values():
        assert set(texts) == set(english)
        for key in texts:
            assert texts[key].count("{") == english[key].count("{") or key == "failed", (texts.language, key)


@pytest.mark.parametrize(
    ("interval", "granularity"),
    [
        ("2024-01-01/2024-06-30", "half"),
        ("../2024-06-30", "day"),
        ("2024-06-01/2024-06-30", "month"),
        ("2024-01-01/2024-12-31", "year"),
    ],
)
def test_an_interval_is_read_back_as_a_period(interval, granularity):
    period = read_period(interval)
    assert period.iso() == interval
    assert period.granularity == granularity


def test_what_is_no_interval_is_no_period():
    assert read_period("last year") is None


def test_a_conversation_forgets_its_oldest_turn():
    conversation = Conversation()
    for number in range(MOST_TURNS + 3):
        conversation = conversation.with_turn(Turn(str(number)))
    assert [turn.question for turn in conversation.turns] == [str(n) for n in range(3, MOST_TURNS + 3)]
    assert conversation.before(1).turns[-1].question == "3"


def info(name, title):
    return ArticleInfo(name, title, "en", date(2024, 1, 1), None, None)


def test_examples_come_from_the_setting_then_the_file_then_the_titles():
    texts = all_texts()["en"]
    assert example_questions([info("x", "A port")], texts, ["My own?"]) == ["My own?"]
    assert example_questions([info("x", "A port")], texts) == ["What is reported in “A port”?"]
    assert example_questions([], texts) == []


def test_frame_options_are_cut_to_a_sensible_length():
    options = frame_options({"title": " a \n b ", "greeting": "x" * 999, "examples": "1|2||3|4|5"})
    assert options.title == "a b"
    assert len(options.greeting) == 200
    assert options.examples == ("1", "2", "3", "4")


def test_answers_are_remembered_without_the_passages_that_were_read_for_them(tmp_path):
    from fake_service import FakeService, Script
    from newsroom import write_articles

    service = FakeService.over(write_articles(tmp_path / "articles"), [Script("cup", reason="not_found")])
    recent = RecentAnswers(size=2)
    answers = [service.ask(f"the cup of {year}?") for year in (2018, 2020, 2022)]
    for answer in answers:
        recent.remember(answer)
    assert all(answer.hits for answer in answers)
    assert [recent.find(answer.id) for answer in answers] == [None, *(replace(a, hits=()) for a in answers[1:])]


def test_ratings_become_a_question_set(tmp_path):
    from fake_service import FakeService, Script
    from newsroom import write_articles

    service = FakeService.over(
        write_articles(tmp_path / "articles"),
        [Script("foreign", quote=QUOTE, headline="€412 million", text="x [1]."), Script("cup", reason="not_found")],
    )
    store = FeedbackStore(tmp_path / "feedback.sqlite3")
    assert store.rows() == []
    good, bad = service.ask("foreign money?"), service.ask("the cup?")
    for rating, answer in (
        (Rating(good.id, "down"), good),
        (Rating(good.id, "up", "fine"), good),
        (Rating(bad.id, "down"), bad),
    ):
        store.add(rating, answer, generation="g", settings_hash="s")
    lines = list(question_set(store.rows()))
    assert [(line["question"], line["kind"], line["tags"][1]) for line in lines] == [
        ("foreign money?", "answer", "rated-up"),
        ("the cup?", "abstain", "rated-down"),
    ]
    assert lines[0]["articles"] == ["port-nb"]
    assert lines[0]["quote"] == QUOTE
    assert lines[0]["answers"] == ["€412 million"]
    assert json.dumps(lines)
