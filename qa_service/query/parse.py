"""What a question asks for: the kind of answer, the period, the places and names, the unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from qa_service.language.detect import detect_language
from qa_service.language.names import find_names
from qa_service.language.periods import find_periods
from qa_service.language.tokens import fold
from qa_service.models import AskedFor, Name, ParsedQuestion, Period, Quantity, Span
from qa_service.query.cues import cues_in
from qa_service.query.patterns import QuestionPatterns, load_patterns

KnownNames = Mapping[str, str] | Callable[[str], str | None]


def parse_question(
    text: str,
    *,
    today: date,
    language: str | None = None,
    default_language: str = "en",
    known_names: KnownNames | None = None,
) -> ParsedQuestion:
    """The question, understood. `today` is what "last year" counts from; `language` is detected where it is not given.

    `known_names` maps folded names of the collection to their kind or display form, so that they are found in any
    spelling. A question without a question word ("Uluyol deliveries 2024") asks for what its nouns measure.
    """
    spoken = language or detect_language(text, fallback=default_language)
    periods = find_periods(text, spoken, anchor=today)
    names = find_names(text, spoken, known=known_names)
    patterns = load_patterns(spoken) or load_patterns("en")
    folded = fold(text)
    plain = fold(_without(text, [name.span for name in names if name.code]))
    bare = fold(_without(text, _spans(periods, names)))
    return ParsedQuestion(
        text=text,
        language=spoken,
        asked_for=_asked_for(plain, patterns) if patterns else (AskedFor.OTHER,),
        periods=periods,
        places=tuple(name for name in names if name.kind in ("place", "country")),
        names=tuple(name for name in names if name.kind not in ("place", "country")),
        unit_hint=_unit_hint(bare, patterns) if patterns else None,
        stock=_stock(folded, patterns) if patterns else None,
        quantities=_quantities(text, spoken, periods, names),
        cues=cues_in(text, spoken) or frozenset(),
    )


def _spans(periods: Sequence[Period], names: Sequence[Name]) -> list[Span]:
    return [*(period.span for period in periods), *(name.span for name in names)]


def _without(text: str, spans: Sequence[Span]) -> str:
    """The text with what stands at `spans` blanked: "Hà Nội" asks for no hectares, "Gia Lai" for no price."""
    for span in spans:
        text = text[: span.start] + "_" * (span.end - span.start) + text[span.end :]
    return text


def _asked_for(folded: str, patterns: QuestionPatterns) -> tuple[AskedFor, ...]:
    found = _question_words(folded, patterns)
    if not found:
        keyword = next((asked for asked, pattern in patterns.keywords if pattern.search(folded)), AskedFor.OTHER)
        return (keyword,)
    asked = [found[0][1]]
    for start, part in found[1:]:
        if part is not asked[-1] and patterns.joiners.search(folded[:start]):
            asked.append(part)
    return tuple(asked)


def _question_words(folded: str, patterns: QuestionPatterns) -> list[tuple[int, AskedFor]]:
    """Where questions are asked, and what each asks; of patterns that overlap the rule named first wins."""
    found: list[tuple[int, int, AskedFor]] = []
    for asked, pattern in patterns.rules:
        for match in pattern.finditer(folded):
            if all(match.end() <= start or match.start() >= end for start, end, _ in found):
                found.append((match.start(), match.end(), asked))
    return [(start, asked) for start, _, asked in sorted(found, key=lambda part: part[:2])]


def _unit_hint(folded: str, patterns: QuestionPatterns) -> str | None:
    found = [(match.start(), unit) for unit, pattern in patterns.units if (match := pattern.search(folded))]
    return min(found)[1] if found else None


def _stock(folded: str, patterns: QuestionPatterns) -> bool | None:
    """True for a total to date, False for what one period brought, None where the question says neither or both."""
    stock, flow = patterns.stock.search(folded) is not None, patterns.flow.search(folded) is not None
    return stock if stock is not flow else None


def _quantities(text: str, language: str, periods: tuple[Period, ...], names: tuple[Name, ...]) -> tuple[Quantity, ...]:
    try:
        from qa_service.language.quantities import find_quantities
    except ImportError:
        return ()
    taken = _spans(periods, names)
    return tuple(q for q in find_quantities(text, language) if not any(s.overlaps(q.span) for s in taken))
