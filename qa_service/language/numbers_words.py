"""Numbers written in words, by tables turned round from CLDR's spell-out rules of each language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from qa_service.language.numbers_text import PhraseTable
from qa_service.language.quantities_words import base_language, words_of

if TYPE_CHECKING:
    from unicode_rbnf import RbnfEngine

_EXTRA_CARDINALS = {
    "en": {"dozen": 12, "a dozen": 12, "twelve": 12},
    "de": {"dutzend": 12, "zwo": 2, "hundert": 100},
    "nb": {"tjue en": 21, "sytten": 17, "sju": 7, "syv": 7, "tyve": 20, "tredve": 30, "dusin": 12, "hundre": 100},
    "vi": {"hai chục": 20, "một chục": 10},
}
_EXTRA_ORDINALS = {
    "nb": {"annen": 2, "annet": 2, "syvende": 7, "tyvende": 20},
    "vi": {"thứ nhất": 1, "thứ hai": 2, "thứ nhì": 2, "thứ tư": 4, "hạng nhất": 1, "hạng nhì": 2, "số một": 1},
    "zh": {f"第{sign}": rank for rank, sign in enumerate("一二三四五六七八九十", start=1)},
    "fr": {"deuxième": 2, "seconde": 2, "second": 2},
}
_SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True, slots=True)
class NumberWords:
    """A language's number words: cardinals from 2 on, ordinals from 1, and `one` its words for one."""

    cardinals: PhraseTable[int]
    ordinals: PhraseTable[int]
    ordinal_forms: dict[str, int]
    cardinal_forms: dict[str, int]


def _engine(language: str) -> RbnfEngine | None:
    from unicode_rbnf import RbnfEngine

    try:
        return RbnfEngine.for_language({"nb": "no"}.get(language, language))
    except ValueError:
        return None


def _spell(engine: RbnfEngine, number: int, ruleset: str) -> str | None:
    try:
        return engine.format_number(number, ruleset_names=[ruleset]).text_by_ruleset.get(ruleset)
    except (ValueError, KeyError, RecursionError):
        return None


def _forms(engine: RbnfEngine, rulesets: list[str], numbers: range) -> dict[str, int]:
    forms: dict[str, int] = {}
    for ruleset in rulesets:
        for number in numbers:
            spelled = _spell(engine, number, ruleset)
            if spelled is None:
                break
            if not re.search(r"[\d=]", spelled):
                forms.setdefault(spelled.lower().replace(_SOFT_HYPHEN, ""), number)
    return forms


def _cardinal_forms(engine: RbnfEngine | None, language: str) -> dict[str, int]:
    forms = dict(_EXTRA_CARDINALS.get(language, {}))
    if engine is None:
        return forms
    rulesets = [name for name in engine.rulesets if re.match(r"spellout-(numbering|cardinal)(?!.*(year|days))", name)]
    plain = [name for name in rulesets if name in ("spellout-numbering", "spellout-numbering-verbose")]
    found = {**_forms(engine, plain, range(100, 1000)), **_forms(engine, rulesets, range(1, 101))}
    hyphens = {form.replace("-", " "): number for form, number in found.items() if "-" in form}
    return {**hyphens, **found, **forms}


def _ordinal_forms(engine: RbnfEngine | None, language: str) -> dict[str, int]:
    forms = dict(_EXTRA_ORDINALS.get(language, {}))
    if engine is None:
        return forms
    rulesets = [name for name in engine.rulesets if name.startswith("spellout-ordinal")]
    found = _forms(engine, rulesets, range(1, 101))
    if language in ("zh", "ja"):
        found = {form: number for form, number in found.items() if form.startswith("第")}
    return {**found, **forms}


@lru_cache(maxsize=64)
def number_words(language: str) -> NumberWords:
    """Return the number words of a language; empty where CLDR has no spell-out rules for it."""
    base = base_language(language)
    engine = _engine(base)
    cardinals = _cardinal_forms(engine, base)
    ordinals = _ordinal_forms(engine, base)
    words = words_of(base)
    counted = {form: number for form, number in cardinals.items() if number and not words.has("pronouns", form)}
    if base in ("zh", "ja", "ko"):
        # A single ideograph is too often part of a word.
        counted = {form: number for form, number in counted.items() if len(form) > 1}
    return NumberWords(PhraseTable(counted), PhraseTable(ordinals), ordinals, cardinals)


@lru_cache(maxsize=64)
def _ordinal_engine(language: str) -> RbnfEngine | None:
    return _engine(base_language(language))


def spell_ordinal(number: int, language: str) -> str | None:
    """Return the ordinal in words ("third", "dritte", "thứ ba"), or None where CLDR has no rule."""
    engine = _ordinal_engine(language)
    if engine is None:
        return None
    for name in ("spellout-ordinal", "spellout-ordinal-masculine", "spellout-ordinal-common", "spellout-ordinal-reale"):
        if name in engine.rulesets and (spelled := _spell(engine, number, name)):
            return spelled
    return None
