"""Fragments without a question word, put where they belong in the last question: "ships?", "from wind?".

A fragment that counts, measures or names a thing replaces one; one with a preposition replaces what had the same
preposition, or is added.
"""

from __future__ import annotations

from datetime import date

from qa_service.conversation.compose import (
    Edit,
    Resolution,
    asked_about,
    asked_words,
    edited,
    joined,
    question_phrase,
    remainder,
    settled,
    with_new_slots,
    without_slots,
)
from qa_service.conversation.name_slot import is_place
from qa_service.conversation.period_slot import carried_period, new_period, period_span, with_leads
from qa_service.conversation.utterance import Utterance
from qa_service.language.tokens import fold, words
from qa_service.models import AskedFor, Span
from qa_service.query.parse import parse_question


def is_adjunct(utterance: Utterance) -> bool:
    """Whether a fragment is added to a question: it opens with a preposition or is an adverbial ("ten years ago")."""
    first = words(utterance.text)[:1]
    whole = fold(utterance.text)
    if utterance.cues.adjuncts.fullmatch(whole) or utterance.cues.everywhere.fullmatch(whole):
        return True
    if utterance.language == "de" and utterance.content and not _has_noun(utterance):
        return True
    return bool(first) and first[0].key in utterance.cues.prepositions


def _has_noun(utterance: Utterance) -> bool:
    """Whether German text has a noun or an adjective with its article left ("die alte")."""
    article = words(utterance.text)[0].key in utterance.cues.grammar
    return article or bool(utterance.names) or any(not word.text[0].islower() for word in utterance.content)


def of_fragment(utterance: Utterance, last: Utterance, *, today: date) -> Resolution:
    """The last question with the fragment in its place."""
    base, language = with_new_slots(utterance, last, today=today), utterance.language
    noun = without_slots(utterance)
    if base.language != language:
        return _across(noun, utterance, base, today=today)
    if is_adjunct(utterance):
        return _with_adjunct(noun, utterance, base)
    qualified = _requalified(noun, base)
    if qualified is not None:
        return settled(qualified)
    if _is_attribute(noun, language, today):
        return asked_about(noun, remainder(base, utterance, None), language)
    phrase = question_phrase(base)
    if phrase is not None:
        return settled(edited(base.text, [Edit(Span(phrase[0].end, phrase[1].end), f" {noun}")]))
    swapped = _swapped(noun, base)
    if swapped is not None:
        return settled(swapped)
    return asked_about(noun, remainder(base, utterance, None), language)


def _across(noun: str, utterance: Utterance, base: Utterance, *, today: date) -> Resolution:
    """The fragment beside what a question in another language was about."""
    language = utterance.language
    about = remainder(base, utterance, new_period(utterance, base, today=today))
    if _is_attribute(noun, language, today):
        return asked_about(noun, about, language)
    phrase = question_phrase(base)
    counted = {word.start for word in base.content if phrase and phrase[0].end <= word.start < phrase[1].end}
    if counted and not is_adjunct(utterance):
        kept = [(w.start, w.text) for w in base.content if w.start not in counted]
        kept += [(name.start, name.text) for name in base.names]
        said = carried_period(base, language)
        about = " ".join([noun, *(text for _, text in sorted(kept)), *([said] if said else [])])
        return asked_about(asked_words(base, language, today=today), about, language)
    return asked_about(asked_words(base, language, today=today), f"{about} {noun}", language)


def _with_adjunct(noun: str, utterance: Utterance, base: Utterance) -> Resolution:
    """The question with the phrase of the same preposition replaced, or the fragment added where it has none."""
    cues = utterance.cues
    if cues.everywhere.fullmatch(fold(noun)):
        return settled(joined(_without_places(base), [], base.language) + f" {noun}")
    first = words(noun)[0].key
    span = _phrase_after(first, base) if first in cues.prepositions else None
    if span is not None:
        return settled(edited(base.text, [Edit(span, noun)]))
    return settled(f"{base.text} {noun}")


def _without_places(base: Utterance) -> str:
    places = [name.span for name in base.names if is_place(name) or _is_led(base, name.start)]
    leads = base.cues.place_leads
    last = places[-1:]
    return edited(base.text, [Edit(with_leads(base.text, span, leads), "") for span in last])


def _is_led(base: Utterance, start: int) -> bool:
    before = words(base.text[:start])
    return bool(before) and before[-1].key in base.cues.prepositions


def _phrase_after(preposition: str, base: Utterance) -> Span | None:
    """The preposition and the plain words that it leads ("aus Wasserkraft"); None beside a name or a period."""
    period = period_span(base.periods)
    content = {word.start: word for word in base.content}
    grammar = {word.start: word for word in base.grammar}
    for word in base.grammar:
        if word.key != preposition:
            continue
        end = word.end
        for following in words(base.text[word.end :]):
            start = word.end + following.start
            if base.text[end:start].strip() or start not in {**content, **grammar}:
                break
            if start in grammar and (end in {c.end for c in base.content} or following.key in base.cues.auxiliaries):
                break
            end = word.end + following.end
            if start in content:
                following_content = end
                return _unless_named(Span(word.start, following_content), base, period)
    return None


def _unless_named(span: Span, base: Utterance, period: Span | None) -> Span | None:
    touched = any(span.end <= name.start <= span.end + 1 for name in base.names)
    dated = period is not None and span.overlaps(period)
    return None if touched or dated else span


def _requalified(noun: str, base: Utterance) -> str | None:
    """The question with its adjective replaced ("the first" for "the last ferry"); None where that does not fit."""
    said = [word for word in words(noun) if word.key not in ("one", "ones")]
    if len(said) != 2 or said[0].key not in base.cues.grammar or said[0].key in base.cues.prepositions:
        return None
    if said[1].text[0].isupper() or not base.cues.qualifiers.fullmatch(said[1].key):
        return None
    content = {word.start for word in base.content}
    for article in base.grammar:
        following = words(base.text[article.end :])[:2]
        starts = [article.end + word.start for word in following]
        nouns = [*content, *(name.start for name in base.names)]
        if article.key == said[0].key and len(starts) == 2 and starts[0] in content and starts[1] in nouns:
            span = Span(starts[0], article.end + following[0].end)
            return edited(base.text, [Edit(span, said[1].text)])
    return None


def _swapped(noun: str, base: Utterance) -> str | None:
    """The question with the one thing that it speaks of replaced; None where it speaks of more than one, or of none."""
    things = [name.span for name in base.names if not is_place(name) and not _is_led(base, name.start)]
    things += _nouns(base) if base.language == "de" else []
    return edited(base.text, [Edit(things[0], noun)]) if len(things) == 1 else None


def _nouns(base: Utterance) -> list[Span]:
    """The runs of capitalised German words after an article that no preposition leads, with an indefinite article."""
    runs: list[Span] = []
    for word in base.content:
        if not word.text[0].isupper():
            continue
        before = words(base.text[: word.start])[-1:]
        if runs and runs[-1].end + 1 == word.start:
            runs[-1] = Span(runs[-1].start, word.end)
        elif before and before[0].key not in base.cues.prepositions and not _is_led(base, before[0].start):
            runs.append(Span(before[0].start if before[0].key.startswith("ein") else word.start, word.end))
    return runs


def _is_attribute(noun: str, language: str, today: date) -> bool:
    """Whether it is something that a thing has ("the price"), and not another thing ("the ships")."""
    asked = parse_question(noun, today=today, language=language).asked_for[0]
    return asked not in (AskedFor.OTHER, AskedFor.COUNT)
