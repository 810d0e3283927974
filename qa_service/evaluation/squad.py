"""SQuAD JSON files as question sets (Rajpurkar et al. 2016 and, for unanswerable questions, 2018)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def is_squad(value: object) -> bool:
    """Whether decoded JSON has SQuAD's outline."""
    data = value.get("data") if isinstance(value, dict) else None
    return isinstance(data, list) and all(isinstance(entry, dict) and "paragraphs" in entry for entry in data)


def squad_questions(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The questions as lines of a question set; the paragraph is the gold quote, wherever it stands in the articles."""
    for entry in value["data"]:
        for paragraph in entry["paragraphs"]:
            for asked in paragraph.get("qas", []):
                yield _line(asked, str(paragraph.get("context", "")))


def _line(asked: dict[str, Any], context: str) -> dict[str, Any]:
    answers = list(dict.fromkeys(answer["text"] for answer in asked.get("answers") or [] if answer.get("text")))
    line: dict[str, Any] = {"id": asked.get("id"), "question": asked.get("question", ""), "tags": ["squad"]}
    if asked.get("is_impossible") or not answers:
        return line | {"kind": "abstain"}
    return line | {"kind": "answer", "answers": answers, "quote": context}
