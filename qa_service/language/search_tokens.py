"""Tokens for lexical search that meet across languages.

Accents are folded, numbers stand in one normal form, names count double.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TOKEN = re.compile(
    r"\d+(?:[.,'\u2019 \u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*|[^\W\d_]+(?:[’'-][^\W\d_]+)*|\w+"
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]+")
_SPECIAL = str.maketrans({"đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "ð": "d", "þ": "th", "ı": "i"})


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """The word in lower case without accents; letters that do not decompose (đ, ø, ß) are spelled plainly."""
    decomposed = unicodedata.normalize("NFKD", word.lower().translate(_SPECIAL))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def normal_number(written: str) -> str:
    """A number in one form: "1 543", "1.543" and "1,543" are "1543"; "1,56" and "1.56" are "1.56"."""
    plain = re.sub(r"[\s'’]", "", written)
    groups = re.split(r"[.,]", plain)
    if len(groups) == 1:
        return plain
    if all(len(group) == 3 for group in groups[1:]) and groups[0] not in ("", "0"):
        return "".join(groups)
    return "".join(groups[:-1]) + "." + groups[-1]


def search_tokens(text: str) -> list[str]:
    """The tokens of a passage or question, in order, function words left out.

    A word gives its folded form, and beside it the form as spelled where accents were folded; a run of Chinese,
    Japanese,
    Korean or Thai gives its character pairs; a name (a capital inside a sentence, or an acronym) counts double.
    """
    text = unicodedata.normalize("NFC", text)
    tokens: list[str] = []
    for match in _TOKEN.finditer(text):
        tokens.extend(_word_tokens(match.group(), follows_word=_inside_sentence(text, match.start())))
    return tokens


def _inside_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 8) : start].rstrip(" \u00a0\"'“„«(–-")
    return bool(before) and before[-1] not in ".!?:\n"


def _word_tokens(word: str, *, follows_word: bool) -> list[str]:
    if word[0].isdigit():
        return [normal_number(word)]
    if _CJK.match(word):
        return [word[i : i + 2] for i in range(max(1, len(word) - 1))]
    folded = fold_word(word)
    if word.lower() in function_words() or len(folded) < 2:
        return []
    tokens = [folded] if folded == word.lower() else [folded, word.lower()]
    is_name = len(word) > 1 and (word.isupper() or (follows_word and word[0].isupper()))
    return tokens * 2 if is_name else tokens


@lru_cache(maxsize=1)
def function_words() -> frozenset[str]:
    """Function words of many languages as spelled: bm25s' lists, and our own for what they lack."""
    from bm25s import stopwords

    words: set[str] = set()
    for name in dir(stopwords):
        if name.startswith("STOPWORDS_"):
            words.update(word.lower() for word in getattr(stopwords, name))
    words.update(_QUESTION_WORDS.split())
    return frozenset(words)


# Question words and particles that the lists above lack: they say nothing about which article answers.
_QUESTION_WORDS = """
how many much what which who whom whose when where why does did do is are was were has have had will would about
wie viel viele vielen welche welcher welches welchen welchem wer wem wen wann wo warum wieso weshalb hat hatte haben
wurde wurden
hvor mye mange hvilken hvilket hvilke hvem hva når hvorfor hvordan har hadde ble blir er var skal vil
bao nhiêu là gì nào ai khi đâu sao vì tại thế và của có các những được cho với trong này đó đã sẽ bị một theo từ đến về
combien quel quelle quels quelles qui quand où pourquoi comment cuánto cuántos cuál quién cuándo dónde qué
"""
