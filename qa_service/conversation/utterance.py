"""What a new question is made of: a lead-in, periods, names, question words, anaphors, and words of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa_service.conversation.cues import Cues, all_cues, cues_of
from qa_service.language.detect import detect_language
from qa_service.language.names import find_names
from qa_service.language.periods import find_periods
from qa_service.language.tokens import Folded, Word, fold, fold_with_map, name_key, words
from qa_service.models import Name, Period, Span

_EDGES = " \t\n,.;:!?…–—-¿¡？。，、"
_INDEFINITE = re.compile(r"\bk?(?:ein|eine|einem|einen|einer|eines)\s+$", re.IGNORECASE)
_MOST_NOUNS_BESIDE = 2
_TITLED_WORDS = 4
_MOST_OPENINGS = 4
_FEW_WORDS = 6
_TOO_SHORT_TO_TELL = 2


@dataclass(frozen=True, slots=True)
class Anaphor:
    """Words that stand for something said before; `kind`: place, person, organisation, thing or fact.

    `definite`: a noun with no more than its article ("the plant", "fabrikken").
    """

    kind: str
    span: Span
    weak: bool
    possessive: bool
    definite: bool


@dataclass(frozen=True, slots=True)
class Utterance:
    """A question taken apart; spans and offsets point into `text`, which has no lead-in, tail or question mark.

    `content` are the words that are neither names, periods, question words, anaphors nor grammar.
    """

    text: str
    language: str
    led: bool
    periods: tuple[Period, ...]
    names: tuple[Name, ...]
    questions: tuple[Span, ...]
    anaphors: tuple[Anaphor, ...]
    content: tuple[Word, ...]
    grammar: tuple[Word, ...]

    @property
    def cues(self) -> Cues:
        """The cues of its language."""
        return cues_of(self.language)


def read_utterance(question: str, last_language: str, *, today: date, default_language: str) -> Utterance:
    """The new question, taken apart; its language is told by its lead-in first, `last_language` where nothing tells."""
    language = utterance_language(question, last_language, default_language)
    cues = cues_of(language)
    text, led = _stripped(question, cues)
    return take_apart(text, language, today=today, opening=_opening(question, text) if led else "")


def take_apart(text: str, language: str, *, today: date, opening: str = "", known: Sequence[str] = ()) -> Utterance:
    """The parts of a text without lead-in; with the `opening` before it, a name at its front is known as one."""
    cues = cues_of(language)
    folded = fold_with_map(text)
    periods = tuple(p for p in find_periods(text, language, anchor=today) if p.end > p.start and not p.compared)
    taken = [p.span for p in periods]
    chosen = [match.end() for match in cues.determiners.finditer(folded.text)]
    nouns = {folded.offsets[end] + 1 for end in chosen if end < len(folded.text)}
    found = (n for n in _names(text, language, opening, known) if n.start not in nouns and not _is_any(n, text))
    names = tuple(n for n in found if not _overlaps(taken, n.start, n.end))
    taken += [n.span for n in names]
    questions = tuple(s for s in _spans(cues.question_words, folded) if not _overlaps(taken, s.start, s.end))
    taken += questions
    anaphors = tuple(_anaphors(folded, cues, taken, text))
    taken += [a.span for a in anaphors]
    rest = [word for word in words(text) if not _overlaps(taken, word.start, word.end)]
    content = tuple(word for word in rest if word.key not in cues.grammar)
    grammar = tuple(word for word in rest if word.key in cues.grammar)
    return Utterance(text, language, bool(opening), periods, names, questions, anaphors, content, grammar)


def plain(question: str, language: str) -> str:
    """The question without its question mark and without what opens any sentence ("ok thanks")."""
    return _without_openings(question.strip(_EDGES), cues_of(language), leads=False)[0]


def with_whole_name(utterance: Utterance, last: Utterance) -> Utterance:
    """A fragment of a name and the noun beside it ("the Red River", "sông Hồng") with both as one name."""
    content, names = utterance.content, utterance.names
    if len(names) != 1 or not content or utterance.questions or utterance.periods or utterance.anaphors:
        return utterance
    if {word.key for word in content} & {word.key for word in last.content}:
        return utterance
    start, end = min(content[0].start, names[0].start), max(content[-1].end, names[0].end)
    inside = [word for word in utterance.grammar if start <= word.start < end]
    if inside or len(content) > _MOST_NOUNS_BESIDE:
        return utterance
    text = utterance.text[start:end]
    whole = replace(names[0], text=text, key=name_key(text), start=start, end=end)
    return replace(utterance, names=(whole,), content=())


def utterance_language(question: str, last_language: str, default_language: str) -> str:
    """The language of a possibly very short question: its lead-in tells, then its words, then the last turn."""
    plain = question.strip(_EDGES)
    folded = fold(plain)
    last = last_language.split("-")[0]
    opened = [tag for tag, cues in all_cues().items() if cues.leads.opens(plain) or cues.tails.search(folded[-12:])]
    detected = detect_language(question, fallback=last_language or default_language)
    if len(words(question)) <= _TOO_SHORT_TO_TELL and detected not in all_cues() and last in all_cues():
        return last
    if len(words(question)) > 5 or not opened:
        return detected
    if detected in opened:
        return detected
    return last if last in opened else opened[0]


def _stripped(question: str, cues: Cues) -> tuple[str, bool]:
    """The question without what opens and closes it, and whether that marks it as a follow-up."""
    text, led = _without_openings(question.strip(_EDGES), cues, leads=True)
    folded = fold_with_map(text)
    for match in cues.tails.finditer(folded.text):
        if match.end() == len(folded.text) and match.start() > 0 and (led or len(words(text)) <= _FEW_WORDS):
            return text[: folded.origin(*match.span())[0]].strip(_EDGES), True
    return text, led


def _without_openings(text: str, cues: Cues, *, leads: bool) -> tuple[str, bool]:
    led = False
    for _ in range(_MOST_OPENINGS):
        end = cues.leads.opens(text) if leads else 0
        led = led or bool(end)
        folded = fold_with_map(text)
        if not end and (match := cues.fillers.match(folded.text)):
            end = folded.origin(*match.span())[1]
        if not end or end == len(text):
            break
        text = text[end:].strip(_EDGES)
    return text, led


def _opening(question: str, text: str) -> str:
    before = question[: max(0, question.find(text))]
    return (before[:1].lower() + before[1:]) or " "


def _names(text: str, language: str, opening: str, known: Sequence[str]) -> tuple[Name, ...]:
    kinds = {name_key(name): "other" for name in known}
    found = find_names(opening + text, language, known=kinds)
    shifted = ((name, name.start - len(opening), name.end - len(opening)) for name in found)
    names = tuple(replace(name, start=start, end=end) for name, start, end in shifted if start >= 0)
    if names or not opening or len(words(text)) > _TITLED_WORDS:
        return names
    titled = re.sub(r"[^\W\d_]+", lambda m: m.group()[0].upper() + m.group()[1:], text)
    if len(titled) != len(text):
        return names
    return tuple(name for name in find_names(titled, language) if name.code)


def _is_any(name: Name, text: str) -> bool:
    """Whether a German noun has the indefinite article, and so is no name ("eine Dosis")."""
    return name.code is None and _INDEFINITE.search(text[: name.start]) is not None


def _anaphors(folded: Folded, cues: Cues, taken: Sequence[Span], text: str) -> list[Anaphor]:
    expletives = _spans(cues.expletives, folded)
    weak = _spans(cues.weak, folded)
    possessive = _spans(cues.possessive, folded)
    found: list[Anaphor] = []
    for kind, pattern in cues.anaphors.items():
        for span in pattern.spans(text):
            known = [*taken, *(anaphor.span for anaphor in found), *expletives]
            formal = text[span.start : span.end] == "Sie" and span.start > 0
            if not formal and not _overlaps(known, span.start, span.end):
                definite = bool(cues.definite.fullmatch(fold(text[span.start : span.end])))
                found.append(Anaphor(kind, span, span in weak, span in possessive, definite))
    return sorted(found, key=lambda anaphor: anaphor.span.start)


def _spans(pattern: re.Pattern[str], folded: Folded) -> list[Span]:
    return [Span(*folded.origin(*match.span())) for match in pattern.finditer(folded.text) if match.group().strip()]


def _overlaps(taken: Sequence[Span], start: int, end: int) -> bool:
    return any(span.overlaps(Span(start, end)) for span in taken)
