"""Follow-ups: a question that leans on the one before, written out so that it stands alone. No LLM.

A question that stands alone is returned exactly as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from itertools import pairwise

from qa_service.conversation.compose import (
    Edit,
    as_question,
    asked_about,
    carried,
    edited,
    joined,
    question_phrase,
    remainder,
    with_new_slots,
    without_slots,
)
from qa_service.conversation.name_slot import is_place, refers, shared_names, topics_of
from qa_service.conversation.period_slot import new_period
from qa_service.conversation.turn import Turn
from qa_service.conversation.utterance import Anaphor, Utterance, read_utterance, take_apart
from qa_service.language.names import find_names
from qa_service.language.tokens import fold, words
from qa_service.models import AskedFor, Span
from qa_service.query.parse import parse_question

__all__ = ["Turn", "standalone_question"]

MOST_TURNS = 6
_MOST_NOUN_WORDS = 3
_STEM = 5
_UNDATED = frozenset({AskedFor.DATE, AskedFor.PERIOD, AskedFor.PLACE})


class Form(StrEnum):
    """How a new question leans on the last one."""

    COMPLETE = "complete"
    SLOTS = "slots"
    ASKED = "asked"
    NOUN = "noun"
    CLAUSE = "clause"
    PERIOD = "period"


def standalone_question(question: str, history: Sequence[Turn], *, today: date, default_language: str) -> str:
    """The question with what it leaves to the conversation filled in, in its own language; a whole one unchanged.

    Only the last few turns of `history` are looked at; `today` is what "last year" counts from.
    """
    turn, last = _last(history, today)
    if turn is None or last is None:
        return question
    utterance = read_utterance(question, turn.language, today=today, default_language=default_language)
    form = _form(utterance, last, today)
    thanks = form is Form.NOUN and not utterance.led and not question.rstrip().endswith(("?", "？"))
    if form is Form.COMPLETE or thanks:
        return question
    if form is Form.SLOTS:
        return _of_slots(utterance, last, today)
    if form is Form.ASKED:
        return _of_asked(utterance, last, today)
    if form is Form.NOUN:
        return _of_noun(utterance, last, today)
    if form is Form.PERIOD:
        return as_question(
            joined(utterance.text, carried(last, utterance.language, names=(), period=True), utterance.language)
        )
    return _of_clause(utterance, last, turn, today)


def _last(history: Sequence[Turn], today: date) -> tuple[Turn | None, Utterance | None]:
    """The latest turn that asked about something named or dated, with its question taken apart."""
    recent = history[-MOST_TURNS:]
    known = _named_before(recent)
    for turn in reversed(recent):
        parts = take_apart(turn.standalone.strip(" ?？"), turn.language, today=today, known=known)
        if parts.names or parts.periods or parts.content:
            return turn, parts
    return None, None


def _named_before(history: Sequence[Turn]) -> tuple[str, ...]:
    """The names of the turns: one that opens a composed question is not told from a common word otherwise."""
    found = [name for turn in history for name in find_names(turn.standalone, turn.language) if not is_place(name)]
    return (*(name for turn in history for name in turn.names), *(name.text for name in found))


def _form(utterance: Utterance, last: Utterance, today: date) -> Form:
    if not utterance.text or (len(words(utterance.text)) > 1 and utterance.text.isupper()):
        return Form.COMPLETE
    if utterance.led and not utterance.periods and new_period(utterance, last, today=today) is not None:
        return Form.SLOTS
    if not utterance.questions and not utterance.anaphors:
        return _form_without_question(utterance)
    if _is_fragment(utterance):
        return Form.ASKED
    if _is_anaphoric(utterance, last):
        return Form.CLAUSE
    if utterance.names:
        dated = utterance.periods or not last.periods
        return Form.PERIOD if utterance.led and not dated and shared_names(utterance, last) else Form.COMPLETE
    own = len(utterance.content) + len(utterance.anaphors)
    bare = own <= utterance.cues.bare_words and not utterance.periods
    leans = utterance.led or bare or _overlaps(utterance, last)
    return Form.CLAUSE if leans else Form.COMPLETE


def _form_without_question(utterance: Utterance) -> Form:
    if not utterance.content:
        return Form.SLOTS if utterance.names or utterance.periods else Form.COMPLETE
    first = words(utterance.text)[0].key
    if utterance.names and not utterance.led:
        return Form.COMPLETE
    if first in utterance.cues.auxiliaries and not utterance.cues.question_last:
        return Form.CLAUSE if utterance.led and not utterance.names else Form.COMPLETE
    most = _MOST_NOUN_WORDS * (2 if utterance.cues.question_last else 1)
    short = len(utterance.content) <= (most if utterance.led else utterance.cues.bare_words)
    return Form.NOUN if short else Form.COMPLETE


def _is_fragment(utterance: Utterance) -> bool:
    """Whether there is a question word, at most with its noun, and no verb: "who?", "which countries?"."""
    verb = any(word.key in utterance.cues.auxiliaries for word in utterance.grammar)
    if utterance.anaphors or not utterance.questions or (utterance.names and (verb or not utterance.led)):
        return False
    if not utterance.content:
        return not verb
    first = utterance.questions[0]
    chooses = utterance.cues.determiners.fullmatch(fold(utterance.text[first.start : first.end]))
    return bool(chooses) and not verb and len(utterance.content) <= utterance.cues.bare_words


def _is_anaphoric(utterance: Utterance, last: Utterance) -> bool:
    return any(_counts(anaphor, utterance, last) for anaphor in utterance.anaphors)


def _counts(anaphor: Anaphor, utterance: Utterance, last: Utterance) -> bool:
    """Whether it stands for something of the last question, and not for a name beside it, nor for nothing.

    "The plant" has to be a plant that was spoken of, unless it is "this plant".
    """
    said = words(utterance.text[anaphor.span.start : anaphor.span.end])
    if utterance.names:
        placed = all(is_place(name) and name.start > anaphor.span.start for name in utterance.names)
        return (
            placed
            and len(said) == 1
            and not (anaphor.definite or anaphor.weak or anaphor.possessive or anaphor.kind == "place")
        )
    return not anaphor.definite or refers(anaphor, utterance.text, last)


def _overlaps(utterance: Utterance, last: Utterance) -> bool:
    if utterance.language != last.language:
        return False
    if utterance.cues.question_last:
        return len(_pairs(utterance) & _pairs(last)) > 1
    old = {word.key[:_STEM] for word in last.content if len(word.key) > 3}
    return any(word.key[:_STEM] in old for word in utterance.content if len(word.key) > 3)


def _pairs(utterance: Utterance) -> set[tuple[str, str]]:
    content = utterance.content
    return {(a.key, b.key) for a, b in pairwise(content) if b.start - a.end == 1}


def _of_slots(utterance: Utterance, last: Utterance, today: date) -> str:
    base = with_new_slots(utterance, last, today=today)
    if last.language == utterance.language:
        return as_question(base.text)
    return asked_about(
        _asked_words(last, utterance.language, today),
        remainder(base, utterance, new_period(utterance, last, today=today)),
    )


def _of_asked(utterance: Utterance, last: Utterance, today: date) -> str:
    base = with_new_slots(utterance, last, today=today)
    asked = without_slots(utterance)
    phrase = question_phrase(base) if base.language == utterance.language else None
    counts = utterance.cues.determiners.fullmatch(fold(utterance.text[utterance.questions[0].start :].split("(")[0]))
    starts = utterance.questions[0].start == 0
    if phrase and starts and (utterance.content or (counts and utterance.cues.many.match(fold(asked)))):
        return as_question(edited(base.text, [Edit(phrase[1] if utterance.content else phrase[0], asked)]))
    return asked_about(asked, remainder(base, utterance, new_period(utterance, last, today=today)))


def _of_noun(utterance: Utterance, last: Utterance, today: date) -> str:
    base = with_new_slots(utterance, last, today=today)
    noun, language = without_slots(utterance), utterance.language
    phrase = question_phrase(base) if base.language == language else None
    if phrase is not None:
        return as_question(edited(base.text, [Edit(Span(phrase[0].end, phrase[1].end), f" {noun}")]))
    said = parse_question(noun, today=today, language=language).asked_for[0]
    about = joined(noun, carried(base, language, names=base.names, period=True), language)
    return as_question(about) if said is not AskedFor.OTHER else asked_about(_asked_words(last, language, today), about)


def _of_clause(utterance: Utterance, last: Utterance, turn: Turn, today: date) -> str:
    dated = not utterance.periods and _is_dated(utterance, today)
    edits = _resolved(utterance, last, turn, today)
    if edits and _stands_for_more(utterance, last, [edit.text for edit in edits]):
        base = last if dated else replace(last, periods=())
        return asked_about(utterance.text, remainder(base, utterance, None))
    names = () if edits or utterance.names else tuple({name.key: name for name in last.names}.values())
    text = edited(utterance.text, edits)
    return as_question(joined(text, carried(last, utterance.language, names=names, period=dated), utterance.language))


def _resolved(utterance: Utterance, last: Utterance, turn: Turn, today: date) -> list[Edit]:
    """The anaphors with what they stand for; two of them stand for two things."""
    asked = parse_question(last.text, today=today, language=last.language).asked_for[0]
    edits: list[Edit] = []
    used: set[str] = set()
    for anaphor in utterance.anaphors:
        topics = topics_of(anaphor, utterance.text, last, asked=asked, headline=turn.headline)
        topic = next((topic for topic in topics if topic not in used), None)
        if topic is not None and _counts(anaphor, utterance, last):
            used.add(topic)
            edits.append(Edit(anaphor.span, _as_said(topic, anaphor, utterance)))
    return edits


def _stands_for_more(utterance: Utterance, last: Utterance, topics: Sequence[str]) -> bool:
    """Whether "it" is a thing that the last question only located ("the Bergen light rail"), not the place itself."""
    things = any(anaphor.kind in ("thing", "person") for anaphor in utterance.anaphors)
    places = {name.text for name in last.names if is_place(name)}
    return things and bool(last.content) and all(topic in places for topic in topics)


def _is_dated(utterance: Utterance, today: date) -> bool:
    """Whether the last question's period is meant too: not where a date or a place is asked, or what holds today."""
    asked = parse_question(utterance.text, today=today, language=utterance.language).asked_for[0]
    return asked not in _UNDATED and not any(word.key in utterance.cues.present for word in utterance.grammar)


def _as_said(topic: str, anaphor: Anaphor, utterance: Utterance) -> str:
    if anaphor.possessive:
        return f"{topic}'s" if utterance.language == "en" else f"{topic}s" if not topic.endswith("s") else topic
    placed = anaphor.kind == "place" and len(words(utterance.text[anaphor.span.start : anaphor.span.end])) == 1
    return utterance.cues.at_place.format(place=topic) if placed else topic


def _asked_words(last: Utterance, language: str, today: date) -> str:
    from qa_service.conversation.cues import cues_of

    asked = parse_question(last.text, today=today, language=last.language).asked_for[0]
    return cues_of(language).asked.get(asked.value, "")
