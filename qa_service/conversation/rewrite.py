"""Follow-ups that the rules leave open, rewritten by an LLM where one is set, and believed as far as they check."""

from __future__ import annotations

import logging
import string
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from qa_service.answering.llm import as_data
from qa_service.answering.llm_endpoint import LLMOptions, stream_reply
from qa_service.answering.llm_usage import Usage
from qa_service.conversation.followup import MOST_TURNS, asked_language, resolve
from qa_service.conversation.turn import Turn
from qa_service.errors import LLMError, SettingsError
from qa_service.language.detect import detect_language
from qa_service.language.language_names import language_name
from qa_service.language.names import find_names
from qa_service.language.search_tokens import function_words, search_tokens
from qa_service.language.tokens import fold, name_key, words
from qa_service.prompts import llm_instructions

logger = logging.getLogger(__name__)

_PARTS = "\n---\n"
_VARIABLES = frozenset({"language", "earlier", "question"})
_LONGEST_REWRITING_WORDS = 60
_STEM = 5


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A standalone question and the tokens that an LLM spent on it."""

    question: str
    usage: Usage = field(default_factory=Usage)


def rewritten_question(
    question: str, history: Sequence[Turn], *, options: LLMOptions | None, today: date, default_language: str
) -> Rewriting:
    """The standalone question by the rules; by the LLM, where one is set, if the rules are not sure.

    Of the LLM's, every name and number must stand in the conversation, and it must still ask what was asked; else, and
    where the LLM fails or is slow, the rules' holds.
    """
    ruled = resolve(question, history, today=today, default_language=default_language)
    recent = history[-MOST_TURNS:]
    if options is None or ruled.sure or not recent:
        return Rewriting(ruled.text)
    language, usage = asked_language(question, recent), Usage()
    try:
        reply = "".join(stream_reply(*_messages(question, recent, language), options, usage=usage))
    except LLMError as error:
        logger.warning("%s", error)
        return Rewriting(ruled.text, usage)
    written = " ".join(reply.split())
    return Rewriting(written if _is_believed(written, question, recent, language) else ruled.text, usage)


def _messages(question: str, history: Sequence[Turn], language: str) -> tuple[str, str]:
    system, _, user = _prompt().partition(_PARTS)
    earlier = "\n".join(as_data(turn.standalone) for turn in history)
    values = {"language": language_name(language, "en"), "earlier": earlier, "question": as_data(question)}
    return system.format(**values), user.format(**values).strip()


def _is_believed(written: str, question: str, history: Sequence[Turn], language: str) -> bool:
    """Whether it is the question asked, in the asker's language, with no name or number that nobody mentioned."""
    if not written.endswith(("?", "？")) or len(words(written)) > _LONGEST_REWRITING_WORDS:
        return False
    if detect_language(written, fallback=language) != language:
        return False
    return _still_asks(written, question) and _is_grounded(written, question, history, language)


def _still_asks(written: str, question: str) -> bool:
    asked, said = _stems(question), _stems(written)
    return 2 * len(asked & said) >= len(asked)


def _stems(text: str) -> set[str]:
    return {fold(token)[:_STEM] for token in search_tokens(text) if token not in function_words()}


def _is_grounded(written: str, question: str, history: Sequence[Turn], language: str) -> bool:
    said = name_key(
        " ".join([question, *(turn.standalone for turn in history), *(turn.headline or "" for turn in history)])
    )
    known = set(said.split())
    names = (key for name in find_names(written, language) for key in name.key.split())
    numbers = (word.key for word in words(written) if word.text[0].isdigit())
    return all(key in known for key in (*names, *numbers))


@lru_cache(maxsize=1)
def _prompt() -> str:
    text = llm_instructions("conversation/rewrite")
    used = {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
    if used != _VARIABLES or _PARTS not in text:
        raise SettingsError(
            f"prompts/conversation/rewrite.txt has {sorted(used)}; it needs {sorted(_VARIABLES)} and ---."
        )
    return text
