"""Whether an answer gives an accepted value: quantities and days are compared as such, names as words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from qa_service.evaluation.gold import Accepted, GoldQuestion
from qa_service.evaluation.outcome import Outcome
from qa_service.evaluation.words import answer_words, contains_words, fold, without_markers
from qa_service.language.periods import compare_all_periods, find_periods
from qa_service.language.quantities_answers import parse_quantities
from qa_service.language.quantities_same import same_quantity
from qa_service.models import Agreement, Period, PeriodKind, Quantity, QuantityKind

# The share of an accepted answer's characters that its numbers or dates must cover for it to be a value, not a name.
_VALUE_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Given:
    """The short answer that was given: its text, the quantities in it and its typed values."""

    text: str
    language: str
    quantities: tuple[Quantity, ...]
    typed: tuple[Quantity, ...]


def given_answer(outcome: Outcome) -> Given:
    """The headline of an answer, else its text, with the values read out of it."""
    answer = outcome.answer
    text = answer.headline or without_markers(answer.text)
    typed = tuple(quantity for value in answer.values if (quantity := _typed(value.amount, value.unit, value.high)))
    return Given(text, answer.language, parse_quantities(text, answer.language), typed)


def asks_for_value(gold: GoldQuestion) -> bool:
    """Whether an accepted answer of any part is a quantity or a date."""
    return any(is_value(one, _languages(gold, one.text)) for part in gold.answers for one in part)


def is_value(accepted: Accepted, languages: Sequence[str | None]) -> bool:
    """Whether an accepted answer is a quantity or a date, not a name with a number in it ("Formula 1")."""
    if accepted.amount is not None:
        return True
    covered = max(
        (sum(value.end - value.start for value in values) for values in _read(accepted.text, languages)), default=0
    )
    return covered >= _VALUE_SHARE * len(accepted.text)


def gives_accepted(gold: GoldQuestion, outcome: Outcome) -> bool:
    """Whether the short answer has an accepted answer of every part, and begins with one where it has numbers."""
    if not gold.answers:
        return False
    given = given_answer(outcome)
    parts = [[(one, _languages(gold, one.text, outcome)) for one in part] for part in gold.answers]
    every_part = all(any(_matches(one, given, languages) for one, languages in part) for part in parts)
    return every_part and _begins_right([item for part in parts for item in part], given)


def period_agrees(gold: GoldQuestion, outcome: Outcome) -> bool:
    """Whether no stated period of the answer contradicts the gold period; one that is not stated does not."""
    asked = interval(gold.period) if gold.period else None
    if asked is None:
        return True
    answer = outcome.answer
    stated = [period for value in answer.values if (period := interval(value.period or ""))]
    if not stated and answer.headline:
        stated = list(find_periods(without_markers(answer.text), answer.language))
    return compare_all_periods([asked], stated) is not Agreement.CONTRADICTS


def interval(iso: str) -> Period | None:
    """The period of an ISO 8601 interval with ".." for an open end, or None."""
    first, _, last = iso.partition("/")
    try:
        days = [None if part == ".." else date.fromisoformat(part) for part in (first, last)]
    except ValueError:
        return None
    kind = PeriodKind.AS_OF if days[0] is None else PeriodKind.FROM if days[1] is None else PeriodKind.DURING
    return Period(days[0], days[1], kind, "day" if days[0] in (None, days[1]) else "range")


def _languages(gold: GoldQuestion, text: str, outcome: Outcome | None = None) -> list[str | None]:
    """The language an accepted answer is written in: the articles' where it is taken from the quote, else the asker's.

    "17.2 billion" of an English article is not the German Billion, whoever asks.
    """
    articles = [span.language for span in outcome.gold if span.language] if outcome else []
    own = [gold.language] if gold.language else []
    copied = " ".join(fold(text).split()) in " ".join(fold(gold.quote).split())
    found = (articles or own) if copied else (own or articles)
    return list(dict.fromkeys(found)) or [None]


def _read(text: str, languages: Sequence[str | None]) -> Iterator[tuple[Quantity, ...] | tuple[Period, ...]]:
    for language in languages:
        yield parse_quantities(text, language)
        yield find_periods(text, language or "en")


def _matches(accepted: Accepted, given: Given, languages: Sequence[str | None]) -> bool:
    if accepted.amount is not None:
        quantity = _typed(
            f"{accepted.amount}", accepted.unit, f"{accepted.high}" if accepted.high is not None else None
        )
        return quantity is not None and _holds(quantity, given)
    if _same_text(accepted.text, given.text):
        return True
    if not is_value(accepted, languages):
        return _names_match(accepted.text, given.text)
    wanted = [parse_quantities(accepted.text, language) for language in languages]
    if any(wanted):
        return any(found and all(_holds(quantity, given) for quantity in found) for found in wanted)
    return any(_same_days(accepted.text, given, language or given.language) for language in languages)


def _same_text(one: str, other: str) -> bool:
    """Equal but for case, accents, spaces and a closing mark; a minus sign counts."""
    return " ".join(fold(one).split()).rstrip(" .!") == " ".join(fold(other).split()).rstrip(" .!")


def _names_match(accepted: str, given: str) -> bool:
    """The accepted words stand in the answer as one run, and no digits are missing from either side of it."""
    return contains_words(answer_words(given), answer_words(accepted))


def _holds(wanted: Quantity, given: Given) -> bool:
    """The quantity is among the typed values and in the text, where there are any of each."""
    places = [found for found in (given.typed, given.quantities) if found]
    return bool(places) and all(any(_same(wanted, other) for other in found) for found in places)


def _same(wanted: Quantity, given: Quantity) -> bool:
    return same_quantity(wanted, given, unitless_matches=True)


def _begins_right(accepted: Sequence[tuple[Accepted, Sequence[str | None]]], given: Given) -> bool:
    """The first number of the answer is of an accepted answer: a list of all numbers found is no answer."""
    values = [(one, languages) for one, languages in accepted if is_value(one, languages)]
    wanted = [
        quantity
        for one, languages in values
        for language in languages
        for quantity in parse_quantities(one.text, language)
    ]
    return not (wanted and given.quantities) or any(_same(quantity, given.quantities[0]) for quantity in wanted)


def _same_days(accepted: str, given: Given, language: str) -> bool:
    wanted = [(period.first, period.last) for period in find_periods(accepted, language)]
    found = [(period.first, period.last) for period in find_periods(given.text, given.language)]
    return bool(wanted) and found[: len(wanted)] == wanted


def _typed(amount: str, unit: str, high: str | None) -> Quantity | None:
    try:
        end = Decimal(high) if high is not None else None
        return Quantity(Decimal(amount), unit, _kind(unit), 0, 0, high=end)
    except InvalidOperation:
        return None


def _kind(unit: str) -> QuantityKind:
    if unit == "%":
        return QuantityKind.SHARE
    if len(unit) == 3 and unit.isupper():
        return QuantityKind.MONEY
    return QuantityKind.MEASURE if unit else QuantityKind.COUNT
