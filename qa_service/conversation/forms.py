"""How a new question leans on the last one: not at all, by what it names, by what it asks, or as a whole."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from itertools import pairwise

from qa_service.conversation.fragments import is_adjunct
from qa_service.conversation.name_slot import is_place, refers, shared_names
from qa_service.conversation.period_slot import new_period
from qa_service.conversation.utterance import Anaphor, Utterance
from qa_service.language.tokens import fold, words
from qa_service.models import Name

_MOST_NOUN_WORDS = 3
_MOST_BARE_WORDS = 2
_STEM = 5


class Form(StrEnum):
    """How a new question leans on the last one."""

    COMPLETE = "complete"
    SLOTS = "slots"
    ASKED = "asked"
    NOUN = "noun"
    CLAUSE = "clause"
    PERIOD = "period"


def form_of(utterance: Utterance, last: Utterance, today: date) -> Form:
    """How the new question leans on the last one."""
    if not utterance.text or (len(words(utterance.text)) > 1 and utterance.text.isupper()):
        return Form.COMPLETE
    moved = utterance.cues.year_after.fullmatch(fold(utterance.text))
    if (
        (utterance.led or moved)
        and (moved or not utterance.periods)
        and new_period(utterance, last, today=today) is not None
    ):
        return Form.SLOTS
    if not utterance.questions and not utterance.anaphors:
        return _form_without_question(utterance)
    if _is_fragment(utterance):
        return Form.ASKED
    if _is_anaphoric(utterance, last):
        return Form.CLAUSE
    if utterance.names and _counts_by_origin(utterance):
        return Form.CLAUSE
    if utterance.names:
        dated = utterance.periods or not last.periods
        return Form.PERIOD if utterance.led and not dated and shared_names(utterance, last) else Form.COMPLETE
    leans = utterance.led or _is_bare(utterance) or _overlaps(utterance, last)
    return Form.CLAUSE if leans else Form.COMPLETE


def _form_without_question(utterance: Utterance) -> Form:
    if not utterance.content:
        return Form.SLOTS if utterance.names or utterance.periods else Form.COMPLETE
    first = words(utterance.text)[0].key
    if is_adjunct(utterance) and len(utterance.content) <= _MOST_NOUN_WORDS * 2:
        return Form.NOUN
    if utterance.names and not utterance.led:
        return Form.COMPLETE
    if first in utterance.cues.auxiliaries and not utterance.cues.question_last:
        return Form.CLAUSE if utterance.led and not utterance.names else Form.COMPLETE
    most = _MOST_NOUN_WORDS * (2 if utterance.cues.question_last else 1)
    short = len(utterance.content) <= most
    return Form.NOUN if short else Form.COMPLETE


def _is_bare(utterance: Utterance) -> bool:
    """Whether a question names nothing and has so few words that it cannot be asked of a collection: "who owns it?".

    A noun with a preposition ("the price of gold") makes it whole.
    """
    most = _MOST_BARE_WORDS + utterance.cues.question_last - bool(utterance.periods)
    asked = sum(max(0, len(words(utterance.text[span.start : span.end])) - 2) for span in utterance.questions)
    if len(utterance.content) + asked > most:
        return False
    led = {word.end + 1 for word in utterance.grammar if word.key in utterance.cues.prepositions}
    starts = {word.start for word in utterance.content}
    led |= {word.end + 1 for word in utterance.grammar if word.start in led}
    return not led & starts


def _counts_by_origin(utterance: Utterance) -> bool:
    """Whether it counts, without saying what, those that come from or go to a place: "how many came from China?"."""
    first = utterance.questions[0] if utterance.questions else None
    counts = first is not None and utterance.cues.determiners.fullmatch(fold(utterance.text[first.start : first.end]))
    before = [words(utterance.text[: name.start])[-1:] for name in utterance.names]
    led = all(word and word[0].key in utterance.cues.origins for word in before)
    return bool(counts) and led and len(utterance.content) <= 1


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
    return any(counts(anaphor, utterance, last) for anaphor in utterance.anaphors)


def counts(anaphor: Anaphor, utterance: Utterance, last: Utterance) -> bool:
    """Whether it stands for something of the last question, and not for a name beside it, nor for nothing.

    "The plant" has to be a plant that was spoken of, unless it is "this plant".
    """
    said = words(utterance.text[anaphor.span.start : anaphor.span.end])
    if utterance.names:
        placed = all(_is_beside(name, anaphor, utterance) for name in utterance.names)
        return (
            placed
            and len(said) == 1
            and not (anaphor.definite or anaphor.weak or anaphor.possessive or anaphor.kind == "place")
        )
    return not anaphor.definite or refers(anaphor, utterance.text, last)


def _is_beside(name: Name, anaphor: Anaphor, utterance: Utterance) -> bool:
    """Whether a name comes after the anaphor, and only relates it to a place or a thing ("compare with Lund")."""
    before = words(utterance.text[: name.start])[-1:]
    led = bool(before) and before[0].key in utterance.cues.prepositions
    return name.start > anaphor.span.start and (is_place(name) or led)


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
