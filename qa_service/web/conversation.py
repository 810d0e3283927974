"""A browser session's conversation: what was asked and answered, as far back as is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qa_service.conversation.turn import Turn as Earlier
from qa_service.models import Answer
from qa_service.service import turn_of

MOST_TURNS = 20


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer, or with the notice shown in its place; `html` is what the page shows."""

    question: str
    answer: Answer | None = None
    html: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The last turns, oldest first, and the language of the interface."""

    language: str = "en"
    turns: tuple[Turn, ...] = ()

    def with_turn(self, turn: Turn) -> Conversation:
        """The conversation with one more turn; the oldest one goes where there are too many."""
        return replace(self, turns=(*self.turns, turn)[-MOST_TURNS:])

    def with_last(self, turn: Turn) -> Conversation:
        """The conversation with its last turn replaced."""
        return replace(self, turns=(*self.turns[:-1], turn))

    def before(self, index: int) -> Conversation:
        """The conversation up to, and without, the turn of that index."""
        return replace(self, turns=self.turns[: max(0, index)])

    def answers(self) -> list[Answer]:
        """The answers given so far, oldest first."""
        return [turn.answer for turn in self.turns if turn.answer is not None]


def history_of(conversation: Conversation) -> tuple[Earlier, ...]:
    """The turns that a follow-up may lean on; of an answer they have the headline, which is never evidence."""
    return tuple(turn_of(answer) for answer in conversation.answers())
