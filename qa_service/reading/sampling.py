"""Training batches: a question, the passage that answers it, and passages that nearly do.

What is drawn at random, afresh for every batch: the languages of question and passage, where the passage is cut,
whether its title is given, how the question is typed, and the negatives: another passage of the same article, one of an
article like it, in the question's language or the passage's; or the right passage under a question whose year or name
was changed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from qa_service.reading.network import Input, join
from qa_service.reading.tokens import Tokens, tokenise

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from transformers import PreTrainedTokenizerBase

    from qa_service.reading.documents import Document, Question

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NAME = re.compile(r"[^\W\d_a-zà-öø-ÿ][\w-]+(?: [^\W\d_a-zà-öø-ÿ][\w-]+)*")
BUDGETS = ((80, 10, 0.15), (140, 7, 0.35), (220, 5, 0.5))
"""Passage tokens, questions in a batch, share of the batches."""
NEGATIVES = 1


@dataclass(frozen=True, slots=True)
class Example:
    """A sequence with its target: `answer` is a token range of the sequence, None where it does not answer."""

    input: Input
    group: int
    answer: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class _Draw:
    """What was drawn of a question: its wording and language, the language that answers, the passage length."""

    document: Document
    question: Question
    wording: str
    asked: str
    target: str | None
    group: int
    budget: int


class Sampler:
    """Draws batches from documents; `weights` by source, `neighbours` are the documents like each document."""

    def __init__(
        self,
        documents: Sequence[Document],
        tokenizer: PreTrainedTokenizerBase,
        *,
        rng: random.Random,
        weights: dict[str, float],
        neighbours: dict[str, list[str]],
    ) -> None:
        self._tokenise = lru_cache(maxsize=None)(lambda text: tokenise(tokenizer, text))
        self._rng = rng
        self._documents = {document.id: document for document in documents}
        self._neighbours = neighbours
        self._by_source = {
            source: [(d, q) for d in documents if d.source == source for q in d.questions]
            for source in {d.source for d in documents}
        }
        self._sources = sorted(self._by_source)
        self._weights = [weights[source] for source in self._sources]
        self._names = _names_by_language(documents)

    def batch(self) -> list[Example]:
        """Examples of several questions, all cut to one passage length."""
        budget, questions, _ = self._rng.choices(BUDGETS, [share for *_, share in BUDGETS])[0]
        examples: list[Example] = []
        for group in range(questions):
            source = self._rng.choices(self._sources, self._weights)[0]
            document, question = self._rng.choice(self._by_source[source])
            examples += self._group(document, question, group=group, budget=budget)
        return examples

    def _group(self, document: Document, question: Question, *, group: int, budget: int) -> list[Example]:
        asked = self._pick_language(list(question.wordings))
        target = self._target_language(question, asked)
        draw = _Draw(document, question, question.wordings[asked], asked, target, group, budget)
        examples = []
        if target is not None:
            examples.append(self._positive(draw, target))
            altered = self._altered(draw) if self._rng.random() < 0.35 else None
            if altered:
                sequence = self._positive(replace(draw, wording=altered), target).input
                examples.append(Example(sequence, -1, None))
        while len(examples) < 1 + NEGATIVES:
            examples.append(self._negative(draw))
        return examples

    def _pick_language(self, languages: list[str]) -> str:
        return self._rng.choices(languages, [3.0 if lang in ("en", "de", "nb", "vi") else 1.0 for lang in languages])[0]

    def _target_language(self, question: Question, asked: str) -> str | None:
        if not question.gold:
            return None
        if asked in question.gold and self._rng.random() < 0.3:
            return asked
        return self._pick_language(list(question.gold))

    def _positive(self, draw: _Draw, language: str) -> Example:
        gold = draw.question.gold[language]
        tokens = self._tokenise(draw.document.texts[language].text)
        first, last = tokens.range_of(gold.proof)
        low, high = self._grown(tokens, first, last, draw.budget)
        start, end = tokens.range_of(gold.answer)
        low, high = min(low, start), max(high, end)
        item = self._joined(draw.wording, draw.document, language, tokens.ids[low:high])
        return Example(item, draw.group, (item.offset + start - low, item.offset + end - 1 - low))

    def _negative(self, draw: _Draw) -> Example:
        own = self._rng.random() < 0.45 or not draw.question.gold
        for _ in range(6):
            document = draw.document if own else self._like(draw.document)
            language = self._negative_language(document, draw)
            tokens = self._tokenise(document.texts[language].text)
            place = self._rng.randrange(len(tokens.breaks) - 1)
            low, high = self._grown(tokens, tokens.breaks[place], tokens.breaks[place + 1], draw.budget)
            if document.id != draw.document.id or _is_free(draw, language, tokens, (low, high)):
                return Example(self._joined(draw.wording, document, language, tokens.ids[low:high]), draw.group, None)
            own = self._rng.random() < 0.5
        document = self._like(draw.document)
        language = self._negative_language(document, draw)
        ids = self._tokenise(document.texts[language].text).ids[: draw.budget]
        return Example(self._joined(draw.wording, document, language, ids), draw.group, None)

    def _negative_language(self, document: Document, draw: _Draw) -> str:
        there = [language for language in (draw.asked, draw.target) if language in document.texts]
        if there and self._rng.random() < 0.85:
            return self._rng.choice(there)
        return self._rng.choice(list(document.texts))

    def _like(self, document: Document) -> Document:
        near = self._neighbours[document.id]
        chosen = near[: max(6, len(near) // 8)] if self._rng.random() < 0.75 else near
        return self._documents[self._rng.choice(chosen)]

    def _grown(self, tokens: Tokens, first: int, last: int, budget: int) -> tuple[int, int]:
        """The sentences around tokens `first` to `last`, and more on either side while `budget` allows."""
        breaks = tokens.breaks
        left = max(i for i, at in enumerate(breaks[:-1]) if at <= first)
        right = min(i for i, at in enumerate(breaks) if at >= last)
        limit = budget * self._rng.uniform(0.5, 1.15)
        while True:
            sides = [side for side in ("left", "right") if self._fits(breaks, left, right, side, limit)]
            if not sides:
                break
            if self._rng.choice(sides) == "left":
                left -= 1
            else:
                right += 1
        low, high = breaks[left], breaks[right]
        if high - low > 1.3 * budget:
            low = max(low, first - self._rng.randrange(budget // 2))
            high = min(high, max(low + budget, last))
            low = max(low, high - 2 * budget)
        return low, high

    @staticmethod
    def _fits(breaks: tuple[int, ...], left: int, right: int, side: str, limit: float) -> bool:
        if side == "left":
            return left > 0 and breaks[right] - breaks[left - 1] <= limit
        return right < len(breaks) - 1 and breaks[right + 1] - breaks[left] <= limit

    def _joined(self, wording: str, document: Document, language: str, ids: tuple[int, ...]) -> Input:
        title = document.texts[language].title
        context = self._tokenise(title).ids if title and self._rng.random() < 0.65 else ()
        return join(self._tokenise(self._typed(wording)).ids, context, ids[:330])

    def _typed(self, wording: str) -> str:
        """The question as people type: without its mark, in lower case, without accents, now and then."""
        if self._rng.random() < 0.15:
            wording = wording.rstrip(" ?？؟")
        if self._rng.random() < 0.1:
            wording = wording.lower()
        if self._rng.random() < 0.07:
            wording = fold_accents(wording)
        return wording

    def _altered(self, draw: _Draw) -> str | None:
        """The question with another year or name, one that the document does not know; None where it has neither."""
        wording, document, asked = draw.wording, draw.document, draw.asked
        everything = " ".join(text.title + " " + text.text for text in document.texts.values())
        years = [match for match in _YEAR.finditer(wording)]
        if years and self._rng.random() < 0.6:
            match = self._rng.choice(years)
            year = str(int(match.group()) + self._rng.choice([-4, -3, -2, -1, 1, 2, 3]))
            return None if year in everything else wording[: match.start()] + year + wording[match.end() :]
        names = [m for m in _NAME.finditer(wording) if _is_name(m.group(), document)]
        if not names or not self._names.get(asked):
            return None
        match, other = self._rng.choice(names), self._rng.choice(self._names[asked])
        return None if other in everything else wording[: match.start()] + other + wording[match.end() :]


def _is_free(draw: _Draw, language: str, tokens: Tokens, kept: tuple[int, int]) -> bool:
    """Whether the tokens of the question's own document neither prove nor hold its answer."""
    gold = draw.question.gold.get(language)
    if gold is None:
        return not draw.question.gold
    low, high = kept
    first, last = tokens.range_of(gold.proof)
    if low < last and first < high:
        return False
    text = draw.document.texts[language].text
    return text[gold.answer.start : gold.answer.end] not in text[tokens.starts[low] : tokens.ends[high - 1]]


def fold_accents(text: str) -> str:
    """The text with its diacritics taken off and đ as d."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return plain.replace("đ", "d").replace("Đ", "D")


def _is_name(text: str, document: Document) -> bool:
    """A capitalised run is a name where it stands in the same form in every version in Latin script."""
    versions = [document.texts[lang].text for lang in ("en", "de", "vi", "nb") if lang in document.texts]
    return len(versions) > 1 and sum(text in version for version in versions) >= len(versions) - 1


def _names_by_language(documents: Sequence[Document]) -> dict[str, list[str]]:
    names: dict[str, set[str]] = {}
    for document in documents:
        for question in document.questions:
            for language, wording in question.wordings.items():
                found = {m.group() for m in _NAME.finditer(wording) if m.start() > 0 and _is_name(m.group(), document)}
                names.setdefault(language, set()).update(found)
    return {language: sorted(found) for language, found in names.items()}
