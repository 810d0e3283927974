"""Whether a value belongs to the name that was asked about: of the names of that kind, which stands nearest to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.answering.separation import between_spans, separation
from qa_service.language.names import compare_names
from qa_service.models import Agreement, Analysis, Name, ParsedQuestion, Span

UNKNOWN = 0.5
CLASS_OF_KIND = {"place": "place", "country": "place", "person": "person"}
"""What kinds of names rival each other; any other kind rivals any other, as a company is often known as some name."""
MARK_CHARS = 40
SENTENCE_CHARS = 200


@dataclass(frozen=True, slots=True)
class Mentions:
    """Where one asked name stands in a passage, and where others of its kind do."""

    own: tuple[Span, ...]
    rivals: tuple[Span, ...]


def mentions_in(question: ParsedQuestion, analysis: Analysis) -> tuple[Mentions, ...]:
    """The mentions of each asked name that the passage has among its names."""
    asked = (*question.places, *question.names)
    about = [(name, _matching(name, analysis.names)) for name in asked]
    known = {found for _, matching in about for found in matching}
    return tuple(_mentions(matching, analysis.names, known) for _, matching in about if matching)


def _matching(asked: Name, names: Sequence[Name]) -> list[Name]:
    return [name for name in names if compare_names(asked, [name], name.text) is Agreement.AGREES]


def _mentions(matching: Sequence[Name], names: Sequence[Name], known: set[Name]) -> Mentions:
    classes = {_class_of(name) for name in matching}
    rivals = [name for name in names if _class_of(name) in classes and name not in known]
    return Mentions(tuple(name.span for name in matching), tuple(name.span for name in rivals))


def _class_of(name: Name) -> str:
    return CLASS_OF_KIND.get(name.kind, "other")


def rivalled_share(mentions: Sequence[Mentions], sentence: Span) -> float:
    """The share of asked names that a sentence does not have while it has another name of their kind."""
    told = [
        not any(sentence.overlaps(name) for name in each.own) and any(sentence.overlaps(name) for name in each.rivals)
        for each in mentions
    ]
    return sum(told) / len(told) if told else 0.0


def nearest_share(mentions: Sequence[Mentions], text: str, value: Span) -> float:
    """The share of asked names that stand nearer to `value` than any other name of their kind; UNKNOWN without any."""
    told = [_is_nearest(each, text, value) for each in mentions]
    return sum(told) / len(told) if told else UNKNOWN


def _is_nearest(mentions: Mentions, text: str, value: Span) -> float:
    own = min(_distance(text, name, value) for name in mentions.own)
    rival = min((_distance(text, name, value) for name in mentions.rivals if not name.overlaps(value)), default=None)
    return 1.0 if rival is None or own <= rival else 0.0


def _distance(text: str, name: Span, value: Span) -> float:
    """The separation of the two, ends of sentences counted as more; a name after the value is further."""
    between = between_spans(text, name, value)
    ends = between.count(". ") + between.count("\n")
    after = 1.5 if name.start > value.start else 1.0
    return after * (separation(text, name, value, mark_chars=MARK_CHARS) + SENTENCE_CHARS * ends)
