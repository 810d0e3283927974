"""Proper names in text, and whether the names a question asks about are the ones a passage speaks of."""

from __future__ import annotations

from collections.abc import Sequence

from qa_service.language.names_find import KnownNames, find_names
from qa_service.language.names_spelling import spelled_words, stands_in
from qa_service.language.places import is_within, level
from qa_service.language.tokens import fold, fold_with_map, name_key
from qa_service.models import Agreement, Name

__all__ = ["KnownNames", "compare_names", "find_names", "fold", "fold_with_map", "name_key"]


def compare_names(asked: Name, found: Sequence[Name], text: str) -> Agreement:
    """Whether `text`, in which the names `found` stand, speaks of the asked name.

    AGREES: it has the name, in any spelling that folds alike, in one word or several ("Vietnam", "Việt Nam"), or
    under another name of the same place, or one of the two contains the other as whole words. The place in the name of
    a company is not the company ("Autoliv Vietnam"). CONTRADICTS: the asked region or city is not there and another of
    the same level is. NEUTRAL: anything else, also a country, since articles name countries in passing, and a name
    whose other-script form is not known.
    """
    if stands_in(asked.key, spelled_words(text)):
        return Agreement.AGREES
    if any(_is_same(asked, name) for name in found):
        return Agreement.AGREES
    if asked.code is None or level(asked.code) == "country":
        return Agreement.NEUTRAL
    rivals = [name for name in found if name.code and level(name.code) == level(asked.code)]
    return Agreement.CONTRADICTS if rivals else Agreement.NEUTRAL


def _is_same(asked: Name, name: Name) -> bool:
    if asked.code is not None and name.code is not None:
        return (is_within(name.code, asked.code) and level(asked.code) != "country") or name.code == asked.code
    if name.code is not None and asked.kind not in ("place", "country"):
        return False
    return stands_in(name.key, spelled_words(asked.key))
