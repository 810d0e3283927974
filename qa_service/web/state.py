"""What the routes and the page of one server share."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from qa_service.models import Answer
from qa_service.settings import Settings
from qa_service.web.desk import AnswerDesk, Asked
from qa_service.web.feedback import FeedbackStore, Rating, RecentAnswers, feedback_path
from qa_service.web.metrics import Metrics

if TYPE_CHECKING:
    from qa_service.service import QAService

_NO_EFFECT_ON_ANSWERS = {"host", "port", "llm_api_key", "index_dir", "cache_dir", "password_file", "feedback_file"}


@dataclass(frozen=True)
class WebState:
    """The service with its settings, its desk, its metrics and its feedback."""

    service: QAService
    settings: Settings
    metrics: Metrics
    desk: AnswerDesk
    feedback: FeedbackStore
    recent: RecentAnswers = field(default_factory=RecentAnswers)

    @classmethod
    def create(cls, service: QAService, settings: Settings) -> WebState:
        """The state of a new server."""
        metrics = Metrics(has_llm=bool(settings.llm_base_url and settings.llm_model))
        desk = AnswerDesk(service, settings, metrics)
        return cls(service, settings, metrics, desk, FeedbackStore(feedback_path(settings)))

    @property
    def root(self) -> str:
        """The public path of the service, without a slash at its end."""
        path = self.settings.root_path.strip("/")
        return f"/{path}" if path else ""

    async def ask(self, asked: Asked) -> Answer:
        """The answer, remembered for its rating."""
        answer = await self.desk.ask(asked)
        self.recent.remember(answer)
        return answer

    def rate(self, rating: Rating) -> bool:
        """Keeps the rating; whether its answer is still known."""
        answer = self.recent.find(rating.answer_id)
        if answer is None:
            return False
        generation = self.service.store.manifest.id
        self.feedback.add(rating, answer, generation=generation, settings_hash=self.settings_hash)
        self.metrics.feedback.labels(rating.rating).inc()
        return True

    @property
    def settings_hash(self) -> str:
        """A short hash of the settings that shape answers."""
        shaping = self.settings.model_dump_json(exclude=_NO_EFFECT_ON_ANSWERS)
        return hashlib.sha256(shaping.encode()).hexdigest()[:16]


class Caller(Protocol):
    """A request, be it Starlette's or Gradio's."""

    @property
    def state(self) -> Any: ...  # noqa: ANN401, D102 - Starlette's state holds anything

    @property
    def client(self) -> Any: ...  # noqa: ANN401, D102 - Gradio gives its own class here


def client_of(caller: Caller) -> str:
    """Who asks: the signed-in user, else the address."""
    user = getattr(caller.state, "user", None)
    return str(user or (caller.client.host if caller.client else "unknown"))
