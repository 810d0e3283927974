"""Where questions of page and API are taken: limits, a bounded queue, a time limit, metrics, a log line."""

from __future__ import annotations

import asyncio
import logging
import math
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from qa_service.conversation.turn import Turn
from qa_service.errors import QAError
from qa_service.models import Answer
from qa_service.settings import Settings
from qa_service.web.limits import RateLimiter
from qa_service.web.metrics import Metrics

if TYPE_CHECKING:
    from qa_service.service import QAService

logger = logging.getLogger(__name__)
Result = TypeVar("Result")
_BUSY_RETRY_S = 2.0


class RefusedError(QAError):
    """A question that is not taken now. `cause`: busy, rate or timeout; `retry_after_s` says when to come again."""

    def __init__(self, cause: str, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.cause = cause
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way: who asks, which turns it may lean on, and which day is today."""

    question: str
    client: str
    history: tuple[Turn, ...] = ()
    today: date | None = None


class AnswerDesk:
    """Takes questions: at most `concurrency` at work, `queue_size` waiting, the rest refused at once."""

    def __init__(self, service: QAService, settings: Settings, metrics: Metrics) -> None:
        self.service = service
        self.metrics = metrics
        self._settings = settings
        self._limiter = RateLimiter(settings.rate_per_minute)
        self._pool = ThreadPoolExecutor(settings.concurrency, thread_name_prefix="answer")
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._waiting = 0

    async def ask(self, asked: Asked) -> Answer:
        """The answer; RefusedError where the client asks too often, too many wait, or it takes too long."""
        answer_id, started = uuid.uuid4().hex, time.perf_counter()
        answer = await self.run(
            lambda: self.service.ask(asked.question, today=asked.today, answer_id=answer_id, history=asked.history),
            client=asked.client,
        )
        seconds = time.perf_counter() - started
        self.metrics.count_answer(answer, seconds)
        self._log(answer, seconds)
        return answer

    async def run(self, work: Callable[[], Result], *, client: str) -> Result:
        """The result of `work`, done in a thread under the same limits as an answer."""
        if (wait_s := self._limiter.wait_s(client)) > 0:
            raise self._refused("rate", "Too many questions in a short time.", wait_s)
        if self._slots.locked() and self._waiting >= self._settings.queue_size:
            raise self._refused("busy", "Too many questions are waiting.", _BUSY_RETRY_S)
        try:
            async with asyncio.timeout(self._settings.answer_timeout_s):
                await self._wait_for_slot()
                return await self._in_thread(work)
        except TimeoutError:
            raise self._refused("timeout", "The answer took too long.", _BUSY_RETRY_S) from None
        except asyncio.CancelledError:
            self.metrics.refused.labels("left").inc()
            raise

    @property
    def is_full(self) -> bool:
        """Whether the next question has to wait."""
        return self._slots.locked()

    def close(self) -> None:
        """Takes no more questions."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _wait_for_slot(self) -> None:
        self._waiting += 1
        self.metrics.waiting.set(self._waiting)
        try:
            await self._slots.acquire()
        finally:
            self._waiting -= 1
            self.metrics.waiting.set(self._waiting)

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        """Runs `work`; its slot is free again only when the thread is, also where nobody waits for it any more."""
        self.metrics.running.inc()
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        future.add_done_callback(self._release)
        return await asyncio.shield(future)

    def _release(self, future: asyncio.Future[Result]) -> None:
        self._slots.release()
        self.metrics.running.dec()
        if not future.cancelled():
            future.exception()  # seen here, so that one nobody waits for is not reported as lost

    def _refused(self, cause: str, message: str, wait_s: float) -> RefusedError:
        seconds = max(1, math.ceil(wait_s))
        self.metrics.refused.labels(cause).inc()
        return RefusedError(cause, f"{message} Try again in {seconds} s.", seconds)

    def _log(self, answer: Answer, seconds: float) -> None:
        fields: dict[str, object] = {
            "answer_id": answer.id,
            "status": answer.status,
            "reason": answer.reason,
            "language": answer.language,
            "ms": round(seconds * 1000, 1),
        }
        if self._settings.log_questions:
            fields["question"] = answer.question
        logger.info("answered", extra={"fields": fields})
