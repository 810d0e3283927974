"""Telling German common nouns, which are written with a capital, from names."""

from __future__ import annotations

import re
from functools import lru_cache

from qa_service.language.places import names_data

# Endings that only German common nouns have, and those that names have as well.
_GERMAN_NOUN = re.compile(
    r"(?:ungen|heit|heiten|keit|keiten|schaft|schaften|tion|tionen|tät|täten|ismus|leiterin|leiter|chef|chefin|sprecherin|"
    r"zulieferer|hersteller|werk|park|hafen|anteil|preise?|quote|zahl|betrag|umsatz|gewinn|verlust|zeit|raum|kapital|"
    r"investition|investitionen|zentrum|mittel|region|flughafen|ministerin|minister|direktorin|provinz|konzern|firma)$"
)
_GERMAN_NOUN_ALONE = re.compile(
    r"(?:ung|nis|ment|tum|ling|lein|chen|er|ern|erin|innen|en|e|eln|ck|ng|nd|st|cht|aft|ität|bau|hof|stoff|rat|"
    r"enz|dent|iff|oll|[aeu]tz|ieb|uss|auf|uch|amm|tur|ot|eid)$"
)
# A company may follow a bare article ("die Lufthansa"), but seldom does; a common noun nearly always has one, and
# few common nouns end like "Caixa".
_FOREIGN_END = re.compile(r"(?:[aoy]|(?<![e])i|(?<![ae])u)$")
_DETERMINER = re.compile(
    r"\b(?:der|die|das|den|dem|des|(?:k?ein|dies|jed|jen|welch|manch|solch|all|beid|sein|ihr|unser|mein)(?:e[nmrs]?)?|"
    r"im|am|ins|ans|zum|zur|beim|vom|viele?|wieviele?|mehr|wenige?r?)\s+$",
    re.IGNORECASE,
)


def follows_determiner(text: str, start: int, word: str) -> bool:
    """Whether a plain German word at `start` has an article or the like right before it, and nothing tells a name.

    Capitals and digits inside, endings such as -a and a compound ("der Fengyi-Fabrik") do.
    """
    end = start + len(word)
    plain = word[1:].isalpha() and word[1:].islower() and not _FOREIGN_END.search(word)
    determined = _DETERMINER.search(text, max(0, start - 12), start) is not None
    return plain and determined and text[end : end + 1] != "-"


def is_common_noun(word: str, *, alone: bool, place: bool) -> bool:
    """Whether a capitalised German word looks like a common noun; `alone`: no other capitalised word beside it.

    Words that are known to be a `place`, or have capitals inside, are not, unless they are frequent nouns.
    """
    last = word.rpartition("-")[2].lower()
    if last in noun_endings():
        return True
    if place or ("-" not in word and any(c.isupper() for c in word[1:])):
        return False
    return (
        last.endswith(noun_endings())
        or bool(_GERMAN_NOUN.search(last))
        or (alone and bool(_GERMAN_NOUN_ALONE.search(last)))
    )


@lru_cache(maxsize=1)
def noun_endings() -> tuple[str, ...]:
    """Nouns that close a compound, with their plural and genitive endings: "Solarstrom", "Solarparks"."""
    nouns = names_data()["german_nouns"]
    return tuple(
        noun + ending for noun in nouns if len(noun) > 2 for ending in ("", "s", "es", "n", "en", "e", "er", "ern")
    )
