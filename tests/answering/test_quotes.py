from parts_of_answers import article_of, passage_of

from qa_service.answering.quotes import CitationBook, quoted_span
from qa_service.models import Article, CleanText, Hit, Passage, Run, Span

HTML = "<p>The port of Vargon handled <b>5 million</b> tonnes in 2023.</p>"
CLEAN = "The port of Vargon handled 5 million tonnes in 2023."


def torn_by_markup():
    runs = (Run(0, 3, 27), Run(27, 33, 9), Run(36, 46, 16))
    article = Article("p", HTML, CleanText(CLEAN, runs, (Span(0, len(CLEAN)),)), "Port", "en")
    passage = Passage("p-1", "p", 3, 62, CLEAN, (Span(0, len(CLEAN)),), runs, "en")
    return article, passage


def test_a_quote_is_the_slice_of_the_source():
    passage = passage_of("First sentence. The bridge cost 12 million kroner.")
    article = article_of(passage)
    source = quoted_span(article, passage, passage.sentences[1], must_hold=passage.sentences[1])
    assert article.text[source.start : source.end] == "The bridge cost 12 million kroner."


def test_a_quote_never_spans_a_tag():
    article, passage = torn_by_markup()
    source = quoted_span(article, passage, passage.sentences[0], must_hold=Span(27, 36))
    assert article.text[source.start : source.end] == "5 million"


def test_a_value_torn_by_a_tag_cannot_be_quoted():
    article, passage = torn_by_markup()
    assert quoted_span(article, passage, passage.sentences[0], must_hold=Span(20, 36)) is None


def test_the_same_quote_keeps_its_number():
    passage = passage_of("One sentence here. Another sentence there.")
    book = CitationBook({"a": article_of(passage)})
    first, second = passage.sentences
    hit = Hit(passage, 1.0)
    markers = [book.cite(hit, span).marker for span in (first, second, first)]
    assert markers == [1, 2, 1]


def test_citations_of_what_was_not_proved_are_forgotten():
    passage = passage_of("One sentence here. Another sentence there.")
    book = CitationBook({"a": article_of(passage)})
    hit = Hit(passage, 1.0)
    book.cite(hit, passage.sentences[0])
    book.keep_only({1})
    book.cite(hit, passage.sentences[1])
    book.keep_only(set())
    assert [citation.marker for citation in book.citations] == [1]
