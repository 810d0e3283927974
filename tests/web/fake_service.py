"""A small working service of QAService's interface: real articles, answers from a script."""

import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import SimpleNamespace

from qa_service.errors import QuestionError
from qa_service.indexing.articles import build_article
from qa_service.models import (
    Answer,
    Article,
    ArticleInfo,
    AskedFor,
    Citation,
    Claim,
    Hit,
    ParsedQuestion,
    Passage,
    Span,
    Value,
)
from qa_service.schemas import passage_model
from qa_service.text.load import load_path


@dataclass(frozen=True)
class Script:
    """What is answered to questions that hold `words`."""

    words: str
    quote: str = ""
    headline: str | None = None
    text: str = ""
    reason: str | None = None
    values: tuple = ()
    language: str = "en"
    seconds: float = 0.0
    error: Exception | None = None


@dataclass
class FakeStore:
    articles: dict
    manifest: SimpleNamespace = field(init=False)

    def __post_init__(self):
        self.manifest = SimpleNamespace(
            id="00000001-test",
            created=datetime.now(UTC).isoformat(),
            articles=len(self.articles),
            passages=sum(len(self.passages_of(id)) for id in self.articles),
        )

    def refresh(self):
        return False

    def passages_of(self, article_id):
        article = self.articles[article_id]
        return [_passage(article, span, number) for number, span in enumerate(article.clean.paragraphs)]


class FakeService:
    def __init__(self, articles: list[Article], scripts: list[Script], settings=None):
        self.settings = settings
        self._articles = {article.id: article for article in articles}
        self._scripts = scripts
        self.store = FakeStore(self._articles)
        self.asked = []

    @classmethod
    def over(cls, folder, scripts, settings=None):
        loaded = load_path(folder)
        return cls([build_article(article) for article in loaded.articles], scripts, settings)

    def ask(self, question, *, today=None, answer_id=None, history=()):
        self.asked.append(question)
        script = next((s for s in self._scripts if s.words in question), Script("", reason="not_found"))
        time.sleep(script.seconds)
        if script.error is not None:
            raise script.error
        return self._answer(script, question, answer_id or uuid.uuid4().hex)

    def passages(self, question, *, today=None, top_k=10):
        if not question.strip():
            raise QuestionError("The question is empty. Ask something in words.")
        hits = self._hits(question)[:top_k]
        return [passage_model(rank, hit, hit.passage.article_id) for rank, hit in enumerate(hits, start=1)]

    def article(self, article_id):
        return self._articles.get(article_id)

    def articles(self):
        return [
            ArticleInfo(a.id, a.title, a.language, a.published_on, a.as_of, a.url, len(self.store.passages_of(a.id)))
            for a in self._articles.values()
        ]

    def _answer(self, script, question, answer_id):
        answered = script.reason is None
        citations = self._citations(script.quote, question)
        claims = (Claim(script.text, tuple(c.marker for c in citations)),) if answered else ()
        return Answer(
            id=answer_id,
            question=question,
            language=script.language,
            standalone_question=question,
            parsed=ParsedQuestion(question, script.language, (AskedFor.AMOUNT,)),
            status="answered" if answered else "abstained",
            reason=script.reason,
            confidence=0.93 if answered else 0.2,
            headline=script.headline if answered else None,
            values=tuple(Value(*value) for value in script.values),
            text=script.text,
            claims=claims,
            citations=citations if answered else (),
            closest=() if answered else citations,
            timings_ms={"parse": 1.2, "embed": 12.0, "search": 3.4, "answer": 5.6, "total": 22.2},
            hits=tuple(self._hits(question)[:5]),
        )

    def _citations(self, quote, question):
        for article in self._articles.values():
            if quote and quote in article.text:
                start = article.text.index(quote)
                return (_citation(1, article, start, start + len(quote)),)
        nearest = self._hits(question)[:2]
        return tuple(
            _citation(number, self._articles[hit.passage.article_id], hit.passage.start, hit.passage.end)
            for number, hit in enumerate(nearest, start=1)
        )

    def _hits(self, question):
        words = set(question.lower().split())
        passages = [p for id in self._articles for p in self.store.passages_of(id)]
        scored = [(len(words & set(p.text.lower().split())) / (len(words) or 1), p) for p in passages]
        scored.sort(key=lambda pair: -pair[0])
        return [Hit(p, score, {"dense": score, "lexical": score * 10}) for score, p in scored]


def _passage(article, span, number):
    source = article.clean.source_spans(span)
    return Passage(
        id=f"{article.id}-{number}",
        article_id=article.id,
        start=source[0].start,
        end=source[-1].end,
        text=article.clean.text[span.start : span.end],
        sentences=(Span(0, span.end - span.start),),
        runs=(),
        language=article.language,
        position=number,
    )


def _citation(marker, article, start, end):
    return Citation(
        marker,
        article.id,
        article.title,
        article.language,
        article.published_on,
        article.url,
        f"{article.id}-0",
        article.text[start:end],
        start,
        end,
    )


DAY = date(2024, 7, 1)
