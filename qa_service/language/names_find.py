"""Finds proper names: runs of capitalised words, known places, acronyms, and names that a collection is known to hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa_service.language.places import MAX_WORDS, level, names_data, place_code
from qa_service.language.tokens import fold, name_key
from qa_service.models import Name

KnownNames = Mapping[str, str] | Callable[[str], str | None]
_WORD = re.compile(r"[^\W_]+(?:[.&'’][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_SENTENCE_END = re.compile(
    r"[.!?:…][\"”»')\]]*\s+[\"“„«'(\[–—-]*\s*$|\n\s*[\"“„«(–—-]*\s*$|^\s*[\"“„«'(\[–—-]*\s*$|\s[–—]\s$|[\"„“«]$"
)
# Endings of German common nouns, which are written like names.
_GERMAN_NOUN = re.compile(
    r"(?:ung|ungen|heit|heiten|keit|keiten|schaft|schaften|tion|tionen|tät|täten|ität|nis|nisse|nissen|ment|mente|ismus|tum|ling|linge|lein|chen|er|ern|erin|erinnen|"
    r"en|e|te|ten|anteil|werk|werks|park|markt|preis|preise|jahr|jahres|zahl|quote|umsatz|gewinn|verlust|betrag|bau|haus|bank|platz|rang|land|stadt|amt|hof|"
    r"stück|stoff|strom|ziel|fall|bestand|stand|wert|kraft|dienst|handel|export|import|auftrag|vertrag|betrieb|verkehr|bericht|bereich|ort|rat|chef|leiter|s|t|ck|g|nd|d)$"
)

_TITLE = re.compile(
    r"^(?:head|chief|chair(?:man|woman|person)?|director|president|minister|mayor|governor|manager|managing|founder|spokes\w+|deputy|ceo|"
    r"\w*(?:leder|sjef|direktor|minister|ordforer|talsperson|grunder|leiterin?|chefin?|direktorin|ministerin|sprecher(?:in)?|vorsitzende[rn]?))$"
)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    key: str
    start: int
    end: int
    first: bool

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper() or (self.text[:1].isdigit() and any(c.isupper() for c in self.text))


def find_names(text: str, language: str, *, known: KnownNames | None = None) -> tuple[Name, ...]:
    """The proper names of `text` in reading order, none overlapping another.

    A word that opens a sentence is a name only where something else says so (a known place, a second capitalised word, another
    mention inside a sentence). `known` gives the display form or kind of a folded name that the collection holds; such names are found
    in any spelling ("quang ninh"). Of German, whose nouns all have capitals, only what does not look like a common noun is kept.
    """
    tokens = _tokens(text)
    taken: list[Name] = []
    if known is not None:
        taken.extend(_known_names(text, tokens, language, known))
    for run in _runs(text, tokens, language):
        taken.extend(
            n for n in _names_of_run(text, run, language) if not any(n.start < o.end and o.start < n.end for o in taken)
        )
    return tuple(sorted(taken, key=lambda name: name.start))


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    for match in _WORD.finditer(text):
        word = _POSSESSIVE.sub("", match.group())
        if word:
            opens = (
                bool(_SENTENCE_END.search(text, max(0, match.start() - 12), match.start())) if match.start() else True
            )
            found.append(_Token(word, fold(word), match.start(), match.start() + len(word), opens))
    return found


def _known_names(text: str, tokens: Sequence[_Token], language: str, known: KnownNames) -> list[Name]:
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


def _runs(text: str, tokens: Sequence[_Token], language: str) -> list[list[_Token]]:
    """Runs of capitalised words, held together by single spaces, hyphens and words such as "of"."""
    connectors, stop = set(names_data()["connectors"]), _stop_words(language)
    adjectives = set(names_data()["adjectives"])
    runs: list[list[_Token]] = []
    current: list[_Token] = []
    pending: list[_Token] = []
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


def _opens_only(token: _Token, tokens: Sequence[_Token], stop: frozenset[str], language: str) -> bool:
    """Whether a sentence's first word is a function word, and not the start of a known place ("Can Tho", "Ba Lan")."""
    if token.key not in stop:
        return False
    index = next(i for i, other in enumerate(tokens) if other.start == token.start)
    following = tokens[index + 1 : index + 2]
    return not (following and following[0].capital and place_code(f"{token.key} {following[0].key}", language))


def _names_of_run(text: str, run: list[_Token], language: str) -> list[Name]:
    stripped = _without_title(_without_calendar(run, language))
    if language == "de":
        stripped = _without_common_nouns(text, stripped)
    if not stripped:
        return []
    key = name_key(text[stripped[0].start : stripped[-1].end])
    if len(stripped) == 1:
        return _single(text, stripped[0], key, language)
    code = place_code(key, language)
    if code is None and (parts := _place_parts(text, stripped, language)):
        return parts
    return [_named(text, stripped, language, None)]


def _single(text: str, token: _Token, key: str, language: str) -> list[Name]:
    if (
        key in names_data()["not_names"]
        or len(key) < 2
        or (key in _stop_words(language)
        and place_code(key, language) is None)
    ):
        return []
    known = place_code(key, language) is not None and len(key) > 2
    acronym = token.text.isupper() and 1 < len(token.text) < 7
    inner_capital = any(c.isupper() for c in token.text[1:]) and not token.text.isupper()
    if not (known or acronym or inner_capital) and token.first and not _stands_inside(text, token):
        return []
    return [_named(text, [token], language, None)]


def _stands_inside(text: str, token: _Token) -> bool:
    """Whether the word is written with a capital elsewhere, inside a sentence, or has a possessive s."""
    if text[token.end : token.end + 2] in ("'s", "’s"):
        return True
    return re.search(rf"[^\W\d_,] {re.escape(token.text)}\b", text) is not None


def _place_parts(text: str, run: list[_Token], language: str) -> list[Name]:
    """The known places of a run such as "Perambalur Tamil Nadu", where the whole is none and nothing else is left over."""
    found: list[Name] = []
    index = 0
    while index < len(run):
        size = next(
            (
                s
                for s in range(len(run) - index, 0, -1)
                if place_code(name_key(text[run[index].start : run[index + s - 1].end]), language)
            ),
            0,
        )
        if not size:
            return []
        found.append(_named(text, run[index : index + size], language, None))
        index += size
    return found


def _without_calendar(run: list[_Token], language: str) -> list[_Token]:
    calendar = _calendar_words(language)
    while run and (run[0].key in calendar or run[0].key.isdigit()):
        run = run[1:]
    while run and (run[-1].key in calendar or run[-1].key.isdigit() or run[-1].key in names_data()["connectors"]):
        run = run[:-1]
    return run


def _without_title(run: list[_Token]) -> list[_Token]:
    """A role written large only because it opens the sentence ("Head of the Quang Ninh …", "Styreleder Dorota Malinowska") goes."""
    if len(run) < 2 or not run[0].first or not _TITLE.search(run[0].key):
        return run
    rest = run[1:]
    while rest and rest[0].key in names_data()["connectors"]:
        rest = rest[1:]
    return rest or run


def _without_common_nouns(text: str, run: list[_Token]) -> list[_Token]:
    """German: leading nouns ("Werksleiterin Salma Benkirane") go, and so does a single word that looks like a noun."""
    while (
        run
        and place_code(name_key(text[run[0].start : run[-1].end]), "de") is None
        and _is_german_noun(run[0], len(run))
    ):
        run = run[1:]
    return run


def _is_german_noun(token: _Token, size: int) -> bool:
    if place_code(token.key, "de") or token.text.isupper() or any(c.isupper() for c in token.text[1:]):
        return False
    looks = bool(_GERMAN_NOUN.search(token.text.lower())) or token.key in names_data()["not_names"]
    return looks if size == 1 else looks and len(token.text) > 5


def _named(text: str, group: Sequence[_Token], language: str, kind: str | None) -> Name:
    start, end = group[0].start, group[-1].end
    key = name_key(text[start:end])
    code = place_code(key, language) if kind in (None, "place", "country", "other") else None
    if code is not None:
        kind = "country" if level(code) == "country" else "place"
    return Name(text[start:end], key, kind or _kind(text, group), start, end, code)


def _kind(text: str, group: Sequence[_Token]) -> str:
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
    lists = names_data()["stop"]
    return (
        frozenset(word for tag in {"en", language} if tag in lists for word in lists[tag]["words"])
        if language in ("en", *lists)
        else frozenset(lists["en"]["words"])
    )


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
                words |= {
                    fold(name).rstrip(".") for name in (*widths["wide"].values(), *widths["abbreviated"].values())
                }
    return frozenset(words)
