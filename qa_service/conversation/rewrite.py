"""Follow-ups that the rules leave open, rewritten by an LLM where one is set, and believed as far as they check."""

from __future__ import annotations

import logging
import string
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from qa_service.answering.llm import as_data
from qa_service.answering.llm_endpoint import LLMOptions, stream_reply
from qa_service.conversation.followup import MOST_TURNS, standalone_question
from qa_service.conversation.turn import Turn
from qa_service.errors import LLMError, SettingsError
from qa_service.language.detect import detect_language
from qa_service.language.language_names import language_name
from qa_service.language.names import find_names
from qa_service.language.tokens import name_key, words
from qa_service.prompts import llm_instructions

logger = logging.getLogger(__name__)

_PARTS = "\n---\n"
_VARIABLES = frozenset({"language", "earlier", "question"})
_LONGEST_FOLLOW_UP_WORDS = 12


def rewritten_question(
    question: str, history: Sequence[Turn], *, options: LLMOptions | None, today: date, default_language: str
) -> str:
    """The standalone question by the rules; by the LLM where they leave a short question without any name as it is.

    Of the LLM's, every name and number must stand in the conversation; else, and where it fails, the rules' holds.
    """
    ruled = standalone_question(question, history, today=today, default_language=default_language)
    recent = history[-MOST_TURNS:]
    if options is None or ruled != question or not recent:
        return ruled
    language = detect_language(question, fallback=recent[-1].language or default_language)
    if len(words(question)) > _LONGEST_FOLLOW_UP_WORDS or find_names(question, language):
        return ruled
    try:
        written = " ".join("".join(stream_reply(*_messages(question, recent, language), options)).split())
    except LLMError as error:
        logger.warning("%s", error)
        return ruled
    return written if _is_grounded(written, question, recent, language) else ruled


def _messages(question: str, history: Sequence[Turn], language: str) -> tuple[str, str]:
    system, _, user = _prompt().partition(_PARTS)
    earlier = "\n".join(as_data(turn.standalone) for turn in history)
    values = {"language": language_name(language, "en"), "earlier": earlier, "question": as_data(question)}
    return system.format(**values), user.format(**values).strip()


def _is_grounded(written: str, question: str, history: Sequence[Turn], language: str) -> bool:
    """Whether it is a question in the asker's language with no name or number that nobody mentioned."""
    if not written.endswith(("?", "？")) or detect_language(written, fallback=language) != language:
        return False
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
