"""The language of a text: function words decide for questions, lingua for the rest, and a fallback where neither can know."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from qa_service.language.tokens import words

CANDIDATES = (
    "en", "de", "nb", "nn", "vi", "da", "sv", "fr", "es", "it", "pt", "nl", "pl", "cs", "fi", "hu", "ro", "tr", "ru", "uk", "el", "ar",
    "zh", "ja", "ko", "th", "id", "hi",
)  # fmt: skip
_DATA = Path(__file__).parent / "data" / "function_words.toml"
_MIN_CONFIDENCE = 0.5
_ENOUGH_LETTERS = 250
_SAMPLE = 1500


def detect_language(text: str, *, fallback: str | None = None, candidates: Iterable[str] | None = None) -> str:
    """The BCP 47 code of the text's language among `candidates`; `fallback` (English if None) where the text is too short to tell.

    Bokmål is "nb", Nynorsk "nn". Names and numbers alone ("FDI Quang Ninh 2024") tell nothing and give the fallback.
    """
    allowed = frozenset(candidates or CANDIDATES)
    sample = text[:_SAMPLE]
    votes = _votes(sample, allowed)
    if votes is not None:
        return votes
    lower = sum(c.isalpha() and not c.isupper() for c in sample)
    if not lower or not _is_prose(sample):
        return fallback or "en"
    guess, confidence = _lingua_guess(sample, allowed)
    return guess if guess and confidence >= _MIN_CONFIDENCE else fallback or guess or "en"


def _is_prose(text: str) -> bool:
    """Whether some word could be other than a name: written small, or in a script without capitals."""
    found = [w for w in words(text) if w.text.isalpha()]
    small = [w for w in found if not w.text[0].isupper()]
    return (
        len(small) >= 2
        or any(not w.text.isascii() and w.text.lower() == w.text.upper() for w in found)
        or len("".join(w.text for w in small)) > 7
    )


def _votes(text: str, allowed: frozenset[str]) -> str | None:
    """The language with clearly most function words; each word counts by how few languages share it."""
    table = _function_words()
    scores: dict[str, float] = {}
    exact = text.lower()
    for word in words(exact):
        languages = [tag for tag in table.get(word.text, ()) if tag in allowed]
        for tag in languages:
            scores[tag] = scores.get(tag, 0.0) + 1 / len(languages)
    if not scores:
        return None
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    best, second = ranked[0], ranked[1] if len(ranked) > 1 else ("", 0.0)
    return best[0] if best[1] >= 1.3 and best[1] >= 1.5 * second[1] else None


@lru_cache(maxsize=1)
def _function_words() -> dict[str, tuple[str, ...]]:
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
    return LanguageDetectorBuilder.from_languages(*languages).build() if len(languages) > 1 else None


def _lingua_guess(text: str, allowed: frozenset[str]) -> tuple[str | None, float]:
    detector = _detector(allowed)
    if detector is None:
        return next(iter(allowed)), 1.0
    best = detector.compute_language_confidence_values(text)[0]
    return best.language.iso_code_639_1.name.lower(), best.value
