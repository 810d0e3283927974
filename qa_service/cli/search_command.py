"""`qa-service search`."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import Any

from qa_service.cli.common import BatchLine, settings_of, today_of, write_batch
from qa_service.errors import QuestionError
from qa_service.schemas import PassageModel, parsed_model
from qa_service.service import QAService


def run(options: argparse.Namespace) -> int:
    """Ranks the passages for one question, or for a batch."""
    today = today_of(options)
    if not options.question and options.input is None:
        raise QuestionError("There is no question. Give one in quotes, or a file with --input.")
    if options.top_k < 1:
        raise QuestionError(f"--top-k cannot be {options.top_k}. Give a number of at least 1.")
    service = QAService.open(settings_of(options))
    if options.input is not None:

        def found(line: BatchLine) -> dict[str, Any]:
            try:
                passages = service.passages(line.question or "", today=today, top_k=options.top_k)
            except QuestionError:
                return {"id": line.id, "passages": [], "reason": "invalid_question"}
            return {"id": line.id, "passages": [passage.model_dump(mode="json") for passage in passages]}

        return write_batch(options, found)
    return _show(service, options, today)


def _show(service: QAService, options: argparse.Namespace, today: date) -> int:
    parsed = parsed_model(service.parse(options.question, today=today))
    passages = service.passages(options.question, today=today, top_k=options.top_k)
    if options.json:
        shown = {"parsed": parsed.model_dump(), "passages": [passage.model_dump(mode="json") for passage in passages]}
        print(json.dumps(shown, ensure_ascii=False, indent=2))
        return 0
    print(f"asked for {', '.join(parsed.asked_for)}; periods {parsed.periods}")
    print(f"places {parsed.places}; names {parsed.names}")
    for passage in passages:
        print(_as_text(passage))
    return 0


def _as_text(passage: PassageModel) -> str:
    lanes = " ".join(f"{name} {score:.3f}" for name, score in passage.lanes.items())
    text = " ".join(passage.text.split())
    head = f"{passage.rank}. {passage.score:.3f} ({lanes}) {passage.article_id}:{passage.start}-{passage.end}"
    return f"\n{head} {passage.language}\n   {passage.why}\n   {text[:300]}"
