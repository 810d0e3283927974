"""Sentences of a text as spans: own rules, driven by abbreviation data per language (`abbreviations.toml`).

A full stop ends a sentence unless what stands before it is an abbreviation, an initial, an ordinal or a list number,
or what follows begins in lower case. Where that is undecided, the next word decides: only frequent first words of
sentences end one after "U.S." or "Mrd.".
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from qa_service.models import Span

MAX_UNSTOPPED = 600
_CLOSERS = "\"'”’»)\\]」』】〉》“"
# Possessive, and from a run's first stop only: a line of a million dots costs no more than its length.
_END = re.compile(
    rf"[。！？｡]++[{_CLOSERS}）]*+"
    rf"|(?<![.!?…])(?:/\./|[.!?…؟।॥۔።။។]++)[{_CLOSERS}]*+(?:\[\d{{1,3}}\])*+(?=\s|$)"
)
_NEWLINES = re.compile(r"\s*[\r\n\f\u2028\u2029]\s*")
_BLANK_LINE = re.compile(r"\s*(?:\r\n|[\r\n])[ \t]*(?:\r\n|[\r\n])\s*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LEAD = re.compile(r"^[\s\"'“”„«»‘’‚‹›(\[{¿¡*_–—-]*")
_MARK = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[IVXivx]{1,5})\)?\.?")
_NUMBER = re.compile(r"[\d./–-]*\d")
_LAST_DIGITS = re.compile(r"\d+\Z")
_ANOTHER_DAY = re.compile(r"^\d{1,2}\.?\s+")
_SEEN_BEFORE = 100
_SEEN_AFTER = 60
_OPEN = "\"'“„«‘‚‹([{¿¡"
_MONTHS = frozenset(
    """january february march april may june july august september october november december januar februar märz mars
    mai juni juli oktober dezember desember marts maj januari augusti""".split()  # noqa: SIM905 - a list of words reads better
)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What is known of one language, joined with what holds for all."""

    always: frozenset[str]
    closing: frozenset[str]
    unless_starter: frozenset[str]
    before_number: frozenset[str]
    starters: frozenset[str]
    ordinal_leads: frozenset[str]
    ordinal_heads: tuple[str, ...]
    single_letters: bool


def split_sentences(text: str, language: str = "en", *, wrapped: bool = False) -> tuple[Span, ...]:
    """The sentences of `text` in order, trimmed; every character that is no white space lies in exactly one.

    A newline ends a sentence, but where `wrapped` says that the text is broken at a column only a blank line does.
    A sentence of more than MAX_UNSTOPPED characters is parted at semicolons, if it has any.
    """
    rules = _rules(language)
    spans: list[Span] = []
    for part in _cut(text, Span(0, len(text)), _BLANK_LINE if wrapped else _NEWLINES):
        for sentence in _sentences(text, part, rules):
            spans.extend(_part_long(text, sentence))
    return tuple(spans)


@functools.cache
def _data() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files("qa_service.text") / "abbreviations.toml").read_text(encoding="utf-8"))


@functools.cache
def _rules(language: str) -> _Rules:
    code = language.replace("_", "-").split("-")[0].lower()
    code = {"no": "nb", "nn": "nb"}.get(code, code)
    shared, own = _data()["any"], _data().get(code, {})

    def words(kind: str) -> frozenset[str]:
        return frozenset(shared.get(kind, [])) | frozenset(own.get(kind, []))

    return _Rules(
        always=words("always"),
        closing=words("closing"),
        unless_starter=words("unless_starter"),
        before_number=words("before_number"),
        starters=words("starters"),
        ordinal_leads=words("ordinal_leads"),
        ordinal_heads=tuple(words("ordinal_heads")),
        # Vietnamese has words of one letter ("chú ý.").
        single_letters=code != "vi",
    )


def _cut(text: str, span: Span, pattern: re.Pattern[str]) -> Iterator[Span]:
    """`span` parted at every match of `pattern`, trimmed, empty pieces left out."""
    start = span.start
    for match in pattern.finditer(text, span.start, span.end):
        yield from _trim(text, start, match.start())
        start = match.end()
    yield from _trim(text, start, span.end)


def _trim(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        low = start + len(piece) - len(piece.lstrip())
        yield Span(low, low + len(stripped))


def _sentences(text: str, part: Span, rules: _Rules) -> Iterator[Span]:
    start = part.start
    cased = any(char.isupper() for char in text[part.start : part.end])
    pieces: list[Span] = []
    for match in _END.finditer(text, part.start, part.end):
        if match.end() < part.end and _ends(text, Span(start, match.end()), match, rules, cased=cased):
            pieces.extend(_trim(text, start, match.end()))
            start = match.end()
    pieces.extend(_trim(text, start, part.end))
    yield from _merge_bare(text, pieces)


def _merge_bare(text: str, pieces: list[Span]) -> list[Span]:
    """A piece without letter or digit (a stray bracket) joins the one before it, or at the start the one after."""
    merged: list[Span] = []
    worded = False
    for piece in pieces:
        has_word = any(char.isalnum() for char in text[piece.start : piece.end])
        if merged and not (has_word and worded):
            merged[-1] = Span(merged[-1].start, piece.end)
        else:
            merged.append(piece)
        worded = worded or has_word
    return merged


def _ends(text: str, sentence: Span, match: re.Match[str], rules: _Rules, *, cased: bool) -> bool:
    """Whether the stop at `match` ends the sentence under way."""
    mark = match.group()
    if mark[0] in "。！？｡":
        return True
    after = text[match.end() : match.end() + _SEEN_AFTER].lstrip()
    following = _LEAD.sub("", after, count=1) or after
    if not following:
        return True
    if following[0].islower() and cased and not mark.startswith("/"):
        return False
    if mark[0] != "." or mark.startswith(".."):
        return True
    before = text[max(sentence.start, match.start() - _SEEN_BEFORE) : match.start()]
    return _full_stop_ends(before, mark, following, rules)


def _full_stop_ends(before: str, mark: str, following: str, rules: _Rules) -> bool:
    """Whether a single full stop after `before` ends a sentence, `following` being next and not in lower case."""
    before = before.rstrip()
    if not before:
        return False
    word = before.rsplit(None, 1)[-1].lstrip(_OPEN + "-–—/")
    if _MARK.fullmatch(before.strip()) and len(before.strip()) <= 6 and mark == ".":
        return False
    if len(mark) > 1 and mark[1] in ")]”\"»“’'" and not word[-1:].isupper():
        return True
    next_word = _WORD.match(following)
    starter = next_word is not None and _is_starter(next_word.group(), rules)
    if _NUMBER.fullmatch(word):
        return starter or not _is_ordinal(before, following, rules)
    return not _is_abbreviation(word, following, rules, starter=starter)


def _is_starter(word: str, rules: _Rules) -> bool:
    return word.casefold() in rules.starters or re.split("['’]", word.casefold())[0] in rules.starters


def _is_ordinal(before: str, following: str, rules: _Rules) -> bool:
    """Whether a figure that ends `before` is an ordinal: "16. Juli", "3. – 4. juli", "der 80. Jahrestag"."""
    words = before.casefold().split()
    digits = _LAST_DIGITS.search(words[-1])
    next_word = _WORD.search(_ANOTHER_DAY.sub("", following))
    if digits is None or len(digits.group()) > 3 or next_word is None:
        return False
    name = next_word.group().casefold()
    if name in _MONTHS:
        return len(digits.group()) <= 2
    if not following[0].isalpha():
        return False
    return name.startswith(rules.ordinal_heads) or (len(words) > 1 and words[-2] in rules.ordinal_leads)


def _is_abbreviation(word: str, following: str, rules: _Rules, *, starter: bool) -> bool:
    key = word.casefold()
    if key in rules.closing:
        return following[0].isdigit()
    if key in rules.always or key.split("(")[-1] in rules.always:
        return True
    if key in rules.before_number and following[0].isdigit():
        return True
    if len(word) == 1 and word.isalpha():
        initial = word.isupper() and following[0].isalpha()
        return not starter and (initial or (word.islower() and rules.single_letters))
    dotted = re.fullmatch(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}", word) is not None
    if dotted or key in rules.unless_starter or re.fullmatch(r"(?:[^\W\d_]\.-?)+[^\W\d_]", word):
        return not starter
    return False


def _part_long(text: str, sentence: Span) -> Iterator[Span]:
    """`sentence`, or its clauses where it is longer than MAX_UNSTOPPED."""
    if sentence.end - sentence.start <= MAX_UNSTOPPED:
        yield sentence
        return
    start = sentence.start
    for match in re.compile(r"[;；][\s]*").finditer(text, sentence.start, sentence.end):
        if match.end() - start >= MAX_UNSTOPPED // 4 and sentence.end - match.end() >= MAX_UNSTOPPED // 8:
            yield from _trim(text, start, match.end())
            start = match.end()
    yield from _trim(text, start, sentence.end)
