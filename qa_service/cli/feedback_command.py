"""`qa-service feedback export`."""

from __future__ import annotations

import argparse
import json
import sys

from qa_service.cli.common import settings_of
from qa_service.errors import QuestionSetError


def run(options: argparse.Namespace) -> int:
    """Writes the users' feedback as a question set, a JSON line each."""
    from qa_service.web.feedback import FeedbackStore, feedback_path, question_set

    rows = FeedbackStore(feedback_path(settings_of(options))).rows()
    lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in question_set(rows))
    if options.output is None:
        sys.stdout.write(lines)
        return 0
    try:
        options.output.write_text(lines, encoding="utf-8")
    except OSError as error:
        raise QuestionSetError(f"{options.output} cannot be written: {error}. Name another file.") from None
    return 0
