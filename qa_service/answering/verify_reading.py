"""What a claim or a quote says: its values, periods, names and clauses, read once for all checks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from qa_service.answering.verify_lexicon import common_words, is_common
from qa_service.answering.verify_words import polarity_words
from qa_service.language.names import find_names, fold, name_key
from qa_service.language.numbers_text import fold as fold_numbers
from qa_service.language.periods import find_periods
from qa_service.language.places import MAX_WORDS, country_of_adjective, level, place_code, world_region
from qa_service.language.quantities import find_quantities
from qa_service.language.quantities_ranks import find_ordinals
from qa_service.language.quantities_words import base_language
from qa_service.language.weekdays import weekday_of
from qa_service.models import Name, Period, Quantity, QuantityKind, Span
from qa_service.text.sentences import split_sentences

_WORD = re.compile(r"[^\W_]+")
_BREAK = re.compile(r"[;,:–—]\s+|[;，；、]|\s[–—-]\s|\(|\)")


@dataclass(frozen=True)
class Reading:
    """A text with the typed values found in it.

    `anchor` is the day that "last year" and "in June" count from; `dated` is false where it was not the article's.
    """

    text: str
    language: str
    anchor: date | None = None
    dated: bool = True

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """The quantities, in order; beside a rank every ordinal is one ("fourth in 2019 and second in 2021")."""
        found = find_quantities(self.text, self.language)
        if not any(quantity.kind is QuantityKind.RANK for quantity in found):
            return found
        taken = [*(q.span for q in found), *(p.span for p in self.periods)]
        ranks = (q for q in self._ordinals() if not any(q.span.overlaps(span) for span in taken))
        return tuple(sorted((*found, *ranks), key=lambda quantity: quantity.start))

    def _ordinals(self) -> Iterator[Quantity]:
        folded = fold_numbers(self.text)
        for ordinal in find_ordinals(folded, self.language):
            start, end = folded.original(ordinal.start), folded.original(ordinal.end)
            yield Quantity(Decimal(ordinal.number), "", QuantityKind.RANK, start, end)

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods that stand in words of their own, in order."""
        found = find_periods(self.text, self.language, anchor=self.anchor)
        stated = (period for period in found if period.start < period.end)
        # Without the day of the article nobody knows which year "last year" was.
        return tuple(replace(p, first=None, last=None) if p.relative and not self.dated else p for p in stated)

    @cached_property
    def values(self) -> tuple[Span, ...]:
        """Where quantities and periods stand."""
        quantities = tuple(quantity.span for quantity in self.quantities)
        return (*quantities, *(period.span for period in self.periods))

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The names that are no part of a value: "US" of "US$1,543 million" and "Q2" of a period name nobody."""
        found = find_names(self.text, self.language)
        kept = [n for n in found if not any(v.start <= n.start and n.end <= v.end for v in self.values)]
        return tuple(sorted((*kept, *self._openers(found)), key=lambda name: name.start))

    def _openers(self, found: Sequence[Name]) -> Iterator[Name]:
        """Words that open a sentence and are no common ones: "Hamar had …"."""
        if not common_words(self.language) or base_language(self.language) == "vi":
            return
        for sentence in self.sentences:
            match = _WORD.match(self.text, sentence.start)
            if match is None or not match.group()[0].isupper() or is_common(match.group(), self.language):
                continue
            taken = (*self.values, *(name.span for name in found))
            if not any(Span(*match.span()).overlaps(span) for span in taken):
                key = name_key(match.group())
                code = place_code(key, self.language)
                kind = "other" if code is None else "country" if level(code) == "country" else "place"
                yield Name(match.group(), key, kind, *match.span(), code)

    @cached_property
    def place_codes(self) -> frozenset[str]:
        """The codes of all runs of words that start with a capital and name a place, also inside longer names."""
        matches = _WORD.finditer(self.text)
        found = [match for match in matches if not any(Span(*match.span()).overlaps(span) for span in self.values)]
        runs = (
            self.text[found[i].start() : found[j].end()]
            for i in range(len(found))
            for j in range(i, min(i + MAX_WORDS, len(found)))
            if found[i].group()[0].isupper() or found[j].group()[0].isupper()
        )
        keys = [name_key(run) for run in runs]
        codes = [find(key, self.language) for key in keys for find in (place_code, world_region)]
        codes.extend(country_of_adjective(fold(match.group()), self.language) for match in found)
        return frozenset(code for code in (*codes, *(name.code for name in self.names)) if code is not None)

    @cached_property
    def weekdays(self) -> frozenset[int]:
        """The weekdays named; Vietnamese writes them in two words."""
        texts = [*self.words, *map(" ".join, pairwise(self.words))]
        return frozenset(day for text in texts if (day := weekday_of(text, self.language)) is not None)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words, folded, in order."""
        return tuple(_WORD.findall(fold(self.text)))

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The sentences; the whole text where it has none."""
        return split_sentences(self.text, self.language) or (Span(0, len(self.text)),)

    def clauses(self, sentence: Span) -> tuple[Span, ...]:
        """The pieces of a sentence between commas and joining words, each but the last with a value of its own."""
        breaks = [match.end() for match in _BREAK.finditer(self.text, sentence.start, sentence.end)]
        return self._merged(self._cut(sentence, [*self._joints(sentence), *breaks]))

    def joined(self, sentence: Span) -> tuple[Span, ...]:
        """The pieces of a sentence between joining words, whatever they hold: a negation reaches no further."""
        return tuple(self._cut(sentence, self._joints(sentence)))

    def _joints(self, sentence: Span) -> list[int]:
        joiners = polarity_words(self.language).joiners
        return [match.start() for match in joiners.finditer(self.text, sentence.start, sentence.end)]

    def _cut(self, sentence: Span, cuts: Sequence[int]) -> list[Span]:
        inside = [cut for cut in sorted(set(cuts)) if not any(s.start < cut < s.end for s in self._whole)]
        return [Span(a, b) for a, b in pairwise([sentence.start, *inside, sentence.end]) if a < b]

    @cached_property
    def _whole(self) -> tuple[Span, ...]:
        return (*self.values, *(name.span for name in self.names))

    def _merged(self, pieces: Sequence[Span]) -> tuple[Span, ...]:
        merged: list[Span] = []
        start: int | None = None
        for piece in pieces:
            begin = piece.start if start is None else start
            if any(piece.start <= q.start < piece.end for q in self.quantities):
                merged.append(Span(begin, piece.end))
                start = None
            else:
                start = begin
        if start is not None:
            merged.append(Span(start, pieces[-1].end))
        return tuple(merged)
