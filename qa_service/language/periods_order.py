"""Gives the year that stands beside a month, quarter or half-year to it: "2024 first half", "Q3 exports Oslo 2024"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa_service.language.periods_atoms import Atom
from qa_service.language.periods_read import Reading

_NARROW = {
    "day",
    "day_range",
    "month",
    "quarter",
    "half",
    "months_first",
    "months_last",
    "year_part",
    "mid_year",
    "year_end",
}
_YEARS = {"bare_year", "year", "relative_year"}
# Of the phrases for a year, those that say no more than the year: not "the whole of 2024".
_BARE = re.compile(r"(?:(?:year|jahre?s?|året|år|année|año|anno|năm|nam)\s+)?\d{4}(?:\s?年)?", re.IGNORECASE)
_BESIDE = re.compile(r"[\s,(:;/–-]*")
_PREPOSITION = re.compile(
    r"\s+(?:(?:in|im|i|en|au|el|il|trong|vào|vao|during|under)\s+)(?:(?:the|der|le)\s+)?", re.IGNORECASE
)
_BRACKET = re.compile(r"\s*\(?")
_SENTENCE_END = re.compile(r"(?<!\d)[.!?…]\s|\n")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LONGEST_KEYWORDS = 10
_AND = re.compile(r"\b(?:and|und|og|och|và|va|et|y|e|en|or|oder|eller|hoặc|ou|o)\s+(?:\w+\s+)?$", re.IGNORECASE)
# "Die 1997 gegründete Firma", "founded in 1997,": the year is told of something else.
_ASIDE = re.compile(
    r"\s(?-i:[a-zäöüß]{3,}(?:t|en)e[rsnm]?\b)|\s*,\s*\w|\s*\)\s*\w|\s+(?:and|und|og|och|và|va|et)\s", re.IGNORECASE
)
_KINDS = ("as_of", "from", "between", "compared", "end")


def with_lent_years(reading: Reading) -> tuple[Atom, ...]:
    """The atoms of a reading, where a bare year beside a narrower phrase without one has become that phrase's year.

    Beside means next to it in either order. In a question or in keywords the one year named anywhere is meant.
    """
    atoms: list[Atom] = []
    for atom in reading.atoms:
        pair = _pair(atoms[-1], atom, reading) if atoms else None
        if pair:
            atoms[-1] = pair
        else:
            atoms.append(atom)
    return _spread(atoms, reading) if _asks(reading.text) else tuple(atoms)


def _pair(first: Atom, second: Atom, reading: Reading) -> Atom | None:
    """Two neighbours as one, if one is the year of the other; the span covers both where no preposition is between."""
    gap = reading.text[first.end : second.start]
    if _is_narrow(second) and _lends(first, reading):
        if _BESIDE.fullmatch(gap) or _PREPOSITION.fullmatch(gap):
            return replace(_lent(second, first), start=first.start)
        return _lent(second, first) if _is_preposition(gap, reading) else None
    if _is_narrow(first) and _lends(second, reading) and _BRACKET.fullmatch(gap):
        return replace(_lent(first, second), end=second.end)
    return None


def _is_narrow(atom: Atom) -> bool:
    return atom.shape in _NARROW and atom.year is None and atom.years_from_anchor is None


def _lends(atom: Atom, reading: Reading) -> bool:
    if atom.shape not in _YEARS:
        return False
    bare = atom.shape == "relative_year" or _BARE.fullmatch(reading.text[atom.start : atom.end])
    return bool(bare) and not any(_stands_before(atom, name, reading) for name in _KINDS)


def _stands_before(atom: Atom, name: str, reading: Reading) -> bool:
    pattern = reading.grammar.kinds.get(name)
    return bool(pattern and pattern.search(reading.text, max(0, atom.start - 60), atom.start))


def _is_preposition(gap: str, reading: Reading) -> bool:
    """Whether all of `gap` leads up to the next phrase ("2024 by the end of June")."""
    for name in ("end", "as_of"):
        found = reading.grammar.kinds[name].search(gap) if name in reading.grammar.kinds else None
        if found and not gap[: found.start()].strip(" ,("):
            return True
    return False


def _lent(narrow: Atom, year: Atom) -> Atom:
    return replace(narrow, year=year.year, years_from_anchor=year.years_from_anchor)


def _asks(text: str) -> bool:
    """Whether the text is a question, or so short and without a full stop that it is keywords."""
    stripped = text.strip()
    if _SENTENCE_END.search(stripped):
        return False
    return stripped.endswith(("?", "？")) or (
        not stripped.endswith((".", "!")) and len(stripped.split()) <= _LONGEST_KEYWORDS
    )


def _spread(atoms: Sequence[Atom], reading: Reading) -> tuple[Atom, ...]:
    """The atoms of a question: its only year, told in passing by nothing else, is that of its narrower phrases."""
    years = {(a.year, a.years_from_anchor) for a in atoms if a.year or a.years_from_anchor is not None}
    lenders = [a for a in atoms if _lends(a, reading) and not _is_aside(a, reading)]
    if (
        len(set(_YEAR.findall(reading.text))) > 1
        or len(years) != 1
        or len(lenders) != 1
        or not any(map(_is_narrow, atoms))
    ):
        return tuple(atoms)
    (lender,) = lenders
    return tuple(_lent(a, lender) if _is_narrow(a) else a for a in atoms if a is not lender)


def _is_aside(atom: Atom, reading: Reading) -> bool:
    before, after = reading.text[: atom.start], reading.text[atom.end :]
    return bool(_AND.search(before) or _ASIDE.match(after))
