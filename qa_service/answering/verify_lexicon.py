"""Common words that name nobody, though they may be written large, and how their list was made.

Counted in texts of any collection: words written small, and in German nouns that often follow an article.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from qa_service.language.places import place_code
from qa_service.language.quantities_words import base_language
from qa_service.language.search_tokens import function_words
from qa_service.language.tokens import name_key

LEAST = 2
_LEXICON = Path(__file__).parent / "verify_common_words.txt.gz"
_SUFFIXES = ("s", "es", "n", "en", "e", "er", "et", "ene", "a", "ed", "d", "ing")
_COMPOUNDING = frozenset({"de", "nb", "sv", "da", "nl"})
_NOUN_SHARE = 0.12
_WORD = re.compile(r"[^\W\d_]+")
_GERMAN_ARTICLE = re.compile(
    r"(?:d(?:er|ie|as|en|em|es)|k?ein(?:e[nmrs]?)?|[sm]ein(?:e[nmrs]?)?|ihr(?:e[nmrs]?)?|diese[rnms]?|jede[rnms]?|"
    r"z(?:um|ur)|[ia]m|vom|beim|ohne|mehr|viele|einige|zwei|drei|prozent)"
)


def common_words(language: str) -> frozenset[str]:
    """Common words of a language in lower case; empty where no list was made."""
    return _lexicon().get(base_language(language), frozenset())


def is_common(word: str, language: str) -> bool:
    """Whether the word is a common one, an inflected form of one, or a compound that ends in one."""
    common, lowered = common_words(language), word.lower()
    if lowered in function_words() or lowered in common:
        return True
    return any(lowered[: -len(end)] in common for end in _SUFFIXES if lowered.endswith(end)) or (
        base_language(language) in _COMPOUNDING and _is_compound(lowered, common)
    )


def _is_compound(word: str, common: frozenset[str]) -> bool:
    """Whether the word ends in a common one of five letters or more: "Jahresumsatz", "overnattingssteder"."""
    ends = (word[i:] for i in range(3, len(word) - 4))
    return any(end in common or end.removesuffix("s") in common or end.removesuffix("en") in common for end in ends)


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, frozenset[str]]:
    with gzip.open(_LEXICON, "rt", encoding="utf-8") as file:
        rows = [line.split("\t") for line in file]
    return {language: frozenset(words.split()) for language, words in rows}


def common_words_of(texts: Iterable[str], language: str, *, least: int = LEAST) -> list[str]:
    """The words written small at least `least` times in texts of a language, and German nouns after articles."""
    small: Counter[str] = Counter()
    large: Counter[str] = Counter()
    nouns: Counter[str] = Counter()
    for text in texts:
        before = ""
        for match in _WORD.finditer(text):
            word = match.group()
            if word.islower():
                small[word] += 1
            elif language == "de" and word[1:].islower():
                large[word.lower()] += 1
                nouns[word.lower()] += bool(_GERMAN_ARTICLE.fullmatch(before))
            before = word
    found = {word for word, count in small.items() if count >= least}
    found |= {w for w, n in nouns.items() if n / large[w] >= _NOUN_SHARE and not _is_place(w)}
    return sorted(word for word in found if len(word) > 1)


def write_common_words(texts: Mapping[str, Iterable[str]], path: Path) -> None:
    """Write the word lists of several languages as one gzip file, a line a language, the same bytes each time."""
    lines = [f"{language}\t{' '.join(common_words_of(texts[language], language))}\n" for language in sorted(texts)]
    path.write_bytes(gzip.compress("".join(lines).encode("utf-8"), 9, mtime=0))


def _is_place(word: str) -> bool:
    return place_code(name_key(word), "de") is not None
