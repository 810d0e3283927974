"""The service: one object that answers questions from an index. Page, REST, command line and evaluation all call it."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from qa_service.answering.engine import Draft, EngineOptions, answer_from
from qa_service.answering.llm import LLMDraft, answer_with_llm
from qa_service.answering.llm_endpoint import llm_options
from qa_service.answering.llm_usage import Usage
from qa_service.answering.scoring import FITTED, load_scorer
from qa_service.conversation.followup import asked_language
from qa_service.conversation.rewrite import Rewriting, rewritten_question
from qa_service.conversation.turn import Turn
from qa_service.embedding.encoder import Encoder, load_encoder
from qa_service.embedding.neutral import NeutralSpace
from qa_service.errors import QuestionError
from qa_service.indexing.build import chroma_server, index_identity
from qa_service.language.search_tokens import search_tokens
from qa_service.models import Answer, Article, ArticleInfo, ParsedQuestion
from qa_service.prompts import render
from qa_service.query.answer_kinds import load_kind_model, with_expected_kinds
from qa_service.query.parse import parse_question
from qa_service.reading.reader import Reader, load_reader
from qa_service.retrieval.search import SearchOptions, SearchResult, search
from qa_service.schemas import PassageModel, passage_model
from qa_service.settings import Settings, load_index_settings
from qa_service.store.layout import IndexLayout
from qa_service.store.store import Store

if TYPE_CHECKING:
    from qa_service.store.snapshot import Snapshot

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Timings:
    """Milliseconds a step, in the order of the steps."""

    steps: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Times the block as step `name`."""
        started = time.perf_counter()
        yield
        self.steps[name] = round((time.perf_counter() - started) * 1000, 2)


class QAService:
    """Answers questions from one index; safe to share between threads."""

    def __init__(self, settings: Settings, encoder: Encoder, store: Store, reader: Reader | None) -> None:
        self.settings = settings
        self.store = store
        self._encoder = encoder
        self._reader = reader
        self._llm = llm_options(settings)
        self._loaded_space: tuple[str, NeutralSpace | None] = ("", None)

    @classmethod
    def open(cls, settings: Settings) -> QAService:
        """The service over the index of `settings`; StoreError says what is wrong with it and which command helps."""
        IndexLayout(settings.index_dir).current_id()  # a missing index is told before the models load
        encoder = cls.encoder_for(settings)
        identity = index_identity(load_index_settings(), encoder)
        store = Store.open(settings.index_dir, expected=identity, tokenise=search_tokens, server=chroma_server())
        reader = None
        if settings.reader and encoder.folder is not None:
            reader = load_reader(encoder.folder, encoder=encoder, threads=settings.threads)
        return cls(settings, encoder, store, reader)

    @staticmethod
    def encoder_for(settings: Settings) -> Encoder:
        """The embedding model that these settings name."""
        name = load_index_settings().embedding_model
        return load_encoder(name, cache_dir=settings.cache_dir, device=settings.device, threads=settings.threads)

    def ask(
        self,
        question: str,
        *,
        today: date | None = None,
        answer_id: str | None = None,
        history: Sequence[Turn] = (),
    ) -> Answer:
        """The answer to `question`, or an abstention; a question that cannot be asked abstains as `invalid_question`.

        What `question` leaves to the turns of `history` is filled in before it is searched.
        """
        answer_id, today, timings = answer_id or uuid.uuid4().hex, today or date.today(), Timings()
        with timings.step("follow_up"):
            filled = self.standalone(question, history, today=today)
        try:
            asked = self._checked(filled.question)
        except QuestionError:
            return self._invalid(question, answer_id)
        self.store.refresh()
        snapshot = self.store.snapshot()
        with timings.step("parse"):
            changed = asked != " ".join(question.split())
            parsed = self._parse(asked, today, language=self._spoken(question, history) if changed else None)
        result = self._search(parsed, snapshot, timings)
        draft = self._answered(result, _Articles(snapshot), timings)
        answer = _answer(draft, result, answer_id, question=question, timings=timings)
        return _with_usage(answer, filled.usage)

    def search(self, question: str, *, today: date | None = None) -> SearchResult:
        """The ranked hits for `question`, with what was read out of them; QuestionError where it cannot be asked."""
        self.store.refresh()
        parsed = self._parse(self._checked(question), today or date.today())
        return self._search(parsed, self.store.snapshot(), Timings())

    def parse(self, question: str, *, today: date | None = None) -> ParsedQuestion:
        """What is understood of `question`; QuestionError where it cannot be asked."""
        return self.search(question, today=today).question

    def passages(self, question: str, *, today: date | None = None, top_k: int = 10) -> list[PassageModel]:
        """The `top_k` best passages for `question`; QuestionError where it cannot be asked."""
        hits = self.search(question, today=today).hits[:top_k]
        snapshot = self.store.snapshot()
        titles = {hit.passage.article_id: _title(snapshot, hit.passage.article_id) for hit in hits}
        return [passage_model(rank, hit, titles[hit.passage.article_id]) for rank, hit in enumerate(hits, start=1)]

    def article(self, article_id: str) -> Article | None:
        """The article of that id, or None."""
        return self.store.article(article_id)

    def articles(self) -> list[ArticleInfo]:
        """All articles of the collection."""
        return self.store.articles()

    def _checked(self, question: str) -> str:
        text = " ".join(question.split())
        if not any(char.isalnum() for char in text):
            raise QuestionError("The question is empty. Ask something in words.")
        if len(text) > self.settings.max_question_chars:
            most = self.settings.max_question_chars
            raise QuestionError(f"The question has {len(text)} characters; at most {most} are accepted. Shorten it.")
        return text

    def _parse(self, question: str, today: date, *, language: str | None = None) -> ParsedQuestion:
        default = self.settings.default_language
        return parse_question(question, today=today, language=language, default_language=default)

    def _spoken(self, question: str, history: Sequence[Turn]) -> str | None:
        """The language of a follow-up itself, which what is filled in from other languages may hide."""
        return asked_language(question, history) if history else None

    def _search(self, parsed: ParsedQuestion, snapshot: Snapshot, timings: Timings) -> SearchResult:
        with timings.step("embed"):
            raw = self._encoder.encode_queries([parsed.text])
            vector = self._space(snapshot).apply_queries(raw, [parsed.language])[0]
            known = raw[0] if self._encoder.is_default else None
            parsed = with_expected_kinds(parsed, known, load_kind_model())
        options = SearchOptions(candidates=self.settings.candidates, read_passages=self.settings.read_passages)
        with timings.step("search"):
            return search(parsed, vector, snapshot, reader=self._reader, options=options)

    def _space(self, snapshot: Snapshot) -> NeutralSpace:
        generation, space = self._loaded_space
        if generation != snapshot.generation or space is None:
            space = NeutralSpace.load(snapshot.transform_path)
            self._loaded_space = (snapshot.generation, space)
        return space

    def standalone(self, question: str, history: Sequence[Turn], *, today: date) -> Rewriting:
        """The question with what it leaves to the conversation filled in; unchanged where it leaves nothing."""
        if not history or len(question) > self.settings.max_question_chars:
            return Rewriting(question)
        language = self.settings.default_language
        return rewritten_question(question, history, options=self._llm, today=today, default_language=language)

    def _answered(self, result: SearchResult, articles: Mapping[str, Article], timings: Timings) -> Draft:
        with timings.step("answer"):
            draft = self._draft(result, articles)
        if self._llm is None:
            return draft
        with timings.step("llm"):
            return answer_with_llm(result, articles, options=self._llm, extractive=draft)

    def _draft(self, result: SearchResult, articles: Mapping[str, Article]) -> Draft:
        options = EngineOptions(strictness=self.settings.strictness, closest=self.settings.closest_passages)
        scorer = load_scorer(FITTED[self._reader is not None])
        return answer_from(result, articles, scorer=scorer, options=options)

    def _invalid(self, question: str, answer_id: str) -> Answer:
        language = self.settings.default_language
        text = render("invalid_question", language, limit=str(self.settings.max_question_chars))
        return Answer(
            id=answer_id,
            question=question[: self.settings.max_question_chars],
            language=language,
            standalone_question="",
            parsed=None,
            status="abstained",
            reason="invalid_question",
            confidence=0.0,
            headline=None,
            values=(),
            text=text,
            claims=(),
            citations=(),
            closest=(),
        )


class _Articles(Mapping[str, Article]):
    """The articles of a snapshot, read when they are needed and then kept."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._read: dict[str, Article] = {}

    def __getitem__(self, article_id: str) -> Article:
        if article_id not in self._read:
            article = self._snapshot.article(article_id)
            if article is None:
                raise KeyError(article_id)
            self._read[article_id] = article
        return self._read[article_id]

    def __iter__(self) -> Iterator[str]:
        return (info.id for info in self._snapshot.articles())

    def __len__(self) -> int:
        return len(self._snapshot.articles())


def _title(snapshot: Snapshot, article_id: str) -> str:
    article = snapshot.article(article_id)
    return article.title if article else article_id


def _with_usage(answer: Answer, spent: Usage) -> Answer:
    """The answer with the tokens of the follow-up's rewriting added to its own."""
    return replace(
        answer,
        tokens_read=answer.tokens_read + spent.read,
        tokens_written=answer.tokens_written + spent.written,
        tokens_estimated=answer.tokens_estimated or spent.estimated,
    )


def _answer(draft: Draft, result: SearchResult, answer_id: str, *, question: str, timings: Timings) -> Answer:
    parsed = result.question
    usage = draft.usage if isinstance(draft, LLMDraft) else Usage()
    return Answer(
        id=answer_id,
        question=question,
        language=parsed.language,
        standalone_question=parsed.text,
        parsed=parsed,
        status=draft.status,
        reason=draft.reason,
        confidence=draft.confidence,
        headline=draft.headline,
        values=draft.values,
        text=draft.text,
        claims=draft.claims,
        citations=draft.citations,
        closest=draft.closest,
        timings_ms=timings.steps | {"total": round(sum(timings.steps.values()), 2)},
        hits=result.hits,
        engine=draft.engine if isinstance(draft, LLMDraft) else "extractive",
        note=draft.note if isinstance(draft, LLMDraft) else None,
        tokens_read=usage.read,
        tokens_written=usage.written,
        tokens_estimated=usage.estimated,
    )


def turn_of(answer: Answer) -> Turn:
    """The answer as a turn that a follow-up may lean on."""
    parsed = answer.parsed
    return Turn(
        question=answer.question,
        standalone=answer.standalone_question,
        language=answer.language,
        headline=answer.headline,
        periods=tuple(period.iso() for period in parsed.periods) if parsed else (),
        places=tuple(place.text for place in parsed.places) if parsed else (),
        names=tuple(name.text for name in parsed.names) if parsed else (),
    )
