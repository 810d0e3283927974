"""The names of a follow-up: which of the last question's names a new one stands in for, and what an anaphor means."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa_service.conversation.utterance import Anaphor, Utterance
from qa_service.language.localise import format_country
from qa_service.language.places import level, place_code
from qa_service.language.tokens import fold, fold_with_map, words
from qa_service.models import AskedFor, Name, Span

_FAR = 45
_LONGEST_TOPIC_WORDS = 8
_PLACES = ("place", "country")
_HEADLINE_FOR = {
    "person": (AskedFor.PERSON,),
    "organisation": (AskedFor.ORGANISATION,),
    "place": (AskedFor.PLACE,),
    "thing": (),
}


def is_place(name: Name) -> bool:
    """Whether a name is that of a place."""
    return name.kind in _PLACES


def replaced_by(new: Name, utterance: Utterance, last: Utterance) -> tuple[Name, ...]:
    """The last question's name that `new` replaces, each time it stands there; empty where it replaces none."""
    victim = _same_phrase(new, utterance, last) or _victim(new, last.names, located=_is_located(new, utterance))
    return tuple(name for name in last.names if victim is not None and name.key == victim.key)


def inner_place(new: Name, last: Utterance) -> tuple[Span, ...]:
    """The place inside the one name of the last question that a new place replaces ("University of Galway")."""
    if not is_place(new) or not new.code or len(last.names) != 1 or is_place(last.names[0]):
        return ()
    name = last.names[0]
    found = [word for word in words(name.text)[1:] if _is_like(place_code(word.key, last.language), new.code)]
    return tuple(Span(name.start + word.start, name.start + word.end) for word in found[-1:])


def _is_like(code: str | None, other: str) -> bool:
    return code is not None and level(code) == level(other)


def shared_names(utterance: Utterance, last: Utterance) -> bool:
    """Whether both questions name the same thing."""
    return any(_is_same(new, old) for new in utterance.names for old in last.names)


def named_in(name: Name, language: str) -> str:
    """A name as it is said in `language`: countries are translated."""
    return format_country(name.code, language) if name.kind == "country" and name.code else name.text


def topics_of(
    anaphor: Anaphor, text: str, last: Utterance, *, asked: AskedFor, headline: str | None
) -> tuple[str, ...]:
    """What the anaphor at its place in `text` may stand for, likeliest first.

    The last answer where it is of the kind, then a phrase or a name of the last question.
    """
    if anaphor.kind == "fact":
        return ()
    first: list[str] = []
    if headline and asked in _HEADLINE_FOR[anaphor.kind] and _is_name_like(headline):
        first.append(headline)
    phrase = _phrase(text[anaphor.span.start : anaphor.span.end], last)
    if phrase is not None:
        return (*first, phrase)
    meant = [name for name in last.names if anaphor.kind in ("place", "organisation") or not _is_led(name, last)]
    places = [name for name in meant if is_place(name)]
    others = [name for name in meant if not is_place(name)]
    ordered = [*reversed(places), *others] if anaphor.kind == "place" else [*others, *reversed(places)]
    return (*first, *(name.text for name in ordered))


def refers(anaphor: Anaphor, text: str, last: Utterance) -> bool:
    """Whether the last question spoke of what the anaphor names: the noun itself, a place, or something named."""
    if _noun_span(text[anaphor.span.start : anaphor.span.end], last) is not None:
        return True
    if anaphor.kind == "place":
        return any(is_place(name) for name in last.names)
    return anaphor.kind == "organisation" and any(not is_place(name) for name in last.names)


def _same_phrase(new: Name, utterance: Utterance, last: Utterance) -> Name | None:
    """The name that has the preposition which the new one has ("at MSC" for "at Maersk"); None where it is no place."""
    before = words(utterance.text[: new.start])
    if is_place(new) or not before or before[-1].key not in utterance.cues.prepositions:
        return None
    found = (name for name in last.names if [w.key for w in words(last.text[: name.start])][-1:] == [before[-1].key])
    return next(found, None)


def _victim(new: Name, old: Sequence[Name], *, located: bool) -> Name | None:
    places = [name for name in old if is_place(name)]
    others = [name for name in old if not is_place(name)]
    if is_place(new):
        same = [n for n in places if n.code and new.code and level(n.code) == level(new.code)]
        if same or places:
            return (same or places)[-1]
        return others[0] if len(others) == 1 and not located else None
    if located and places:
        return places[-1]
    same_kind = [name for name in others if name.kind == new.kind]
    candidates = same_kind or others or places
    return candidates[0] if candidates else None


def _is_located(name: Name, utterance: Utterance) -> bool:
    before = words(utterance.text[: name.start])
    return bool(before) and before[-1].key in utterance.cues.place_leads


def names_a_thing(name: Name, last: Utterance) -> bool:
    """Whether a name only tells which thing is meant: a place, or "the Clydeside tram" in English."""
    if is_place(name):
        return bool(last.content)
    before = words(last.text[: name.start])[-1:]
    followed = any(word.start == name.end + 1 for word in last.content)
    return last.language == "en" and bool(before) and before[0].key in ("the", "a") and followed


def _is_led(name: Name, last: Utterance) -> bool:
    """Whether the last question only relates something to the name ("the tunnel under the Belt"): "it" is not that."""
    before = list(words(last.text[: name.start]))
    attached = any(word.end + 1 == name.start for word in last.content)
    if attached and last.language == "de" and name.text.endswith("s"):
        return True
    while before and before[-1].key in last.cues.grammar and before[-1].key not in last.cues.prepositions:
        before = before[:-1]
    return bool(before) and before[-1].key in last.cues.prepositions


def _is_same(one: Name, other: Name) -> bool:
    return one.key == other.key or (one.code is not None and one.code == other.code)


def _is_name_like(headline: str) -> bool:
    found = words(headline)
    return 0 < len(found) <= _LONGEST_TOPIC_WORDS and not found[0].text[0].isdigit() and ";" not in headline


def _phrase(anaphor: str, last: Utterance) -> str | None:
    """The last question's words from the anaphor's noun to the name beside it ("the project": "Foxconn project")."""
    noun = _noun_span(anaphor, last)
    if noun is None:
        return None
    near = [name for name in last.names if min(abs(name.start - noun.end), abs(noun.start - name.end)) <= _FAR]
    if not near:
        return None
    name = min(near, key=lambda name: min(abs(name.start - noun.end), abs(noun.start - name.end)))
    span = Span(min(name.start, noun.start), max(name.end, noun.end))
    torn = any(span.overlaps(question) for question in last.questions)
    torn = torn or any(
        span.overlaps(Span(word.start, word.end)) and word.key in last.cues.auxiliaries for word in last.grammar
    )
    return None if torn else last.text[span.start : span.end]


def _noun_span(anaphor: str, last: Utterance) -> Span | None:
    folded = fold_with_map(last.text)
    key = fold(anaphor)
    nouns = [word.key for word in words(anaphor)]
    if last.cues.question_last:
        pattern = re.escape(" ".join(nouns[:-1])) if len(nouns) > 1 else "(?!)"
    else:
        stem = nouns[-1][: max(4, len(nouns[-1]) - 2)]
        pattern = rf"\b{re.escape(stem)}\w*" if len(key) > 4 and len(stem) >= 4 else "(?!)"
    match = re.search(pattern, folded.text)
    return Span(*folded.origin(*match.span())) if match else None
