"""The language of a text: function words decide for questions, lingua for the rest, else a fallback."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from qa_service.language.tokens import words

CANDIDATES = (
    "en",
    "de",
    "nb",
    "nn",
    "vi",
    "da",
    "sv",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "pl",
    "cs",
    "fi",
    "hu",
    "ro",
    "tr",
    "ru",
    "uk",
    "el",
    "ar",
    "zh",
    "ja",
    "ko",
    "th",
    "id",
    "hi",
)
_DATA = Path(__file__).parent / "data" / "function_words.toml"
_MIN_CONFIDENCE = 0.5
_ENOUGH_VOTES = 0.9
_CLOSE = 0.6
# Languages that share most function words, the likelier in these collections first: the others need clear evidence.
_FAMILIES = (("nb", "nn", "da", "sv"), ("de", "nl"), ("es", "pt", "it", "fr", "ro"), ("ru", "uk"), ("cs", "pl"))
_FAMILY = {tag: family[0] for family in _FAMILIES for tag in family}
# How much likelier lingua must find a rarer relative: short questions in Danish and Bokmål are often word for word
# the same.
_CLEAR_SHORT, _CLEAR_LONG, _SHORT_CHARACTERS = 1000.0, 20.0, 80
_KEEP_FALLBACK = 8.0
_TIED = 0.75
_SAMPLE = 1500


def detect_language(text: str, *, fallback: str | None = None, candidates: Iterable[str] | None = None) -> str:
    """The BCP 47 code of the text's language among `candidates`; `fallback` (English if None) where nothing tells.

    Bokmål is "nb", Nynorsk "nn". Names and numbers alone ("FDI Quang Ninh 2024") tell nothing and give the fallback.
    """
    allowed = frozenset(candidates or CANDIDATES)
    sample = text[:_SAMPLE]
    votes = _votes(sample, allowed)
    if votes:
        return votes[0] if len(votes) == 1 else _lingua_choice(sample, allowed, votes, fallback)
    if not _is_prose(sample):
        return fallback or "en"
    values = _lingua_values(sample, allowed)
    guess, confidence = values[0]
    if fallback and (confidence < _MIN_CONFIDENCE or dict(values).get(fallback, 0.0) * _KEEP_FALLBACK > confidence):
        return fallback
    return guess


def _lingua_choice(text: str, allowed: frozenset[str], contenders: Sequence[str], fallback: str | None) -> str:
    """Of languages whose function words tie (Danish, Bokmål) the one lingua prefers, else the fallback or the first."""
    values = {tag: value for tag, value in _lingua_values(text, allowed) if tag in contenders}
    default = fallback if fallback and fallback in contenders else contenders[0]
    best = max(values, key=values.__getitem__, default=default)
    clear = _CLEAR_SHORT if len(text) < _SHORT_CHARACTERS else _CLEAR_LONG
    return best if values.get(best, 0.0) >= clear * values.get(default, 0.0) else default


def _is_prose(text: str) -> bool:
    """Whether some word could be other than a name: written small, or in a script without capitals."""
    found = [w for w in words(text) if w.text.isalpha()]
    small = [w for w in found if not w.text[0].isupper()]
    return (
        len(small) >= 2
        or any(not w.text.isascii() and w.text.lower() == w.text.upper() for w in found)
        or len("".join(w.text for w in small)) > 7
    )


def _votes(text: str, allowed: frozenset[str]) -> tuple[str, ...]:
    """The languages that the function words point to, best first: none where too few do, several where some tie.

    A word counts by how few families of languages share it, and inside a family by how few languages.
    """
    if sum(c.isalpha() and c.lower() == c.upper() for c in text) * 4 > sum(map(str.isalpha, text)):
        return ()  # a script without capitals is not one of these languages, whatever names are quoted in it
    table = function_words()
    families: dict[str, float] = {}
    scores: dict[str, float] = {}
    for word in words(text.lower()):
        tags = [tag for tag in table.get(word.text, ()) if tag in allowed]
        shared = {_FAMILY.get(tag, tag) for tag in tags}
        for family in shared:
            families[family] = families.get(family, 0.0) + 1 / len(shared)
        for tag in tags:
            scores[tag] = scores.get(tag, 0.0) + 1 / len(tags)
    ranked = sorted(families.values(), reverse=True)
    if not ranked or ranked[0] < _ENOUGH_VOTES or (len(ranked) > 1 and ranked[1] > _CLOSE * ranked[0]):
        return ()
    members = [tag for tag in scores if families[_FAMILY.get(tag, tag)] == ranked[0]]
    best = max(scores[tag] for tag in members)
    order = {tag: number for family in _FAMILIES for number, tag in enumerate(family)}
    return tuple(sorted((tag for tag in members if scores[tag] > _TIED * best), key=lambda tag: order.get(tag, 0)))


@lru_cache(maxsize=1)
def function_words() -> dict[str, tuple[str, ...]]:
    """Each function word, in lower case as spelled, with the languages that have it."""
    data: dict[str, Any] = tomllib.loads(_DATA.read_text("utf-8"))
    table: dict[str, set[str]] = {}
    for tag, listed in data.items():
        for word in listed:
            table.setdefault(word, set()).add(tag)
    return {word: tuple(sorted(tags)) for word, tags in table.items()}


@lru_cache(maxsize=4)
def _detector(allowed: frozenset[str]) -> Any:  # noqa: ANN401 - lingua has no stub for its Rust class
    from lingua import Language, LanguageDetectorBuilder

    known = {language.iso_code_639_1.name.lower(): language for language in Language.all()}
    languages = [known[tag] for tag in sorted(allowed) if tag in known]
    return (
        LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()
        if len(languages) > 1
        else None
    )


def _lingua_values(text: str, allowed: frozenset[str]) -> list[tuple[str, float]]:
    detector = _detector(allowed)
    if detector is None:
        return [(next(iter(allowed)), 1.0)]
    values = detector.compute_language_confidence_values(text)
    return [(value.language.iso_code_639_1.name.lower(), value.value) for value in values]
