"""Composing the standalone question: edits inside the last question's text, or parts put side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from qa_service.conversation.cues import cues_of
from qa_service.conversation.name_slot import inner_place, is_place, named_in, replaced_by
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
from qa_service.models import AskedFor, Name, Span
from qa_service.query.parse import parse_question

# Where only the wording counts and no day is meant.
ANY_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Resolution:
    """A standalone question; `sure` where the rules made or left a sentence, and did not put parts side by side."""

    text: str
    sure: bool


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
        inner = inner_place(name, last)
        victims = () if inner else replaced_by(name, utterance, last)
        edits += [Edit(span, name.text) for span in inner]
        shown = name.text if last.language == utterance.language else named_in(name, utterance.language)
        edits += [Edit(old.span, shown) for old in victims if not _is_edited(edits, old)]
        if not victims and not inner:
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
    if base.language == utterance.language:
        return _rest(base)
    language = utterance.language
    pieces = [(word.start, word.text) for word in base.content]
    pieces += [(name.start, named_in(name, language)) for name in base.names]
    span = period_span(base.periods)
    if span is not None:
        pieces.append((span.start, carried_period(base, language) or ""))
    elif period is not None:
        pieces.append((len(base.text), standing(period, utterance.cues)))
    return " ".join(text for _, text in sorted(pieces))


def undated(base: Utterance) -> Utterance:
    """The question without its period."""
    span = period_span(base.periods)
    if span is None:
        return base
    text = edited(base.text, [Edit(with_leads(base.text, span, base.cues.period_leads), "")])
    known = [name.text for name in base.names if not is_place(name)]
    return take_apart(text, base.language, today=ANY_DAY, known=known)


def _rest(base: Utterance) -> str:
    """The question's text without question words and auxiliaries, and without the small words left at its edges."""
    asked = [*base.questions, *(anaphor.span for anaphor in base.anaphors if not anaphor.definite)]
    verbs = [Span(word.start, word.end) for word in base.grammar if word.key in base.cues.auxiliaries]
    text = (
        edited(base.text, [Edit(span, " ") for span in _merged([*asked, *verbs])])
        .replace(":", " ")
        .replace("(", " ")
        .replace(")", " ")
    )
    found = words(text)
    while found and found[0].key in base.cues.grammar:
        found = found[1:]
    while found and found[-1].key in base.cues.grammar and not base.periods:
        found = found[:-1]
    return " ".join(text[found[0].start : found[-1].end].split()) if found else ""


def _merged(spans: Sequence[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if not kept or not span.overlaps(kept[-1]):
            kept.append(span)
    return kept


def asked_words(last: Utterance, language: str, *, today: date) -> str:
    """What the last question asked, in a few words of `language`."""
    asked = parse_question(last.text, today=today, language=last.language).asked_for[0]
    return cues_of(language).asked.get(asked.value, "")


def settled(text: str) -> Resolution:
    """A sentence of its own, as a question."""
    return Resolution(as_question(text), sure=True)


def asked_about(asked: str, about: str, language: str) -> Resolution:
    """A question of two parts, what is asked and of what, in the order in which what is asked is still understood."""
    if not about:
        return Resolution(as_question(asked), sure=False)
    behind, before = as_question(f"{asked.rstrip()} ({about})"), as_question(f"{about}: {asked}")
    wanted = _asked_for(asked, language)
    swap = _asked_for(behind, language) != wanted == _asked_for(before, language)
    return Resolution(before if swap else behind, sure=False)


def _asked_for(text: str, language: str) -> AskedFor:
    return parse_question(text, today=ANY_DAY, language=language).asked_for[0]


def without_slots(utterance: Utterance) -> str:
    """The new question's text without its names and periods."""
    spans = [with_leads(utterance.text, n.span, utterance.cues.place_leads) for n in utterance.names]
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
    return any(edit.span.overlaps(name.span) for edit in edits)


def _period_edit(period: str, utterance: Utterance, last: Utterance) -> Edit | None:
    span = period_span(last.periods)
    if span is None:
        return None
    old = with_leads(last.text, span, last.cues.period_leads)
    return Edit(old, in_place_of(old, last.text, period, last=last, cues=last.cues))
