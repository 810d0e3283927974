"""Known places: countries by CLDR's names in the text's language, regions and cities by any name (GeoNames).

A place's code tells its level and what lies in it: "VN" a country, "VN-13" a subdivision of it, "PL-24/3096472" a
city in PL-24.
"""

from __future__ import annotations

import gzip
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from qa_service.language.tokens import name_key

_DATA = Path(__file__).parent / "data"
MAX_WORDS = 5
_SHORTEST_ADJECTIVE = 5
_SHORTEST_STEM = 5


@lru_cache(maxsize=1)
def names_data() -> dict[str, Any]:
    """The word lists of `data/names.toml`."""
    return tomllib.loads((_DATA / "names.toml").read_text("utf-8"))


def place_code(key: str, language: str) -> str | None:
    """The code of the place a folded name means in a text of `language`: countries before regions before cities."""
    return _countries(language).get(key) or _regions_and_cities().get(key)


def world_region(key: str, language: str) -> str | None:
    """The UN M49 code of the continent or part of the world that a folded name means, by CLDR, or None."""
    return _world_regions(language).get(key)


@lru_cache(maxsize=4096)
def country_of_adjective(word: str, language: str) -> str | None:
    """The code of the country whose name a folded word grows out of ("kolumbianische", "Hungarian"), or None.

    Told by the longest common beginning, of which at most two letters of the country's name are left out, so that
    "nigerian" is not of Niger; irregular words ("Dutch") are not told.
    """
    if len(word) < _SHORTEST_ADJECTIVE or not word.isalpha():
        return None
    best, code = 0, None
    for name, of in _countries(language).items():
        stem = name.removesuffix("land") if len(name) > _SHORTEST_ADJECTIVE + 3 else name
        size = min(len(stem), len(word))
        shared = next((i for i in range(size) if stem[i] != word[i]), size)
        if shared > best and shared >= max(_SHORTEST_STEM, len(stem) - 2) and len(word) > shared:
            best, code = shared, of
    return code


def level(code: str) -> str:
    """`country`, `subdivision` or `city`."""
    return "city" if "/" in code else "subdivision" if "-" in code else "country"


def is_within(inner: str, outer: str) -> bool:
    """Whether the place `inner` is, or lies in, the place `outer`."""
    return inner == outer or inner.startswith((f"{outer}-", f"{outer}/"))


@lru_cache(maxsize=64)
def _world_regions(language: str) -> dict[str, str]:
    from babel import Locale, UnknownLocaleError

    try:
        territories = Locale.parse({"no": "nb", "nn": "nb"}.get(language, language).replace("-", "_")).territories
    except (UnknownLocaleError, ValueError):
        return {}
    return {name_key(name): code for code, name in territories.items() if code.isdigit()}


@lru_cache(maxsize=64)
def _countries(language: str) -> dict[str, str]:
    from babel import Locale, UnknownLocaleError

    names: dict[str, str] = {}
    for tag in dict.fromkeys(("en", {"no": "nb", "nn": "nb"}.get(language, language))):
        try:
            territories = Locale.parse(tag.replace("-", "_")).territories
        except (UnknownLocaleError, ValueError):
            continue
        for code, name in territories.items():
            if len(code) == 2 and code.isalpha() and code not in ("EU", "UN", "EZ", "QO", "XA", "XB", "ZZ"):
                names[name_key(name)] = code
        for code, aliases in names_data()["countries"].get(tag, {}).items():
            names.update(dict.fromkeys(aliases, code))
    return names


@lru_cache(maxsize=1)
def _regions_and_cities() -> dict[str, str]:
    best: dict[str, tuple[int, int, str]] = {}
    with gzip.open(_DATA / "places.tsv.gz", "rt", encoding="utf-8") as file:
        for line in file:
            code, population, names = line.rstrip("\n").split("\t")
            rank = (int("/" not in code), int(population), code)
            for key in names.split("|"):
                if key not in best or rank > best[key]:
                    best[key] = rank
    return {key: rank[2] for key, rank in best.items()}
