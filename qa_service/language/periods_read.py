"""Finds the period phrases of a text and reads each into an atom: a stretch whose year may still be open."""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta

from qa_service.language.periods_atoms import Atom
from qa_service.language.periods_grammar import Grammar, load_grammar
from qa_service.language.tokens import Folded, fold, fold_with_map

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_DOCUMENT = re.compile(
    r"(?:\bsố|\bnr\.?|\bno\.|\bnummer|\bnumber|№|#|§|\bdel|\bver\.?|\bversion|[$€£¥])\s*$", re.IGNORECASE
)
# What follows a count and never a year, whatever the language: units and scale words of amounts, and grouped digits.
_AMOUNT = re.compile(
    r"\s?(?:%|‰|€|\$|£)|\s(?:\d{3}\b|(?:million|billion|trillion|millionen|milliarden|millioner|milliarder|mio|mrd|triệu|tỷ|"
    r"nghìn|ngàn|tỉ|trieu|ty|euros?|dollars?|usd|eur|nok|vnd|pln|kroner|kronor|đồng|dong|zloty|percent|per cent|"
    r"prozent|prosent|people|persons|workers|employees|jobs|homes|tonnes|tons|hectares|kilomet(?:er|re)s|met(?:er|re)s|miles|"
    r"projects|companies|patients|students|passengers|visitors|cars|vehicles|menschen|personen|mitarbeiter(?:innen)?|"
    r"beschäftigten?|arbeitsplätzen?|stellen|wohnungen|tonnen|hektar|kilometer|meter|projekte|firmen|unternehmen|autos|"
    r"fahrzeuge|gäste|mennesker|ansatte|personer|arbeidsplasser|stillinger|boliger|tonn|prosjekter|bedrifter|biler|"
    r"pasienter|studenter|elever|người|nguoi|lao động|dự án|du an|việc làm|tấn|căn|hộ|xe|doanh nghiệp|"
    r"m2|m²|ha|km|kg|mw|gw|kwh|mwh|gwh|twh|t)\b)",
    re.IGNORECASE,
)
# "At the same time" means meanwhile, unless a year follows.
_SAME_MOMENT = re.compile(r"\b(?:time|point|stage|day|zeit|tid|tidspunkt|thời điểm|thoi diem)$", re.IGNORECASE)
# "The same period of last year" repeats a stretch; "a year earlier" may as well be a day.
_SAME = re.compile(
    r"(?:\w{1,5} ){0,2}(?:same|corresponding|comparable|equivalent|(?:de[mnrs])?selben|gleichen|entsprechenden|"
    r"vergleichbaren|vorjahreszeit|samme|tilsvar|samma|motsvarande|dezelfde|cùng|cung|même|meme|mismo|stesso|mesmo|.{0,7}同期)",
    re.IGNORECASE,
)
# A number of four digits with no word beside it that makes it a year.
_FIRST_BARE_YEAR, _LAST_BARE_YEAR = 1900, 2100
_QUARTER_WEEKS = 13
_COMMON_YEAR = 2023


@dataclass(frozen=True, slots=True)
class Reading:
    """A text in the spelling its grammar is for, and the atoms found; offsets are of that spelling."""

    text: str
    folded: Folded | None
    grammar: Grammar
    atoms: tuple[Atom, ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The span in the caller's text."""
        return (start, end) if self.folded is None else self.folded.origin(start, end)


def read_atoms(text: str, language: str) -> Reading:
    """The period phrases of `text` in order, none overlapping; texts without accents are read by folded grammar."""
    plain = text.isascii() or not unicodedata.is_normalized("NFC", text)
    folded = fold_with_map(text) if plain else None
    grammar = load_grammar(language, folded=plain)
    spelled = folded.text if folded else text
    found = [
        atom
        for atom in _candidates(spelled, grammar)
        if _stands(atom, spelled, text if len(spelled) == len(text) else spelled, grammar)
    ]
    found.sort(key=lambda atom: (atom.start, -atom.end))
    atoms: list[Atom] = []
    for atom in found:
        if not atoms or atom.start >= atoms[-1].end:
            atoms.append(atom)
        elif atom.end - atom.start > atoms[-1].end - atoms[-1].start:
            atoms[-1] = atom
    return Reading(spelled, folded, grammar, tuple(atoms))


def _candidates(text: str, grammar: Grammar) -> list[Atom]:
    found: list[Atom] = []
    for phrase in grammar.phrases:
        for match in phrase.pattern.finditer(text):
            atom = _read(phrase.shape, match, grammar)
            if atom is not None:
                found.append(atom)
    return found


def _read(shape: str, match: re.Match[str], grammar: Grammar) -> Atom | None:
    groups = {name.split("__")[0]: value for name, value in match.groupdict().items() if value is not None}
    atom = Atom(
        shape,
        match.start(),
        match.end(),
        year=_int(groups.get("y")),
        years_from_anchor=_offset(groups.get("ry"), grammar),
        cued="cued" not in groups and "opening" not in groups,
        prior="prior" in groups,
        same=shape == "same_period" and _SAME.match(match.group()) is not None,
    )
    reader = _READERS.get(shape)
    if shape in ("relative_month", "relative_quarter", "relative_day"):
        back = next(name for name in groups if name.startswith(("back", "ahead")))
        return replace(atom, back=int(back[-1]) * (-1 if back.startswith("ahead") else 1))
    return reader(atom, groups, grammar) if reader else atom


def _int(text: str | None) -> int | None:
    return int(text) if text else None


def _offset(text: str | None, grammar: Grammar) -> int | None:
    return next((offset for words, offset in grammar.relative_years if text and words.fullmatch(text)), None)


def _number(text: str, grammar: Grammar) -> int | None:
    key = re.sub(r"\s+", " ", fold(text)).strip()
    if key.isdigit():
        return int(key)
    return grammar.numbers.get(key) or _ROMAN.get(key)


def _month(groups: dict[str, str], grammar: Grammar) -> int | None:
    if "mm" in groups:
        return int(groups["mm"])
    name = re.sub(r"\s+", " ", fold(groups.get("m") or groups.get("M") or "")).strip(". ")
    if name in grammar.months:
        return grammar.months[name]
    if digits := re.search(r"\d+", name):
        return int(digits.group())
    stem = next((stem for stem in grammar.month_stems if name.startswith(stem)), None)
    return grammar.months[stem] if stem else grammar.numbers.get(name.partition(" ")[2])


def _read_day(atom: Atom, groups: dict[str, str], grammar: Grammar) -> Atom | None:
    month, first = _month(groups, grammar), int(groups.get("d") or groups.get("d1") or 0)
    last = int(groups.get("d2") or first)
    if month is None or not 1 <= first <= last <= calendar.monthrange(atom.year or 2024, month)[1]:
        return None
    return replace(atom, first=(month, first), last=(month, last))


def _read_month(atom: Atom, groups: dict[str, str], grammar: Grammar) -> Atom | None:
    month = _month(groups, grammar)
    return replace(atom, first=(month, 1), last=(month, 31)) if month else None


def _ordinal(groups: dict[str, str], grammar: Grammar) -> int | None:
    marked = next((n for n, word in enumerate(("one", "two", "three", "four"), start=1) if word in groups), None)
    return marked or _number(groups.get("k") or groups.get("n") or groups.get("o") or "", grammar)


def _read_quarter(atom: Atom, groups: dict[str, str], grammar: Grammar) -> Atom | None:
    number = _ordinal(groups, grammar)
    return replace(atom, first=(3 * number - 2, 1), last=(3 * number, 31)) if number in (1, 2, 3, 4) else None


def _read_half(atom: Atom, groups: dict[str, str], grammar: Grammar) -> Atom | None:
    number = _ordinal(groups, grammar)
    return replace(atom, first=(6 * number - 5, 1), last=(6 * number, 31)) if number in (1, 2) else None


def _months(groups: dict[str, str], grammar: Grammar) -> int | None:
    """How many months a counted stretch has: "seven months", "two quarters", or 26 weeks, which are half a year."""
    if "weeks" in groups:
        weeks = _number(groups.get("w") or groups.get("n", ""), grammar) or 0
        return None if weeks % _QUARTER_WEEKS else weeks // _QUARTER_WEEKS * 3
    number = 9 if "nine" in groups else 2 if "two" in groups else _number(groups.get("n", ""), grammar)
    return number * 3 if number and "quarters" in groups else number


def _read_months_first(atom: Atom, groups: dict[str, str], grammar: Grammar) -> Atom | None:
    number = _months(groups, grammar)
    if number is None and "weeks" in groups:
        return _read_weeks(atom, groups, grammar)
    if number is None or not 2 <= number <= 12:
        return None
    closing = _month(groups, grammar) if "M" in groups else number
    if closing is None or closing < number:
        return None
    shape = {6: "half", 12: "year", 3: "quarter"}.get(number, atom.shape) if closing == number else atom.shape
    return replace(atom, shape=shape, first=(closing - number + 1, 1), last=(closing, 31))


def _read_weeks(atom: Atom, groups: dict[str, str], grammar: Grammar) -> Atom | None:
    weeks = _number(groups.get("w") or groups.get("n", ""), grammar)
    if not weeks:
        return None
    last = date(atom.year or _COMMON_YEAR, 1, 1) + timedelta(days=7 * weeks - 1)
    return replace(atom, last=(last.month, last.day))


def _read_months_last(atom: Atom, groups: dict[str, str], grammar: Grammar) -> Atom | None:
    number = _months(groups, grammar)
    return (
        replace(atom, shape={6: "half", 3: "quarter"}.get(number, atom.shape), first=(13 - number, 1))
        if number and number < 12
        else None
    )


def _read_year_range(atom: Atom, groups: dict[str, str], _: Grammar) -> Atom | None:
    first, last = int(groups["y1"]), int(groups["yy"])
    last = last if last > 99 else first // 100 * 100 + last + (100 if last < first % 100 else 0)
    return replace(atom, year=first, last_year=last) if first < last <= first + 150 else None


def _read_decade(atom: Atom, groups: dict[str, str], _: Grammar) -> Atom:
    first = int(groups["dec"])
    return replace(atom, year=first, last_year=first + 9)


def _read_century(atom: Atom, groups: dict[str, str], _: Grammar) -> Atom:
    number = int(groups["c"])
    first = number if number > 99 else 100 * (number - 1)
    return replace(atom, year=first, last_year=first + 99)


_READERS = {
    "day": _read_day,
    "day_range": _read_day,
    "month": _read_month,
    "quarter": _read_quarter,
    "half": _read_half,
    "months_first": _read_months_first,
    "months_last": _read_months_last,
    "year_range": _read_year_range,
    "decade": _read_decade,
    "century": _read_century,
}


def _stands(atom: Atom, text: str, cased: str, grammar: Grammar) -> bool:
    """Whether the phrase means a period here: not a document's number, an amount, or the verb "may"."""
    before, after = text[max(0, atom.start - 40) : atom.start], text[atom.end : atom.end + 25]
    if _DOCUMENT.search(before):
        return False
    if atom.shape == "bare_year":
        return _is_bare_year(atom, before, after, grammar)
    if atom.shape == "month" and atom.year is None and atom.years_from_anchor is None:
        return _is_bare_month(text[atom.start : atom.end], cased[atom.start : atom.end], before, grammar)
    if not atom.cued:
        return _is_cued(atom, before, after, grammar)
    if atom.shape == "same_period" and atom.year is None and not atom.prior:
        return not _SAME_MOMENT.search(text[atom.start : atom.end])
    return atom.shape != "year_range" or not _AMOUNT.match(after)


def _is_bare_year(atom: Atom, before: str, after: str, grammar: Grammar) -> bool:
    if _AMOUNT.match(after) or re.search(r"[\w\d][-–.,:/]$|\d\s$", before):
        return False
    if grammar.year_cue.search(before):
        return True
    year = atom.year or 0
    return _FIRST_BARE_YEAR <= year <= _LAST_BARE_YEAR and year % 100 != 0


def _is_bare_month(text: str, cased: str, before: str, grammar: Grammar) -> bool:
    if fold(text).strip(". ") not in grammar.ambiguous_months:
        return True
    return cased[:1].isupper() | before.islower() and bool(grammar.month_cue and grammar.month_cue.search(before))


def _is_cued(atom: Atom, before: str, after: str, grammar: Grammar) -> bool:
    if atom.shape == "day":
        cue = grammar.kinds.get("date_cue")
        return bool(cue and cue.search(before)) or (after[:1] == ")" and before[-1:] == "(")
    return (not before.strip() or before.rstrip()[-1] in '.;:("“,') and after[:1] in " ," and after[1:2].isalpha()
