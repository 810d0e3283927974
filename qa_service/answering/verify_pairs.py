"""Whether a claim gives a value to the place, name or period that its quote gives it to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from qa_service.answering.verify_names import names, same_place
from qa_service.answering.verify_reading import Reading
from qa_service.answering.verify_values import covers, states
from qa_service.answering.verify_words import polarity_words
from qa_service.language.names import name_key
from qa_service.language.places import level
from qa_service.models import Name, Period, Quantity, Span

Owner = Name | Period
_PERIOD = "period"


@dataclass(frozen=True, slots=True)
class _Scene:
    """One sentence of a text with the owners of one class and the values of one kind in it, in order."""

    reading: Reading
    sentence: Span
    owners: tuple[Owner, ...]
    values: tuple[Quantity, ...]

    def clause_of(self, at: int) -> Span:
        clauses = self.reading.clauses(self.sentence)
        return next((span for span in clauses if span.start <= at < span.end), self.sentence)


def pair_problems(said: Reading, quoted: Sequence[Reading]) -> Iterator[str]:
    """Values of the claim that every quote with that value clearly gives to another place, name or period."""
    periods = (period for period in said.periods if period.granularity != "now")
    owners: tuple[Owner, ...] = (*said.names, *periods)
    for value in said.quantities:
        for owner in owners:
            if not _claims(said, value, owner):
                continue
            scenes = [scene for reading in quoted for scene in _scenes(reading, value, owner)]
            rival = any(_has_own_value(reading, value, owner, said=said) for reading in quoted)
            if scenes and all(_is_elsewhere(scene, value, owner, said=said, rival=rival) for scene in scenes):
                shown, own = said.text[value.start : value.end], said.text[owner.start : owner.end]
                yield f"the quotes do not give {shown!r} to {own!r}"


def _class(owner: Owner) -> str:
    if isinstance(owner, Period):
        return _PERIOD
    if owner.code is not None:
        return "country" if level(owner.code) == "country" else "place"
    return "place" if owner.kind == "place" else "name"


def _of_class(reading: Reading, kind: str, sentence: Span) -> tuple[Owner, ...]:
    owners: Sequence[Owner] = reading.periods if kind == _PERIOD else reading.names
    inside = [o for o in owners if sentence.start <= o.start < sentence.end and _class(o) == kind]
    return tuple(o for o in inside if not (isinstance(o, Period) and o.first is None and o.last is None))


def _alike(reading: Reading, value: Quantity, sentence: Span) -> tuple[Quantity, ...]:
    """The values of the sentence that one could mistake for this one: of the same kind and unit."""
    return tuple(
        other
        for other in reading.quantities
        if sentence.start <= other.start < sentence.end and (other.kind, other.unit) == (value.kind, value.unit)
    )


def _scenes(reading: Reading, value: Quantity, owner: Owner) -> Iterator[_Scene]:
    for sentence in reading.sentences:
        if any(states(q, value) for q in reading.quantities if sentence.start <= q.start < sentence.end):
            stated = next(q for q in reading.quantities if states(q, value) and sentence.start <= q.start)
            owners = _of_class(reading, _class(owner), sentence)
            yield _Scene(reading, sentence, owners, _alike(reading, stated, sentence))


def _claims(said: Reading, value: Quantity, owner: Owner) -> bool:
    """Whether the claim gives the value to the owner, or may."""
    for sentence in said.sentences:
        if not (sentence.start <= value.start < sentence.end and sentence.start <= owner.start < sentence.end):
            continue
        owners, values = _of_class(said, _class(owner), sentence), _alike(said, value, sentence)
        scene = _Scene(said, sentence, owners, values)
        given = _owner_of(scene, value)
        apart = _follows_with_its_own(scene, value, [owner]) or _has_other_subject(scene, value, [owner])
        crowded = given is None and any(_owner_of(scene, other) is owner for other in values)
        return given is owner or (given is None and not apart and not crowded)
    return False


def _owner_of(scene: _Scene, value: Quantity) -> Owner | None:
    """The owner that the order of the sentence gives to the value; None where it does not tell."""
    owners, values = scene.owners, scene.values
    if len(owners) > 1 and len(owners) == len(values):
        marks = sorted([(o.start, "o") for o in owners] + [(v.start, "v") for v in values])
        order = "".join(mark for _, mark in marks)
        size = len(owners)
        listed = polarity_words(scene.reading.language).respectively.search(scene.reading.text)
        if order in ("ov" * size, "vo" * size) or (
            listed and order in ("o" * size + "v" * size, "v" * size + "o" * size)
        ):
            return owners[values.index(value)]
    clause = scene.clause_of(value.start)
    inside = [o for o in owners if clause.start <= o.start < clause.end]
    if len({_key(o) for o in inside}) != 1:
        return None
    nearest = min((v for v in values if clause.start <= v.start < clause.end), key=lambda v: _gap(v, inside[0]))
    return inside[0] if nearest is value else None


def _gap(value: Quantity, owner: Owner) -> int:
    return max(owner.start - value.end, value.start - owner.end)


def _key(owner: Owner) -> str:
    return owner.iso() if isinstance(owner, Period) else owner.code or name_key(owner.text)


def _has_own_value(reading: Reading, value: Quantity, owner: Owner, *, said: Reading) -> bool:
    """Whether a sentence of the text has the owner with another value of the same kind."""
    matches = _matcher(owner, said)
    return any(
        any(matches(o) for o in _of_class(reading, _class(owner), sentence)) and _alike(reading, value, sentence)
        for sentence in reading.sentences
    )


def _is_elsewhere(scene: _Scene, value: Quantity, owner: Owner, *, said: Reading, rival: bool) -> bool:
    stated = next(v for v in scene.values if states(v, value))
    matches = _matcher(owner, said)
    own = [o for o in scene.owners if matches(o)]
    given = _owner_of(scene, stated)
    if given is not None:
        if matches(given) or _mentions(said, given):
            return False
        return rival or bool(own) or _class(owner) != "name"
    if own:
        return _follows_with_its_own(scene, stated, own) or _has_other_subject(scene, stated, own)
    rivals = [o for o in scene.owners if not (isinstance(o, Period) and o.compared)]
    return _class(owner) in (_PERIOD, "place") and bool(rivals) and not any(_mentions(said, o) for o in rivals)


def _matcher(owner: Owner, said: Reading) -> Callable[[Owner], bool]:
    def matches(other: Owner) -> bool:
        if isinstance(owner, Period):
            return isinstance(other, Period) and covers(other, owner, said)
        return isinstance(other, Name) and (same_place(owner, other) or _overlapping(owner, other))

    return matches


def _overlapping(one: Name, other: Name) -> bool:
    a, b = set(one.key.split()), set(other.key.split())
    return a <= b or b <= a


def _mentions(said: Reading, owner: Owner) -> bool:
    if isinstance(owner, Period):
        return any(covers(owner, period, said) for period in said.periods)
    return names(said, owner)


def _follows_with_its_own(scene: _Scene, stated: Quantity, own: Sequence[Owner]) -> bool:
    """Whether the owner is named only after the value's clause, in clauses that have a value of their own."""
    clause = scene.clause_of(stated.start)
    later = [scene.clause_of(o.start) for o in own]
    return all(
        span.start >= clause.end and any(span.start <= v.start < span.end for v in scene.values) for span in later
    )


def _has_other_subject(scene: _Scene, stated: Quantity, own: Sequence[Owner]) -> bool:
    """Whether the clause opens with a subject of its own, after the owner's ("…, and the council £1.9 million")."""
    clause = scene.clause_of(stated.start)
    spans = [scene.clause_of(o.start) for o in own]
    if not all(s.end <= clause.start and any(s.start <= v.start < s.end for v in scene.values) for s in spans):
        return False
    words = polarity_words(scene.reading.language)
    text = scene.reading.text[clause.start : stated.start].lstrip(" ,;")
    joiner = words.joiners.match(text)
    return words.subjects.match(text[joiner.end() if joiner else 0 :].lstrip()) is not None
