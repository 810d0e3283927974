"""Asks the service every question of a set and keeps what the metrics and the report need."""

from __future__ import annotations

import hashlib
import logging
import re
import time
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ValidationError

from qa_service.errors import QuestionSetError
from qa_service.evaluation.gold import GoldQuestion
from qa_service.evaluation.outcome import GoldSpan, Outcome, Surroundings
from qa_service.models import Answer, Article, Citation
from qa_service.schemas import PassageModel, answer_model, passage_model
from qa_service.service import QAService
from qa_service.settings import Settings

logger = logging.getLogger(__name__)

PASSAGES_KEPT = 10
CONTEXT_CHARS = 240
_PRICED_TOKENS = 1_000_000


class KeptAnswer(BaseModel):
    """A line of a resume file; `key` is of the question, the day and the index, so that no other answer is reused."""

    key: str
    id: str
    outcome: Outcome


class Asker:
    """Asks one service, on one day; `resume` is a file of earlier answers that is gone on with."""

    def __init__(self, service: QAService, *, today: date, resume: Path | None = None) -> None:
        self._service = service
        self._today = today
        self._resume = resume
        self._kept = _read_kept(resume) if resume else {}
        self._article = lru_cache(maxsize=256)(service.article)
        self._missing: set[str] = set()

    def outcomes(self, questions: Sequence[GoldQuestion]) -> Iterator[Outcome]:
        """The outcome of each question, in order, as they come."""
        for gold in questions:
            key = self._key(gold)
            outcome = self._kept.get(key)
            if outcome is None:
                outcome = self._ask(gold)
                self._keep(KeptAnswer(key=key, id=gold.id, outcome=outcome))
            # the gold may have changed since; the answer has not
            yield outcome.model_copy(update={"gold": self._gold_spans(gold)})

    def _ask(self, gold: GoldQuestion) -> Outcome:
        started = time.perf_counter()
        answer = self._service.ask(gold.question, today=self._today, answer_id=gold.id)
        wall_ms = (time.perf_counter() - started) * 1000
        return Outcome(
            answer=answer_model(answer),
            passages=tuple(self._passages(answer)),
            surroundings=tuple(self._around(citation) for citation in (*answer.citations, *answer.closest)),
            wall_ms=round(wall_ms, 2),
            tokens=answer.tokens,
            tokens_estimated=answer.tokens_estimated,
            cost=cost_of(answer, self._service.settings),
        )

    def _passages(self, answer: Answer) -> Iterator[PassageModel]:
        for rank, hit in enumerate(answer.hits[:PASSAGES_KEPT], start=1):
            article = self._article(hit.passage.article_id)
            yield passage_model(rank, hit, article.title if article else hit.passage.article_id)

    def _around(self, citation: Citation) -> Surroundings:
        article = self._article(citation.article_id)
        text = article.text if article else ""
        return Surroundings(
            marker=citation.marker,
            before=text[max(0, citation.start - CONTEXT_CHARS) : citation.start],
            after=text[citation.end : citation.end + CONTEXT_CHARS],
            verbatim=bool(citation.quote.strip()) and text[citation.start : citation.end] == citation.quote,
        )

    def _gold_spans(self, gold: GoldQuestion) -> tuple[GoldSpan, ...]:
        """Where the gold stands: the quote in the gold articles, or in any article where the set names none."""
        if not gold.is_answerable or not (gold.articles or gold.quote):
            return ()
        named = gold.articles or tuple(info.id for info in self._service.articles())
        spans = [span for name in named if (span := self._gold_span(gold, name))]
        kept = [span for span in spans if gold.articles or span.start is not None]
        return tuple(sorted(kept, key=lambda span: span.start is None))

    def _gold_span(self, gold: GoldQuestion, article_id: str) -> GoldSpan | None:
        article = self._article(article_id)
        if article is None:
            if article_id not in self._missing:
                logger.warning("line %d: the gold article %r is not in the index", gold.line, article_id)
                self._missing.add(article_id)
            # nothing can find it, so that it counts against retrieval instead of vanishing from the figures
            return GoldSpan(article_id=article_id, language="")
        return span_of_quote(gold.quote, article)

    def _key(self, gold: GoldQuestion) -> str:
        parts = (gold.question, gold.id, str(self._today), self._service.store.generation)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]

    def _keep(self, kept: KeptAnswer) -> None:
        if self._resume is None:
            return
        try:
            with self._resume.open("a", encoding="utf-8") as file:
                file.write(kept.model_dump_json() + "\n")
        except OSError as error:
            raise QuestionSetError(f"{self._resume} cannot be written: {error}. Name another file.") from None


def cost_of(answer: Answer, settings: Settings) -> float | None:
    """What an LLM's tokens for an answer cost; None where no LLM was asked or no price is set."""
    if not answer.tokens or (settings.llm_price_read is None and settings.llm_price_written is None):
        return None
    read = answer.tokens_read * (settings.llm_price_read or 0.0)
    return (read + answer.tokens_written * (settings.llm_price_written or 0.0)) / _PRICED_TOKENS


def span_of_quote(quote: str, article: Article) -> GoldSpan:
    """Where the quote stands in the article, white space aside; without `start` where it does not, or is empty."""
    if not quote.strip():
        return GoldSpan(article_id=article.id, language=article.language)
    start = article.text.find(quote)
    if start >= 0:
        return GoldSpan(article_id=article.id, language=article.language, start=start, end=start + len(quote))
    match = re.search(r"\s+".join(map(re.escape, quote.split())), article.text)
    if match is None:
        return GoldSpan(article_id=article.id, language=article.language)
    return GoldSpan(article_id=article.id, language=article.language, start=match.start(), end=match.end())


def _read_kept(path: Path) -> dict[str, Outcome]:
    """The answers of a resume file by key; a last line cut off by a kill is left out."""
    if not path.exists():
        return {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(f"{path} cannot be read: {error}. Name another file.") from None
    kept = {}
    for number, line in enumerate(lines, start=1):
        try:
            answer = KeptAnswer.model_validate_json(line)
        except ValidationError:
            if number < len(lines):
                raise QuestionSetError(f"{path} is no file of kept answers (line {number}). Name another.") from None
            continue
        kept[answer.key] = answer.outcome
    return kept
