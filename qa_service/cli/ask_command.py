"""`qa-service ask`."""

from __future__ import annotations

import argparse
from typing import Any

from qa_service.cli.common import BatchLine, settings_of, today_of, write_batch
from qa_service.errors import QuestionError
from qa_service.models import Answer, Citation
from qa_service.schemas import answer_model
from qa_service.service import QAService


def run(options: argparse.Namespace) -> int:
    """Answers one question, or a batch."""
    today = today_of(options)
    if not options.question and options.input is None:
        raise QuestionError("There is no question. Give one in quotes, or a file with --input.")
    service = QAService.open(settings_of(options))
    if options.input is not None:

        def answer(line: BatchLine) -> dict[str, Any]:
            return answer_model(service.ask(line.question or "", today=today, answer_id=line.id)).model_dump(
                mode="json"
            )

        return write_batch(options, answer)
    answered = service.ask(options.question, today=today)
    print(answer_model(answered).model_dump_json(indent=2) if options.json else as_text(answered))
    return 0


def as_text(answer: Answer) -> str:
    """The answer for a terminal: headline, sentences, then each quote with its article."""
    lines = [answer.headline, ""] if answer.headline else []
    lines.append(answer.text)
    for citation in answer.citations or answer.closest:
        lines += ["", _citation_text(citation)]
    return "\n".join(lines)


def _citation_text(citation: Citation) -> str:
    quote = " ".join(citation.quote.split())
    dated = f", {citation.published_on}" if citation.published_on else ""
    place = f"{citation.article_id}:{citation.start}-{citation.end} ({citation.language}{dated})"
    return f"[{citation.marker}] {quote}\n    {citation.title}\n    {place}"
