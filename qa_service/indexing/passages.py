"""Passages: whole sentences of an article, packed to the embedding model's window, mapped to the source."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa_service.language.names import find_names, fold
from qa_service.models import Article, CleanText, Passage, Run, Span
from qa_service.text.builder import joinable
from qa_service.text.lines import Line
from qa_service.text.sentences import split_sentences

SMALL_SHARE = 0.25
MAX_PLACE_CHARS = 10_000
# Neither parts a number: "4,18", "1 543".
_CLAUSE = re.compile(r"[;:,–—]\s+|[，、；：]")
_SPACE = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
_ID_LENGTH = 16


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of the cleaned text. `opens`: it begins a paragraph; `heading`: it is one that does not stop."""

    span: Span
    tokens: int
    opens: bool
    heading: bool


def split_passages(
    article: Article, *, count_tokens: Callable[[str], int], max_tokens: int, overlap_sentences: int = 0
) -> tuple[Passage, ...]:
    """The passages of `article` in order, at least one, each of at most `max_tokens` tokens.

    Paragraphs stay together where they fit; none crosses removed furniture; a heading goes with what follows it. A
    sentence too long for the window is parted at clauses. For text files `article.text[start:end] == text`.
    `overlap_sentences` of the passage before are said again, where they fit. Tokens are counted by sentence and
    added up. Ids derive from the content.
    """
    packs: list[list[_Sentence]] = []
    for block in _blocks(article, count_tokens, max_tokens):
        packs.extend(_balanced(list(_pack(block, max_tokens)), max_tokens))
    packs = _overlapped(packs, article.clean, overlap_sentences, max_tokens)
    context = context_line(article)
    return tuple(_passage(article, pack, context, position) for position, pack in enumerate(packs))


def context_line(article: Article) -> str:
    """Title, day and the place most often named, where the title does not name it: for retrieval, never in a quote."""
    day = article.published_on or article.as_of
    parts = (article.title, day.isoformat() if day else "", _place(article))
    return " · ".join(part for part in parts if part)


def clip_runs(runs: Sequence[Run], span: Span) -> tuple[Run, ...]:
    """`runs` of a text cut to `span` of it, counted from the span's start."""
    clipped = []
    for run in runs:
        low, high = max(span.start, run.start), min(span.end, run.start + run.length)
        if low < high:
            clipped.append(Run(low - span.start, run.source_start + low - run.start, high - low))
    return tuple(clipped)


def _blocks(article: Article, count_tokens: Callable[[str], int], max_tokens: int) -> Iterator[list[_Sentence]]:
    """Runs of paragraphs with no furniture between them, as sentences."""
    block: list[_Sentence] = []
    last: Span | None = None
    for paragraph in article.clean.paragraphs:
        if last is not None and not joinable(article.clean, last, paragraph):
            yield block
            block = []
        block.extend(_paragraph_sentences(article, paragraph, count_tokens, max_tokens))
        last = paragraph
    if block:
        yield block


def _paragraph_sentences(
    article: Article, paragraph: Span, count_tokens: Callable[[str], int], max_tokens: int
) -> Iterator[_Sentence]:
    text = article.clean.text[paragraph.start : paragraph.end]
    spans = split_sentences(text, article.language, wrapped="\n" in text or "\r" in text)
    heading = len(spans) == 1 and not Line(text, 0, len(text)).stops
    opens = True
    for span in spans:
        for piece in _fitting(text, span, count_tokens, max_tokens):
            tokens = count_tokens(text[piece.start : piece.end])
            yield _Sentence(Span(paragraph.start + piece.start, paragraph.start + piece.end), tokens, opens, heading)
            opens = False


def _fitting(text: str, span: Span, count_tokens: Callable[[str], int], max_tokens: int) -> Iterator[Span]:
    """`span`, or its halves at the clause or space nearest to its middle until each fits."""
    piece = text[span.start : span.end]
    if len(piece) < 2 or count_tokens(piece) <= max_tokens:
        yield span
        return
    cut = span.start + _middle_cut(piece)
    for half in (Span(span.start, cut), Span(cut, span.end)):
        trimmed = _trimmed(text, half)
        if trimmed.start < trimmed.end:
            yield from _fitting(text, trimmed, count_tokens, max_tokens)


def _middle_cut(piece: str) -> int:
    """Where to part `piece`: after a clause in its middle half, else at a space, else in its very middle."""
    middle = len(piece) // 2
    for pattern in (_CLAUSE, _SPACE):
        ends = [m.end() for m in pattern.finditer(piece) if len(piece) // 4 <= m.end() <= 3 * len(piece) // 4]
        if ends:
            return min(ends, key=lambda at: abs(at - middle))
    return max(1, middle)


def _trimmed(text: str, span: Span) -> Span:
    piece = text[span.start : span.end]
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start, start + len(piece.strip()))


def _tokens(pack: Sequence[_Sentence]) -> int:
    return sum(sentence.tokens for sentence in pack)


def _pack(block: Sequence[_Sentence], max_tokens: int) -> Iterator[list[_Sentence]]:
    """Paragraph by paragraph where it fits; sentence by sentence where it does not, or where too little stands yet."""
    pack: list[_Sentence] = []
    for paragraph in _paragraphs(block):
        size = _tokens(paragraph)
        if not _small(pack, max_tokens) and _tokens(pack) + size > max_tokens >= size:
            ready, pack = _without_headings(pack)
            yield from [ready] if ready else []
        for sentence in paragraph:
            if pack and _tokens(pack) + sentence.tokens > max_tokens:
                ready, pack = _without_headings(pack)
                yield from [ready] if ready else []
                if _tokens(pack) + sentence.tokens > max_tokens:
                    yield from [pack] if pack else []
                    pack = []
            pack.append(sentence)
    if pack:
        yield pack


def _paragraphs(block: Sequence[_Sentence]) -> Iterator[list[_Sentence]]:
    paragraph: list[_Sentence] = []
    for sentence in block:
        if sentence.opens and paragraph:
            yield paragraph
            paragraph = []
        paragraph.append(sentence)
    if paragraph:
        yield paragraph


def _small(pack: Sequence[_Sentence], max_tokens: int) -> bool:
    return _tokens(pack) < SMALL_SHARE * max_tokens


def _without_headings(pack: list[_Sentence]) -> tuple[list[_Sentence], list[_Sentence]]:
    """`pack` and the headings at its end, which belong to what follows."""
    cut = len(pack)
    while cut > 0 and pack[cut - 1].heading:
        cut -= 1
    return pack[:cut], pack[cut:]


def _balanced(packs: list[list[_Sentence]], max_tokens: int) -> list[list[_Sentence]]:
    """A small last pack joins the one before, or takes sentences from it until both are near one size."""
    if len(packs) < 2 or not _small(packs[-1], max_tokens):
        return packs
    *rest, before, last = packs
    if _tokens(before) + _tokens(last) <= max_tokens:
        return [*rest, before + last]
    while len(before) > 1 and _tokens(last) + before[-1].tokens <= _tokens(before) - before[-1].tokens:
        before, last = before[:-1], [before[-1], *last]
    ready, headings = _without_headings(before)
    return [*rest, ready, headings + last] if ready else [*rest, before, last]


def _overlapped(
    packs: Sequence[list[_Sentence]], clean: CleanText, overlap_sentences: int, max_tokens: int
) -> list[list[_Sentence]]:
    """Every pack with the last sentences of the one before, as many as fit, unless furniture stood between."""
    result = [list(pack) for pack in packs[:1]]
    for before, pack in pairwise(packs):
        wide = list(pack)
        for sentence in reversed(before[len(before) - min(overlap_sentences, len(before)) :]):
            if _tokens(wide) + sentence.tokens > max_tokens or not _adjoining(clean, sentence.span, wide[0].span):
                break
            wide.insert(0, sentence)
        result.append(wide)
    return result


def _adjoining(clean: CleanText, left: Span, right: Span) -> bool:
    return joinable(clean, left, right) or any(p.start <= left.start and right.end <= p.end for p in clean.paragraphs)


def _passage(article: Article, pack: Sequence[_Sentence], context: str, position: int) -> Passage:
    span = Span(pack[0].span.start, pack[-1].span.end)
    text = article.clean.text[span.start : span.end]
    places = article.clean.source_spans(span)
    start = min((place.start for place in places), default=0)
    end = max((place.end for place in places), default=0)
    return Passage(
        id=_id(article.id, start, end, text),
        article_id=article.id,
        start=start,
        end=end,
        text=text,
        sentences=tuple(Span(s.span.start - span.start, s.span.end - span.start) for s in pack),
        runs=clip_runs(article.clean.runs, span),
        language=article.language,
        context=context,
        position=position,
    )


def _id(article_id: str, start: int, end: int, text: str) -> str:
    content = f"{article_id}\0{start}\0{end}\0{text}"
    return hashlib.sha256(content.encode("utf-8")).hexdigest()[:_ID_LENGTH]


def _place(article: Article) -> str:
    """The known place, or country, that the article names most, at least twice; "" where the title has it."""
    text = article.clean.text[:MAX_PLACE_CHARS]
    names = [name for name in find_names(text, article.language) if name.code is not None]
    counts = Counter(name.key for name in names)
    key, count = max(counts.items(), key=lambda item: item[1], default=("", 0))
    if count < 2 or key in fold(article.title):
        return ""
    return next(name.text for name in names if name.key == key)
