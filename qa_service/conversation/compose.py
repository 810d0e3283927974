"""Composing the standalone question: edits inside the last question's text, or parts put side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from qa_service.conversation.cues import cues_of
from qa_service.conversation.name_slot import is_place, named_in, replaced_by
from qa_service.conversation.period_slot import (
    carried_period,
    in_place_of,
    new_period,
    period_span,
    standing,
    with_leads,
)
from qa_service.conversation.utterance import Utterance, take_apart
from qa_service.language.tokens import words
from qa_service.models import Name, Span


@dataclass(frozen=True, slots=True)
class Edit:
    """Words to put in place of a range of a text."""

    span: Span
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits made; they must not overlap."""
    for edit in sorted(edits, key=lambda edit: -edit.span.start):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return " ".join(text.split())


def as_question(text: str) -> str:
    """The text with a capital at the front and one question mark at the end."""
    text = " ".join(text.split()).rstrip(" ?.!,")
    return f"{text[:1].upper()}{text[1:]}?"


def with_new_slots(utterance: Utterance, last: Utterance, *, today: date) -> Utterance:
    """The last question with the period and the names of the new one in the place of its own."""
    edits: list[Edit] = []
    added: list[str] = []
    for name in utterance.names:
        victims = replaced_by(name, utterance, last)
        shown = name.text if last.language == utterance.language else named_in(name, utterance.language)
        edits += [Edit(Span(old.start, old.end), shown) for old in victims if not _is_edited(edits, old)]
        if not victims:
            added.append(_placed(name, last.language))
    period = new_period(utterance, last, today=today)
    if period is not None and last.language != utterance.language:
        span = period_span(last.periods)
        edits += [Edit(with_leads(last.text, span, last.cues.period_leads), "")] if span else []
    elif period is not None:
        edit = _period_edit(period, utterance, last)
        edits += [edit] if edit else []
        added += [] if edit else [standing(period, last.cues)]
    text = joined(edited(last.text, edits), added, last.language)
    known = [name.text for name in (*utterance.names, *last.names) if not is_place(name)]
    return take_apart(text, last.language, today=today, known=known)


def joined(text: str, added: Sequence[str], language: str) -> str:
    """A question with places, names and a period added where its language has them."""
    if not added:
        return text
    if cues_of(language).question_last:
        first = words(text)[:1]
        lowered = text[:1].lower() + text[1:] if first and first[0].key in cues_of(language).grammar else text
        return f"{' '.join(added)}, {lowered}"
    return f"{text} {' '.join(added)}"


def carried(last: Utterance, language: str, *, names: Sequence[Name], period: bool) -> list[str]:
    """The last question's `names` and its period, as they are added to a question in `language`."""
    places = [_placed(name, language) for name in names if is_place(name)]
    others = [name.text for name in names if not is_place(name)]
    said = carried_period(last, language) if period else None
    return [*([f"({', '.join(others)})"] if others else []), *places, *([said] if said else [])]


def remainder(base: Utterance, utterance: Utterance, period: str | None) -> str:
    """What the last question is about without what it asks, for the new one: its words, names and period, in order.

    `period` is the new question's, where it is of another language.
    """
    language = utterance.language
    pieces = [(word.start, word.text) for word in base.content]
    pieces += [
        (name.start, name.text if base.language == language else named_in(name, language)) for name in base.names
    ]
    span = period_span(base.periods)
    if span is not None:
        pieces.append((span.start, carried_period(base, language) or ""))
    elif period is not None and base.language != language:
        pieces.append((len(base.text), standing(period, utterance.cues)))
    return " ".join(text for _, text in sorted(pieces))


def asked_about(asked: str, about: str) -> str:
    """A question of two parts: what is asked, and of what."""
    if not about:
        return as_question(asked)
    return as_question(f"{about}: {asked}")


def without_slots(utterance: Utterance) -> str:
    """The new question's text without its names and periods."""
    spans = [with_leads(utterance.text, Span(n.start, n.end), utterance.cues.place_leads) for n in utterance.names]
    if (span := period_span(utterance.periods)) is not None:
        spans.append(with_leads(utterance.text, span, utterance.cues.period_leads))
    return edited(utterance.text, [Edit(span, "") for span in spans])


def question_phrase(base: Utterance) -> tuple[Span, Span] | None:
    """The question word that counts or chooses, and it with its noun ("How many", "How many projects"); else None."""
    determiner = next((s for s in base.questions if base.cues.determiners.fullmatch(_folded(base, s))), None)
    if determiner is None:
        return None
    run: list[Span] = []
    end = determiner.end
    for word in words(base.text[determiner.end :]):
        start = determiner.end + word.start
        if base.text[end:start].strip() or not any(item.start == start for item in base.content):
            break
        run.append(Span(start, determiner.end + word.end))
        end = run[-1].end
    following = words(base.text[end:])[:1]
    verb_last = not base.cues.question_last and not (following and following[0].key in base.cues.auxiliaries)
    if verb_last and (len(run) > 1 or not base.cues.many.fullmatch(_folded(base, determiner))) and following:
        run = run[:-1]
    return (determiner, Span(determiner.start, run[-1].end)) if run else None


def _folded(base: Utterance, span: Span) -> str:
    from qa_service.language.tokens import fold

    return fold(base.text[span.start : span.end])


def _placed(name: Name, language: str) -> str:
    return cues_of(language).at_place.format(place=named_in(name, language)) if is_place(name) else f"({name.text})"


def _is_edited(edits: Sequence[Edit], name: Name) -> bool:
    return any(edit.span.overlaps(Span(name.start, name.end)) for edit in edits)


def _period_edit(period: str, utterance: Utterance, last: Utterance) -> Edit | None:
    span = period_span(last.periods)
    if span is None:
        return None
    old = with_leads(last.text, span, last.cues.period_leads)
    return Edit(old, in_place_of(old, last.text, period, last=last, cues=last.cues))
