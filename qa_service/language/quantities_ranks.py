"""Ranks in running text: "third place", "Platz zwei", "nummer tre", "đứng thứ 2", "second-largest"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from qa_service.language.numbers_text import Folded, skip_spaces
from qa_service.language.numbers_words import number_words
from qa_service.language.quantities_words import Words, base_language, words_of

_WORD = re.compile(r"[^\W\d_]+")
_DIGIT_ORDINALS = {
    "en": r"(?<![\w.,])(\d{1,3})(?:st|nd|rd|th)(?!\w)",
    "fr": r"(?<![\w.,])(\d{1,3})(?:er|ère|re|e|ème|eme)(?!\w)",
    "es": r"(?<![\w.,])(\d{1,3})\.?[ºª°]",
    "sv": r"(?<![\w.,])(\d{1,3}):[ae](?!\w)",
    "ru": r"(?<![\w.,])(\d{1,3})-(?:е|й|я|м|го|ое)(?!\w)",
    "zh": r"第\s?(\d{1,3})",
    "ja": r"第?(?<!\d)(\d{1,3})(?=位)",
    "ko": r"제?(?<!\d)(\d{1,3})(?=위)",
}
_DOT_ORDINAL = r"(?<![\w.,])(\d{1,3})\.(?=\s+[^\W\d_])"
_VI_DIGITS = r"(?<!\w)thứ\s+(\d{1,3})(?![\d/])"
_WEEKDAY = re.compile(r"(?:thứ [^\W\d_]+|thứ \d)(?:,?\s*\(?\s*(?:ngày|\d{1,2}[/-])|\s+tuần|\s+hàng\s+tuần)")
_CLAUSE_END = ".,;:)!?\n–—"


@dataclass(frozen=True, slots=True)
class Ordinal:
    """An ordinal at [start, end); `ranks` where the text says that it is a rank."""

    number: int
    start: int
    end: int
    ranks: bool


@lru_cache(maxsize=64)
def _digit_pattern(language: str) -> re.Pattern[str] | None:
    if language == "vi":
        return re.compile(_VI_DIGITS)
    if words_of(language).ordinal_dot:
        return re.compile(_DOT_ORDINAL)
    pattern = _DIGIT_ORDINALS.get(language)
    return re.compile(pattern) if pattern else None


def _words_before(low: str, start: int, count: int) -> list[str]:
    return _WORD.findall(low[max(0, start - 40) : start])[-count:]


def _rank_noun_end(low: str, end: int, words: Words) -> int | None:
    start = skip_spaces(low, end)
    for phrase in words.listed("rank_after"):
        if low.startswith(phrase, start) and not low[start + len(phrase) : start + len(phrase) + 1].isalpha():
            return start + len(phrase)
    return None


def _followed(low: str, end: int, words: Words) -> bool:
    start = skip_spaces(low, end)
    if start >= len(low) or low[start] in _CLAUSE_END:
        return True
    match = _WORD.match(low, start)
    return bool(match) and words.has("rank_follow", match.group() if match else "")


def _by_context(folded: Folded, ordinal: tuple[int, int, int], words: Words) -> Ordinal:
    number, start, end = ordinal
    low = folded.low
    if noun_end := _rank_noun_end(low, end, words):
        return Ordinal(number, start, noun_end, ranks=True)
    before = _words_before(low, start, 2)
    followed = _followed(low, end, words)
    verb = any(words.has("rank_verbs", word) for word in before)
    own = not before or not words.has("determiners", before[-1])
    follow = _WORD.match(low, skip_spaces(low, end))
    placed = bool(before and follow) and words.has("rank_place", follow.group() if follow else "")
    placed = placed and not re.match(r"\s+in\s+(?:the\s+)?\d", low[end:]) and "\n" not in low[max(0, start - 2) : start]
    return Ordinal(number, start, end, ranks=own and ((followed and verb) or placed))


def _is_weekday(folded: Folded, start: int, end: int) -> bool:
    name = folded.raw[start:end].split(" ")
    return (len(name) > 1 and name[1][:1].isupper()) or bool(_WEEKDAY.match(folded.low, start))


def _vietnamese(folded: Folded, ordinal: tuple[int, int, int], words: Words) -> Ordinal:
    number, start, end = ordinal
    before = _words_before(folded.low, start, 2)
    if _is_weekday(folded, start, end) or (before and before[-1] in ("lần", "ngày", "tháng", "quý", "tuần", "sáng")):
        return Ordinal(number, start, end, ranks=False)
    verb = any(words.has("rank_verbs", word) for word in before)
    follow = _WORD.match(folded.low, skip_spaces(folded.low, end))
    followed = bool(follow) and words.has("rank_follow", follow.group() if follow else "")
    return Ordinal(number, start, end, ranks=verb or followed)


def _named_ranks(folded: Folded, language: str, words: Words) -> Iterator[Ordinal]:
    """A rank noun before a number ("Platz zwei", "number 3", "hạng ba")."""
    cardinals, low = number_words(language), folded.low
    for noun in words.listed("rank_before"):
        for match in re.finditer(rf"(?<!\w){re.escape(noun)}\s+", low):
            digits = re.compile(r"(\d{1,3})(?![\d%]|[.,:/-]\w)").match(low, match.end())
            if digits and not low[digits.end() : digits.end() + 1].isalpha():
                yield Ordinal(int(digits.group(1)), match.start(), digits.end(), ranks=True)
            elif found := (cardinals.cardinals.match(low, match.end()) or cardinals.ordinals.match(low, match.end())):
                yield Ordinal(found[1], match.start(), found[0], ranks=True)
            elif (one := _WORD.match(low, match.end())) and (number := cardinals.cardinal_forms.get(one.group())):
                yield Ordinal(number, match.start(), one.end(), ranks=True)


def _stem_ranks(folded: Folded, words: Words) -> Iterator[Ordinal]:
    """An ordinal with a superlative or rank noun in one ("tredjeplass", "drittgrößte", "second-largest")."""
    low = folded.low
    for stem, number in words.rank_stems:
        start = low.find(stem)
        while start >= 0:
            tail = start + len(stem)
            for superlative in words.listed("superlatives"):
                end = tail + len(superlative)
                if low.startswith(superlative, tail) and not low[end : end + 1].isalpha():
                    if not low[start - 1 : start].isalpha():
                        yield Ordinal(number, start, end, ranks=True)
                    break
            start = low.find(stem, tail)


def _word_ordinals(folded: Folded, language: str) -> Iterator[tuple[int, int, int]]:
    ordinals = number_words(language).ordinals
    for match in _WORD.finditer(folded.low):
        starts = (match.start(), *(range(match.start(), match.end()) if "第" in match.group() else ()))
        for start in dict.fromkeys(starts):
            if found := ordinals.match(folded.low, start):
                yield found[1], start, found[0]
                break


def find_ordinals(folded: Folded, language: str) -> list[Ordinal]:
    """Return the ordinals of a text that do not overlap, ranks first, in order."""
    base = base_language(language)
    words = words_of(base)
    judge = _vietnamese if base == "vi" else _by_context
    found = [*_named_ranks(folded, base, words), *_stem_ranks(folded, words)]
    for phrase, number in words.rank_words.items():
        for match in re.finditer(rf"(?<!\w){re.escape(phrase)}(?!\w)", folded.low):
            found.append(Ordinal(number, match.start(), match.end(), ranks=True))
    found.extend(judge(folded, ordinal, words) for ordinal in _word_ordinals(folded, base))
    if pattern := _digit_pattern(base):
        for match in pattern.finditer(folded.low):
            found.append(judge(folded, (int(match.group(1)), match.start(), match.end()), words))
    if base in ("zh", "ja", "ko"):
        found = [
            Ordinal(o.number, o.start, o.end, o.ranks or bool(_rank_noun_end(folded.low, o.end, words))) for o in found
        ]
    found.sort(key=lambda ordinal: (not ordinal.ranks, ordinal.start, -ordinal.end))
    kept: list[Ordinal] = []
    for ordinal in found:
        if ordinal.number and all(ordinal.end <= other.start or other.end <= ordinal.start for other in kept):
            kept.append(ordinal)
    return sorted(kept, key=lambda ordinal: ordinal.start)
