"""An answer as the page shows it: what the templates need, worked out beforehand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from qa_service.language.localise_periods import format_period
from qa_service.models import Answer, Citation, Hit, Period, PeriodKind
from qa_service.web.excerpts import Excerpt, excerpt_of
from qa_service.web.render import article_link, safe_url
from qa_service.web.texts import Texts

if TYPE_CHECKING:
    from qa_service.service import QAService

RANKED = 5
_MARKER = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class CardView:
    """A citation with its surroundings."""

    marker: int
    title: str
    language: str
    language_name: str
    dates: tuple[str, ...]
    excerpt: Excerpt
    link: str
    url: str | None
    label: str


@dataclass(frozen=True, slots=True)
class TextPart:
    """A stretch of the answer's text, or a marker that points to a card."""

    text: str = ""
    card: CardView | None = None


@dataclass(frozen=True, slots=True)
class RankedView:
    """A passage of the ranking."""

    rank: int
    title: str
    link: str
    lanes: tuple[tuple[str, str], ...]
    fit: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class WhyView:
    """How the answer came about: pairs of label and value, the ranking, the time of each step."""

    facts: tuple[tuple[str, str], ...]
    ranking: tuple[RankedView, ...]
    timings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What `answer.html` shows."""

    id: str
    answered: bool
    language: str
    kicker: str
    headline: str | None
    headline_cards: tuple[CardView, ...]
    as_of: str
    parts: tuple[TextPart, ...]
    note: str | None
    cards: tuple[CardView, ...]
    why: WhyView
    plain: str


def answer_view(answer: Answer, service: QAService, *, texts: Texts, root: str) -> AnswerView:
    """The view of an answer in the interface's language; `root` is the path that the service lies under."""
    answered = answer.status == "answered"
    citations = answer.citations if answered else answer.closest
    cards = tuple(_card(citation, service, texts=texts, root=root) for citation in citations)
    kicker = texts["answer"] if answered else texts.table("reason", answer.reason or "other")
    headline_markers = {value.citation for value in answer.values} or {card.marker for card in cards[:1]}
    return AnswerView(
        id=answer.id,
        answered=answered,
        language=answer.language,
        kicker=kicker,
        headline=answer.headline,
        headline_cards=tuple(card for card in cards if card.marker in headline_markers),
        as_of=_as_of(answer),
        parts=_parts(answer.text, cards),
        note=answer.note,
        cards=cards,
        why=_why(answer, service, texts=texts, root=root),
        plain=plain_answer(answer, texts),
    )


def partial_view(view: AnswerView, parts: int) -> AnswerView:
    """The view while it streams in: the headline and the first parts of the text, without cards."""
    return replace(view, parts=view.parts[:parts], cards=())


def plain_answer(answer: Answer, texts: Texts) -> str:
    """The answer and its sources as plain text, for copying."""
    citations = answer.citations or answer.closest
    lines = [answer.question, "", *([answer.headline] if answer.headline else []), answer.text]
    if citations:
        lines += ["", f"{texts['sources']}:"]
    for citation in citations:
        where = " · ".join(filter(None, (citation.title, texts.language_name(citation.language), _iso(citation))))
        lines += [f"[{citation.marker}] “{_one_line(citation.quote)}” — {where}"]
        lines += [f"    {url}"] if (url := safe_url(citation.url)) else []
    return "\n".join(lines)


def _iso(citation: Citation) -> str:
    return citation.published_on.isoformat() if citation.published_on else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _card(citation: Citation, service: QAService, *, texts: Texts, root: str) -> CardView:
    article = service.article(citation.article_id)
    as_of, published_on = (article.as_of, article.published_on) if article else (None, citation.published_on)
    excerpt = excerpt_of(article, citation.start, citation.end) if article else Excerpt("", citation.quote, "")
    return CardView(
        marker=citation.marker,
        title=citation.title,
        language=citation.language,
        language_name=texts.language_name(citation.language),
        dates=_dates(as_of, published_on, texts),
        excerpt=excerpt,
        link=article_link(root, citation.article_id, citation.start, citation.end),
        url=safe_url(citation.url),
        label=texts.fill("source", marker=citation.marker, title=citation.title),
    )


def _dates(as_of: date | None, published_on: date | None, texts: Texts) -> tuple[str, ...]:
    shown = [texts.fill("as_of", date=texts.day(as_of))] if as_of else []
    if published_on and published_on != as_of:
        shown.append(texts.fill("published", date=texts.day(published_on)))
    return tuple(shown)


def _as_of(answer: Answer) -> str:
    """The period of the headline's values in the answer's language, each period once."""
    periods = [read_period(value.period) for value in answer.values if value.period]
    return " · ".join(dict.fromkeys(format_period(p, answer.language) for p in periods if p))


def read_period(interval: str) -> Period | None:
    """A period from its ISO 8601 interval, as `Period.iso` writes it; None where it is not one."""
    first_text, _, last_text = interval.partition("/")
    try:
        first = None if first_text == ".." else date.fromisoformat(first_text)
        last = None if last_text == ".." else date.fromisoformat(last_text)
    except ValueError:
        return None
    kind = PeriodKind.AS_OF if first is None else PeriodKind.FROM if last is None else PeriodKind.DURING
    return Period(first, last, kind, _granularity(first, last))


def _granularity(first: date | None, last: date | None) -> str:
    if first is None or last is None or first == last:
        return "day"
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return {1: "month", 3: "quarter", 6: "half", 12: "year"}.get(months, "range")


def _parts(text: str, cards: Sequence[CardView]) -> tuple[TextPart, ...]:
    """The text cut at its markers; a marker without a card stays text."""
    by_marker = {card.marker: card for card in cards}
    parts, position = [], 0
    for match in _MARKER.finditer(text):
        if (card := by_marker.get(int(match.group(1)))) is None:
            continue
        parts += [TextPart(text[position : match.start()].rstrip(" ")), TextPart(card=card)]
        position = match.end()
    return tuple(part for part in (*parts, TextPart(text[position:])) if part.card or part.text)


def _why(answer: Answer, service: QAService, *, texts: Texts, root: str) -> WhyView:
    titles = {info.id: info.title for info in service.articles()} if answer.hits else {}
    ranking = tuple(
        _ranked(rank, hit, titles.get(hit.passage.article_id, hit.passage.article_id), texts=texts, root=root)
        for rank, hit in enumerate(answer.hits[:RANKED], start=1)
    )
    timings = tuple((texts.table_or_key("step", step), f"{ms:,.0f} ms") for step, ms in answer.timings_ms.items())
    return WhyView(_facts(answer, texts), ranking, timings)


def _facts(answer: Answer, texts: Texts) -> tuple[tuple[str, str], ...]:
    parsed, none = answer.parsed, texts["none"]
    facts = [(texts["understood"], answer.standalone_question or answer.question)]
    if parsed is not None:
        facts += [
            (texts["asked_for"], ", ".join(texts.table("asked", asked.value) for asked in parsed.asked_for) or none),
            (texts["periods"], " · ".join(format_period(p, texts.language) for p in parsed.periods) or none),
            (texts["places"], ", ".join(place.text for place in parsed.places) or none),
            (texts["names"], ", ".join(name.text for name in parsed.names) or none),
        ]
    return (*facts, (texts["confidence"], f"{answer.confidence:.0%}"), (texts["engine"], answer.engine))


def _ranked(rank: int, hit: Hit, title: str, *, texts: Texts, root: str) -> RankedView:
    passage, fit = hit.passage, hit.constraints
    agreements = ((texts["periods"], fit.period), (texts["places"], fit.place), (texts["names"], fit.name))
    return RankedView(
        rank=rank,
        title=title,
        link=article_link(root, passage.article_id, passage.start, passage.end),
        lanes=tuple((texts.table_or_key("lane", lane), f"{score:.2f}") for lane, score in hit.lanes.items()),
        fit=tuple((label, value.value, texts[value.value]) for label, value in agreements),
    )
