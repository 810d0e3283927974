"""What Prometheus is told; one registry a server."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from qa_service.answering.llm import llm_note
from qa_service.models import Answer

if TYPE_CHECKING:
    from qa_service.service import QAService

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
NOT_FOUND = "not_found"
_FALLBACKS = {"slow": "timeout", "unavailable": "unavailable", "unusable": "unproved"}
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)


def fallback_reason(answer: Answer) -> str | None:
    """Why an LLM that is set did not write the answer; None where it did, was not asked, or agreed that there is none.

    "timeout", "unavailable" (refused, rate-limited, broken), "unproved", or "not_found": it saw no answer.
    """
    if answer.engine.startswith("llm") or answer.parsed is None:
        return None
    if answer.note is None:
        return NOT_FOUND if answer.status == "answered" else None
    return next(
        (reason for key, reason in _FALLBACKS.items() if answer.note == llm_note(key, answer.language)), "other"
    )


class Metrics:
    """Counters and gauges of one server; `has_llm` says whether answers are expected from an LLM."""

    def __init__(self, *, has_llm: bool = False) -> None:
        self._has_llm = has_llm
        self.registry = CollectorRegistry()
        self.requests = self._counter("qa_requests", "HTTP requests", "route", "method", "status")
        self.answers = self._counter("qa_answers", "Answers given", "status", "engine", "language")
        self.abstentions = self._counter("qa_abstentions", "Abstentions by reason", "reason")
        self.refused = self._counter("qa_refused", "Questions not answered: busy, rate, timeout, left, failed", "cause")
        self.feedback = self._counter("qa_feedback", "Ratings by users", "rating")
        self.llm_fallbacks = self._counter(
            "qa_llm_fallbacks",
            "Answers without the LLM that is set: timeout, unavailable, unproved, or it found none",
            "reason",
        )
        if has_llm:
            for reason in (*_FALLBACKS.values(), NOT_FOUND):
                self.llm_fallbacks.labels(reason)  # so that a rate can be taken from the first one on
        self.answer_seconds = self._histogram("qa_answer_seconds", "Time from question to answer, queue included")
        self.step_seconds = self._histogram("qa_step_seconds", "Time of each step", "step")
        self.waiting = self._gauge("qa_queue_waiting", "Questions that wait")
        self.running = self._gauge("qa_answers_running", "Answers being computed")
        self.generation_age = self._gauge("qa_generation_age_seconds", "Age of the served generation of the index")
        self.passages = self._gauge("qa_passages", "Passages of the served generation")

    def count_answer(self, answer: Answer, seconds: float) -> None:
        """Notes an answer and how long it took."""
        self.answers.labels(answer.status, answer.engine.partition(":")[0], answer.language[:8]).inc()
        if answer.status != "answered":
            self.abstentions.labels(answer.reason or "other").inc()
        if self._has_llm and (reason := fallback_reason(answer)) is not None:
            self.llm_fallbacks.labels(reason).inc()
        self.answer_seconds.observe(seconds)
        for step, milliseconds in answer.timings_ms.items():
            self.step_seconds.labels(step).observe(milliseconds / 1000)

    def text(self, service: QAService) -> bytes:
        """Everything in Prometheus' text format."""
        manifest = service.store.manifest
        self.generation_age.set(time.time() - datetime.fromisoformat(manifest.created).timestamp())
        self.passages.set(manifest.passages)
        return generate_latest(self.registry)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(name, text, registry=self.registry)

    def _histogram(self, name: str, text: str, *labels: str) -> Histogram:
        return Histogram(name, text, labels, registry=self.registry, buckets=_BUCKETS)
