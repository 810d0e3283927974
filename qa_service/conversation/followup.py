"""Follow-ups: a question that leans on the one before, written out so that it stands alone. No LLM.

A question that stands alone is returned exactly as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa_service.conversation.compose import (
    Edit,
    Resolution,
    asked_about,
    asked_words,
    carried,
    edited,
    joined,
    question_phrase,
    remainder,
    settled,
    undated,
    with_new_slots,
    without_slots,
)
from qa_service.conversation.forms import Form, counts, form_of
from qa_service.conversation.fragments import is_adjunct, of_fragment
from qa_service.conversation.name_slot import is_place, names_a_thing, topics_of
from qa_service.conversation.period_slot import new_period
from qa_service.conversation.turn import Turn
from qa_service.conversation.utterance import (
    Anaphor,
    Utterance,
    plain,
    read_utterance,
    take_apart,
    utterance_language,
    with_whole_name,
)
from qa_service.language.names import find_names
from qa_service.language.tokens import fold, words
from qa_service.models import AskedFor
from qa_service.query.parse import parse_question

__all__ = ["Turn", "asked_language", "resolve", "standalone_question"]

MOST_TURNS = 6
_LONGEST_FOLLOW_UP_WORDS = 12
_UNDATED = frozenset({AskedFor.DATE, AskedFor.PERIOD})


def standalone_question(question: str, history: Sequence[Turn], *, today: date, default_language: str) -> str:
    """The question with what it leaves to the conversation filled in, in its own language; a whole one unchanged.

    Only the last few turns of `history` are looked at; `today` is what "last year" counts from.
    """
    return resolve(question, history, today=today, default_language=default_language).text


def resolve(question: str, history: Sequence[Turn], *, today: date, default_language: str) -> Resolution:
    """The standalone question, and whether the rules are sure of it."""
    turn, last = _last(history, today)
    if turn is None or last is None:
        return Resolution(question, sure=True)
    utterance = read_utterance(question, turn.language, today=today, default_language=default_language)
    utterance = with_whole_name(utterance, last) if utterance.led else utterance
    form = form_of(utterance, last, today)
    asks = utterance.led or question.rstrip().endswith(("?", "？")) or is_adjunct(utterance)
    if form is Form.NOUN and not asks:
        return Resolution(question, sure=True)
    if form is Form.COMPLETE:
        named = bool(utterance.names) or len(words(question)) > _LONGEST_FOLLOW_UP_WORDS
        return Resolution(question, sure=named or not utterance.text)
    return _of_form(form, utterance, last, turn=turn, today=today)


def _of_form(form: Form, utterance: Utterance, last: Utterance, *, turn: Turn, today: date) -> Resolution:
    language = utterance.language
    if form is Form.SLOTS:
        return _of_slots(utterance, last, today)
    if form is Form.ASKED:
        return _of_asked(utterance, last, today)
    if form is Form.NOUN:
        return of_fragment(utterance, last, today=today)
    if form is Form.PERIOD:
        return settled(joined(utterance.text, carried(last, language, names=(), period=True), language))
    return _of_clause(utterance, last, turn, today)


def asked_language(question: str, history: Sequence[Turn]) -> str:
    """The language of a question that may be very short: the one of the turn before where nothing else tells."""
    return utterance_language(question, history[-1].language, history[-1].language)


def _last(history: Sequence[Turn], today: date) -> tuple[Turn | None, Utterance | None]:
    """The latest turn that asked about something named or dated, with its question taken apart."""
    recent = history[-MOST_TURNS:]
    known = _named_before(recent)
    for turn in reversed(recent):
        parts = take_apart(plain(turn.standalone, turn.language), turn.language, today=today, known=known)
        if parts.names or parts.periods or parts.content:
            return turn, parts
    return None, None


def _named_before(history: Sequence[Turn]) -> tuple[str, ...]:
    """The names of the turns: one that opens a composed question is not told from a common word otherwise."""
    found = [name for turn in history for name in find_names(turn.standalone, turn.language) if not is_place(name)]
    return (*(name for turn in history for name in turn.names), *(name.text for name in found))


def _of_slots(utterance: Utterance, last: Utterance, today: date) -> Resolution:
    base = with_new_slots(utterance, last, today=today)
    if last.language == utterance.language:
        return settled(base.text)
    return asked_about(
        asked_words(last, utterance.language, today=today),
        remainder(base, utterance, new_period(utterance, last, today=today)),
        utterance.language,
    )


def _of_asked(utterance: Utterance, last: Utterance, today: date) -> Resolution:
    base = with_new_slots(utterance, last, today=today)
    asked = without_slots(utterance)
    phrase = question_phrase(base) if base.language == utterance.language else None
    counts = utterance.cues.determiners.fullmatch(fold(utterance.text[utterance.questions[0].start :].split("(")[0]))
    starts = utterance.questions[0].start == 0
    if phrase and starts and (utterance.content or (counts and utterance.cues.many.match(fold(asked)))):
        return settled(edited(base.text, [Edit(phrase[1] if utterance.content else phrase[0], asked)]))
    about = remainder(base, utterance, new_period(utterance, last, today=today))
    return asked_about(asked, about, utterance.language)


def _of_clause(utterance: Utterance, last: Utterance, turn: Turn, today: date) -> Resolution:
    dated = not utterance.periods and _is_dated(utterance, today)
    edits, whole = _resolved(utterance, last, turn, today)
    text, language = edited(utterance.text, edits), utterance.language
    if whole:
        return settled(joined(text, carried(last, language, names=(), period=dated), language))
    base = undated(last) if utterance.periods else last
    text = edited(utterance.text, [edit for edit in edits if turn.headline and turn.headline in edit.text])
    return asked_about(text, remainder(base, utterance, None), language)


def _resolved(utterance: Utterance, last: Utterance, turn: Turn, today: date) -> tuple[list[Edit], bool]:
    """The anaphors with what they stand for, two of them for two things, and whether nothing else need be carried."""
    asked = parse_question(last.text, today=today, language=last.language).asked_for[0]
    edits: list[Edit] = []
    used: set[str] = set()
    counted = [anaphor for anaphor in utterance.anaphors if counts(anaphor, utterance, last)]
    for anaphor in counted:
        topics = topics_of(anaphor, utterance.text, last, asked=asked, headline=turn.headline)
        topic = next((topic for topic in topics if topic not in used), None)
        if topic is not None:
            used.add(topic)
            edits.append(Edit(anaphor.span, _as_said(topic, anaphor, utterance)))
    whole = len(edits) == len(counted) > 0
    return edits, whole and (turn.headline in used or _covers(used, counted, last) or bool(utterance.names))


def _covers(topics: set[str], anaphors: Sequence[Anaphor], last: Utterance) -> bool:
    """Whether what the anaphors stand for is all that the last question named; a place stands for itself.

    "It" is not the place that a thing is named after ("the Bergen light rail").
    """
    if all(anaphor.kind == "place" for anaphor in anaphors):
        return True
    things = any(anaphor.kind in ("thing", "person") for anaphor in anaphors)
    if things and any(names_a_thing(name, last) for name in last.names if name.text in topics):
        return False
    said = " ".join(topics)
    return all(name.text in said for name in last.names)


def _is_dated(utterance: Utterance, today: date) -> bool:
    """Whether the last question's period is meant too: not where a date or a place is asked, or what holds today."""
    asked = parse_question(utterance.text, today=today, language=utterance.language).asked_for[0]
    return asked not in _UNDATED and not any(word.key in utterance.cues.present for word in utterance.grammar)


def _as_said(topic: str, anaphor: Anaphor, utterance: Utterance) -> str:
    if anaphor.possessive:
        return f"{topic}'s" if utterance.language == "en" else f"{topic}s" if not topic.endswith("s") else topic
    placed = anaphor.kind == "place" and len(words(utterance.text[anaphor.span.start : anaphor.span.end])) == 1
    return utterance.cues.at_place.format(place=topic) if placed else topic
