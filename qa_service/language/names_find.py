"""Finds proper names: runs of capitalised words, known places, acronyms, and names a collection is known to hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from qa_service.language.detect import function_words
from qa_service.language.names_german import follows_determiner, is_common_noun
from qa_service.language.names_shapes import has_one_case, identifiers, is_asked_kind, is_number_word, is_numbered
from qa_service.language.names_tokens import Token, name_tokens
from qa_service.language.places import MAX_WORDS, level, names_data, place_code
from qa_service.language.tokens import fold, name_key
from qa_service.models import Name

KnownNames = Mapping[str, str] | Callable[[str], str | None]
_SHORTEST_PLACE = 5
_GENITIVE_S = ("de", "nb", "nn", "da", "sv", "nl", "en")
_TITLE = re.compile(
    r"^(?:head|chief|chair(?:man|woman|person)?|director|president|minister|mayor|governor|manager|managing|founder|spokes\w+|deputy|ceo|"
    r"\w*(?:leder|sjef|direktor|minister|ordforer|talsperson|grunder|leiterin?|chefin?|direktorin|ministerin|sprecher(?:in)?|vorsitzende[rn]?))$"
)


def find_names(text: str, language: str, *, known: KnownNames | None = None) -> tuple[Name, ...]:
    """The proper names of `text` in reading order, none overlapping another.

    A word that opens a sentence is a name only where something else says so (a known place, a second capitalised
    word, another mention inside a sentence). `known` gives the display form or kind of a folded name that the
    collection holds; such names are found in any spelling ("quang ninh"). Of German, whose nouns all have capitals,
    only what does not look like a common noun is kept. Of a sentence all in capitals, or with a capital on every
    word, only known names and places are. A document's number ("11/KH-KKTCN") is a name, "Plan No." before it is not.
    """
    tokens = name_tokens(text)
    taken = [Name(text[a:b], name_key(text[a:b]), "other", a, b) for a, b in identifiers(text)]
    if known is not None:
        taken = _with(taken, _known_names(text, tokens, language, known))
    words = [token.text for token in tokens if token.text[0].isalpha()]
    if has_one_case(text, words, _stop_words(language), syllables=language == "vi"):
        return _in_order(_with(taken, _places(text, tokens, language)))
    for run in _runs(text, tokens, language):
        taken = _with(taken, _names_of_run(text, run, language))
    return _in_order(taken)


def _with(taken: list[Name], found: Sequence[Name]) -> list[Name]:
    return [*taken, *(n for n in found if not any(n.start < o.end and o.start < n.end for o in taken))]


def _in_order(names: Sequence[Name]) -> tuple[Name, ...]:
    return tuple(sorted(names, key=lambda name: name.start))


def _places(text: str, tokens: Sequence[Token], language: str) -> list[Name]:
    """The known places of a text whose capitals say nothing; single words only where they are countries or long."""
    stop, found, index = _stop_words(language), list[Name](), 0
    while index < len(tokens):
        for size in range(min(MAX_WORDS, len(tokens) - index), 0, -1):
            group = tokens[index : index + size]
            key = name_key(text[group[0].start : group[-1].end])
            code = None if size == 1 and (key in stop or len(key) < _SHORTEST_PLACE) else place_code(key, language)
            if code is not None and not any(t.key in stop for t in (group[0], group[-1])):
                found.append(_named(text, group, language, None))
                index += size - 1
                break
        index += 1
    return found


def _known_names(text: str, tokens: Sequence[Token], language: str, known: KnownNames) -> list[Name]:
    lookup = known.get if isinstance(known, Mapping) else known
    stop = _stop_words(language)
    found: list[Name] = []
    index = 0
    while index < len(tokens):
        for size in range(min(MAX_WORDS, len(tokens) - index), 0, -1):
            group = tokens[index : index + size]
            key = name_key(text[group[0].start : group[-1].end])
            if len(key) > 2 and not (size == 1 and key in stop) and (shown := lookup(key)):
                kind = shown if shown in ("place", "country", "organisation", "person") else "other"
                found.append(_named(text, group, language, kind))
                index += size - 1
                break
        index += 1
    return found


def _runs(text: str, tokens: Sequence[Token], language: str) -> list[list[Token]]:
    """Runs of capitalised words, held together by single spaces, hyphens and words such as "of"."""
    connectors, stop = _connectors(language), _stop_words(language)
    adjectives = set(names_data()["adjectives"])
    runs: list[list[Token]] = []
    current: list[Token] = []
    pending: list[Token] = []
    for token in tokens:
        gap = text[(pending or current)[-1].end : token.start] if current else ""
        joined = (
            bool(current)
            and (gap in (" ", "-", " & ", "'s ", "’s ", "\u00a0") or (gap == ". " and len(current[-1].text) <= 2))
            and not (token.first and gap != ". ")
        )
        if token.capital and not (
            token.key in adjectives or (token.first and _opens_only(token, tokens, stop, language))
        ):
            if current and not joined:
                runs.append(current)
                current = []
            current = [*current, *(pending if joined else []), token]
            pending = []
        elif joined and token.key in connectors and len(pending) < 2:
            pending.append(token)
        else:
            if current:
                runs.append(current)
            current, pending = [], []
    return [*runs, current] if current else runs


def _opens_only(token: Token, tokens: Sequence[Token], stop: frozenset[str], language: str) -> bool:
    """Whether a sentence's first word is a function word, and not the start of a known place ("Can Tho", "Ba Lan")."""
    if token.key not in stop:
        return False
    index = next(i for i, other in enumerate(tokens) if other.start == token.start)
    following = tokens[index + 1 : index + 2]
    return not (following and following[0].capital and place_code(f"{token.key} {following[0].key}", language))


def _names_of_run(text: str, run: list[Token], language: str) -> list[Name]:
    if len(run) == 1 and (code := names_data()["exact"].get(language, {}).get(run[0].text)):
        return [Name(run[0].text, run[0].key, "country", run[0].start, run[0].end, code)]
    stripped = _without_title(_without_calendar(_without_document(text, run), language))
    if language == "de":
        stripped = _without_german_nouns(text, stripped)
    if not stripped:
        return []
    key = name_key(text[stripped[0].start : stripped[-1].end])
    if len(stripped) == 1:
        return _single(text, stripped[0], key, language)
    code = _code(key, language)
    if code is None and (parts := _place_parts(text, stripped, language)):
        return parts
    return [_named(text, stripped, language, None)]


def _single(text: str, token: Token, key: str, language: str) -> list[Name]:
    if (
        key in names_data()["not_names"]
        or len(key) < 2
        or (key in _stop_words(language) and place_code(key, language) is None)
    ):
        return []
    code = _code(key, language)
    known = code is not None and len(key) > 2 and not _is_syllable(token, code, language)
    acronym = token.text.isupper() and 1 < len(token.text) < 7
    if not (known or acronym) and is_asked_kind(text, token.start):
        return []
    inner_capital = any(c.isupper() for c in token.text[1:]) and not token.text.isupper()
    if not (known or acronym or inner_capital) and token.first and not _stands_inside(text, token):
        return []
    return [_named(text, [token], language, None)]


def _is_syllable(token: Token, code: str, language: str) -> bool:
    """Whether a Vietnamese syllable merely folds like a foreign city; only countries have names so short."""
    return language == "vi" and level(code) != "country" and not token.text.isascii()


def _stands_inside(text: str, token: Token) -> bool:
    """Whether the word is written with a capital elsewhere, inside a sentence, or has a possessive s."""
    if text[token.end : token.end + 2] in ("'s", "’s"):
        return True
    return re.search(rf"[^\W\d_,] {re.escape(token.text)}\b", text) is not None


def _place_parts(text: str, run: list[Token], language: str) -> list[Name]:
    """The known places that make up a run such as "Hanoi Vietnam"; none where anything else is left over."""
    found: list[Name] = []
    index = 0
    while index < len(run):
        size = next(
            (
                s
                for s in range(len(run) - index, 0, -1)
                if _code(name_key(text[run[index].start : run[index + s - 1].end]), language)
            ),
            0,
        )
        if not size:
            return []
        found.append(_named(text, run[index : index + size], language, None))
        index += size
    return found


def _without_calendar(run: list[Token], language: str) -> list[Token]:
    """The run without what stands around a name: months, weekdays, numbers, acronyms ("FDI"), connecting words."""
    data = names_data()
    months = _calendar_words(language)
    first = months | set(data["not_names"]) | set(data["german_grammar"]) | {"of", "for", "&"}
    last = months | set(data["connectors"]) | (set(data["german_nouns"]) if language == "de" else set())
    while run and not _is_place(run, language) and (run[0].key in first or run[0].key.isdigit()):
        run = run[1:]
    while run and (run[-1].key in last or run[-1].key.isdigit()):
        run = run[:-1]
    return run


def _is_place(run: list[Token], language: str) -> bool:
    """Whether several words are one known place ("Hà Nội", whose first word is a unit elsewhere)."""
    return len(run) > 1 and _code(" ".join(token.key for token in run), language) is not None


def _without_document(text: str, run: list[Token]) -> list[Token]:
    """The run without a numbered paper at its end ("Plan No. 11", "Decree 80/2021")."""
    if is_number_word(run[-1].key) and text[run[-1].end :].lstrip(". ")[:1].isdigit():
        return run[:-2] if is_numbered(text, run[-1].start) else run[:-1]
    return run[:-1] if is_numbered(text, run[-1].end) else run


def _without_title(run: list[Token]) -> list[Token]:
    """The run without a role that opens the sentence ("Styreleder Dorota Malinowska")."""
    if len(run) < 2 or not run[0].first or not _TITLE.search(run[0].key):
        return run
    rest = run[1:]
    while rest and rest[0].key in names_data()["connectors"]:
        rest = rest[1:]
    return rest or run


def _without_german_nouns(text: str, run: list[Token]) -> list[Token]:
    """The run without leading nouns ("Werksleiterin Salma Benkirane"); empty where a single word looks like a noun."""
    connectors = names_data()["connectors"]
    if len(run) == 1 and _code(run[0].key, "de") is None and follows_determiner(text, run[0].start, run[0].text):
        return []
    while run and place_code(name_key(text[run[0].start : run[-1].end]), "de") is None:
        is_place = _code(run[0].key, "de") is not None
        if not (run[0].key in connectors or is_common_noun(run[0].text, alone=len(run) == 1, place=is_place)):
            break
        run = run[1:]
    return run


def _code(key: str, language: str) -> str | None:
    """The place that a key means, also in the genitive of a Germanic language ("Marokkos")."""
    code = place_code(key, language)
    if code is None and language in _GENITIVE_S and key.endswith("s") and len(key) > 4:
        return place_code(key[:-1], language)
    return code


@lru_cache(maxsize=64)
def _connectors(language: str) -> frozenset[str]:
    words = set(names_data()["connectors"])
    return frozenset(words - set(names_data()["german_grammar"]) if language == "de" else words)


def _named(text: str, group: Sequence[Token], language: str, kind: str | None) -> Name:
    start, end = group[0].start, group[-1].end
    key = name_key(text[start:end])
    code = _code(key, language) if kind in (None, "place", "country", "other") else None
    if code is not None:
        kind = "country" if level(code) == "country" else "place"
    return Name(text[start:end], key, kind or _kind(text, group), start, end, code)


def _kind(text: str, group: Sequence[Token]) -> str:
    data, key_words = names_data(), name_key(text[group[0].start : group[-1].end]).split()
    before = name_key(text[max(0, group[0].start - 30) : group[0].start]).split()
    previous, pair = before[-1:] or [""], " ".join(before[-2:])
    if (
        key_words[-1] in data["organisation_ends"]
        or " ".join(key_words[:2]) in data["organisation_starts"]
        or key_words[0] in data["organisation_starts"]
    ):
        return "organisation"
    if previous[0] in data["place_starts"] or pair in data["place_starts"] or key_words[-1] in data["place_ends"]:
        return "place"
    if previous[0] in data["organisation_starts"] or pair in data["organisation_starts"]:
        return "organisation"
    if len(group) > 1 and (previous[0] in data["person_starts"] or pair in data["person_starts"]):
        return "person"
    return "other"


@lru_cache(maxsize=64)
def _stop_words(language: str) -> frozenset[str]:
    """Words that open a sentence and name nothing: the lists of `names.toml`, and the language's function words."""
    lists = names_data()["stop"]
    listed = [*lists["en"]["words"], *lists.get(language, {}).get("words", ())]
    return frozenset(listed) | {fold(word) for word, tags in function_words().items() if language in tags}


@lru_cache(maxsize=64)
def _calendar_words(language: str) -> frozenset[str]:
    from babel import Locale, UnknownLocaleError

    words: set[str] = set()
    for tag in {"en", language}:
        try:
            locale = Locale.parse(tag.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            continue
        for table in (locale.months, locale.days):
            for widths in (table["format"], table["stand-alone"]):
                words |= {fold(name) for name in widths["wide"].values()}
    return frozenset(words)
