"""Scoring of the dialogues in tests/questions/dialogues.jsonl: each follow-up turn is right or has its problems."""

import json
from datetime import date
from pathlib import Path

from qa_service.conversation.followup import Turn, asked_language, standalone_question
from qa_service.language.tokens import fold, name_key
from qa_service.query.parse import parse_question

FILE = Path(__file__).parents[1] / "questions" / "dialogues.jsonl"


def dialogues(split=None):
    lines = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if split in (None, line["split"])]


def played(dialogue):
    """(turn, standalone question, problems) of each turn with an expectation."""
    today = date.fromisoformat(dialogue["today"])
    history = []
    for turn in dialogue["turns"]:
        question = turn["question"]
        standalone = standalone_question(question, tuple(history), today=today, default_language="en")
        if "expected" in turn:
            yield turn, standalone, problems(turn, standalone, tuple(history), today)
        names = tuple(turn.get("known", ()))
        history.append(Turn(question, standalone, turn["language"], turn.get("headline"), names=names))


def problems(turn, standalone, history, today):
    expected = turn["expected"]
    if expected.get("unchanged"):
        return [] if standalone == turn["question"] else [f"changed to {standalone!r}"]
    spoken = asked_language(turn["question"], history)
    parsed = parse_question(standalone, today=today, language=spoken)
    found = []
    if parsed.language != turn["language"]:
        found.append(f"language {parsed.language}")
    if expected["asked_for"] and parsed.asked_for[0].value != expected["asked_for"]:
        found.append(f"asks for {parsed.asked_for[0].value}, not {expected['asked_for']}")
    if "periods" in expected and sorted(p.iso() for p in parsed.periods) != sorted(expected["periods"]):
        found.append(f"periods {[p.iso() for p in parsed.periods]}")
    if "places" in expected and sorted({p.code or p.key for p in parsed.places}) != sorted(expected["places"]):
        found.append(f"places {[p.code or p.key for p in parsed.places]}")
    text = fold(standalone)
    found += [f"lacks name {name}" for name in expected.get("names", ()) if name not in name_key(standalone)]
    found += [f"lacks {word}" for word in expected.get("contains", ()) if word not in text]
    if "any" in expected and not any(word in text for word in expected["any"]):
        found.append(f"lacks all of {expected['any']}")
    found += [f"still has {word}" for word in expected.get("lacks", ()) if word in text]
    return found
