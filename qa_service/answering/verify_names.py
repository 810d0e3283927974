"""Whether every name of a claim stands in its quotes, and every quotation in it word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from qa_service.answering.verify_lexicon import common_words, is_common
from qa_service.answering.verify_reading import Reading
from qa_service.language.names import fold, name_key
from qa_service.language.places import country_of_adjective, is_within, level, names_data, place_code, world_region
from qa_service.language.quantities_words import base_language
from qa_service.language.weekdays import weekday_of
from qa_service.models import Name, Span

_CAPITAL = re.compile(r"[^\W\d_][\w’'-]*")
_QUOTATION = re.compile(r"[“”\"„«]\s*([^“”\"„«»]{2,}?)\s*[“”\"»]")
_QUOTE_END = ".,;:!? "


# No "im" and "am": "im Spessart" is a name.
_GERMAN_ARTICLE = re.compile(
    r"(?<!\w)(?:d(?:er|ie|as|en|em|es)|(?:k?ein|[sm]ein|ihr|dies|jed)(?:e[nmrs]?)?)(?:\s+[a-zäöüß]+(?:en|er|es|em|e))?$",
    re.IGNORECASE,
)


def name_problems(said: Reading, quoted: Sequence[Reading]) -> Iterator[str]:
    """Names and capitalised words of the claim that no quote has, under any name of the same place."""
    regions = {code for reading in quoted for code in reading.place_codes}
    for name in said.names:
        if name.kind != "country" and " " not in name.text and _is_noun(said, name.span):
            continue
        if _is_of_place(said, name.span, regions):
            continue
        if not any(names(reading, form) for reading in quoted for form in (name, *_cores(said, name))):
            yield f"name {name.text!r} does not stand in the quotes"
    for word in _unknown_capitals(said, quoted, regions):
        yield f"name {word!r} does not stand in the quotes"


def _cores(said: Reading, name: Name) -> Iterator[Name]:
    """The name without a common word that opens the sentence ("Bakeriet Rosenhain") or is owned ("Polens Ernte")."""
    first, _, rest = name.text.partition(" ")
    opens = any(sentence.start == name.start for sentence in said.sentences)
    opens = opens or base_language(said.language) == "de"
    if (
        rest
        and opens
        and is_common(first, said.language)
        and not all(is_common(w, said.language) for w in rest.split())
    ):
        key = name_key(rest)
        yield replace(name, text=rest, key=key, code=place_code(key, said.language))
    if rest and base_language(said.language) == "de" and all(is_common(word, "de") for word in rest.split()):
        key = name_key(first)
        if code := place_code(key, "de") or place_code(key.removesuffix("s"), "de"):
            yield replace(name, text=first, key=key, code=code)


def names(reading: Reading, wanted: Name) -> bool:
    """Whether the text has the name, in any spelling that folds alike or under another name of the same place."""
    words = name_key(reading.text).split()
    parts = wanted.key.split()
    if _stands_in(parts, words) or any(same_place(wanted, name) for name in reading.names):
        return True
    if wanted.code is not None and any(_covers(wanted.code, code) for code in reading.place_codes):
        return True
    core = [part for part in parts if part not in _generic_words()]
    return core != parts and bool(core) and _stands_in(core, words)


def same_place(wanted: Name, name: Name) -> bool:
    """Whether both name one place, or the quote's lies in the claim's region."""
    if wanted.code is None or name.code is None:
        return False
    return _covers(wanted.code, name.code)


def _covers(wanted: str, code: str) -> bool:
    return wanted == code or (level(wanted) != "country" and is_within(code, wanted))


def quotation_problems(said: Reading, quoted: Sequence[Reading]) -> Iterator[str]:
    """What the claim puts between quotation marks and no quote has word for word."""
    texts = [_one_line(reading.text) for reading in quoted]
    for match in _QUOTATION.finditer(said.text):
        words = _one_line(match.group(1)).strip(_QUOTE_END)
        if not any(words in text for text in texts):
            yield f"quotation {words!r} does not stand in the quotes"


def _stands_in(shorter: Sequence[str], longer: Sequence[str]) -> bool:
    size = len(shorter)
    return bool(size) and any(
        all(_same_word(a, b) for a, b in zip(shorter, longer[i : i + size], strict=True))
        for i in range(len(longer) - size + 1)
    )


def _same_word(one: str, other: str) -> bool:
    return one == other or (len(one) > 3 and (one + "s" == other or other + "s" == one))


@lru_cache(maxsize=1)
def _generic_words() -> frozenset[str]:
    data = names_data()
    kinds = ("place_ends", "place_starts", "organisation_ends", "organisation_starts", "person_starts", "connectors")
    return frozenset(word for kind in kinds for phrase in data[kind] for word in phrase.split())


def _unknown_capitals(said: Reading, quoted: Sequence[Reading], regions: set[str]) -> Iterator[str]:
    """Capitalised words that are in no name found, in no quote, and no common word: "Biovaris" opening a sentence."""
    if not common_words(said.language):
        return
    known = {word for reading in quoted for word in reading.words}
    taken = (*said.values, *(name.span for name in said.names))
    for match in _CAPITAL.finditer(said.text):
        word, span = match.group(), Span(*match.span())
        if not word[0].isupper() or any(span.overlaps(other) for other in taken) or _is_noun(said, span):
            continue
        if _is_of_place(said, span, regions) or _is_weekday(said, span, quoted):
            continue
        parts = [part for part in re.split(r"[-’']", word) if len(part) > 1]
        if not all(is_common(part, said.language) or _is_quoted(part, known) for part in parts):
            yield word


def _is_of_place(said: Reading, span: Span, codes: set[str]) -> bool:
    """Whether the word, alone or with the one before it ("châu Phi"), names a place that the quotes name."""
    before = [match.start() for match in _CAPITAL.finditer(said.text, 0, span.start)][-2:]
    after = [match.end() for match in _CAPITAL.finditer(said.text, span.end)][:2]
    keys = {name_key(said.text[start:end]) for start in (*before, span.start) for end in (span.end, *after)}
    find = (place_code, world_region, country_of_adjective)
    return any(read(key, said.language) in codes for key in keys for read in find)


def _is_weekday(said: Reading, span: Span, quoted: Sequence[Reading]) -> bool:
    """Whether the word names a weekday that the quotes name as well."""
    day = weekday_of(fold(said.text[span.start : span.end]), said.language)
    return day is not None and any(day in reading.weekdays for reading in quoted)


def _is_quoted(word: str, known: set[str]) -> bool:
    key = fold(word)
    return key in known or key + "s" in known


def _is_noun(said: Reading, span: Span) -> bool:
    """Whether a large word can be no name: a German one after an article, a Vietnamese syllable alone."""
    if base_language(said.language) == "vi":
        opens = any(sentence.start == span.start for sentence in said.sentences)
        return opens and not said.text[span.end : span.end + 2].strip()[:1].isupper()
    if base_language(said.language) != "de":
        return False
    code = place_code(name_key(said.text[span.start : span.end]), "de")
    if code is not None and level(code) != "city":
        return False
    before = said.text[: span.start].rstrip()
    return bool(_GERMAN_ARTICLE.search(before)) or any(q.end == len(before) for q in said.quantities)


def _one_line(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("‘", "'").split())
