"""What happens on the chat page.

Gradio finds out by the annotations of a handler what to hand it, at run time; so this module, which imports gradio
only when the page is built, does without postponed annotations.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qa_service.errors import QAError
from qa_service.web.chat_html import answer_html, hero_html, masthead_html, notice_html, question_html
from qa_service.web.conversation import Conversation, Turn, history_of
from qa_service.web.desk import Asked, RefusedError
from qa_service.web.examples import example_questions
from qa_service.web.feedback import Rating
from qa_service.web.frame_options import FrameOptions, frame_options
from qa_service.web.state import WebState, client_of
from qa_service.web.texts import Texts, all_texts, texts_for
from qa_service.web.views import answer_view, partial_view

if TYPE_CHECKING:
    import gradio as gr

logger = logging.getLogger(__name__)
Updates = tuple[Any, ...]


@dataclass(frozen=True)
class Parts:
    """The components that events read and write."""

    blocks: "gr.Blocks"
    masthead: "gr.Markdown"
    chatbot: "gr.Chatbot"
    box: "gr.Textbox"
    new: "gr.Button"
    conversation: "gr.State"
    comment_row: "gr.Row"
    comment: "gr.Textbox"
    comment_send: "gr.Button"
    rated: "gr.State"


class ChatEvents:
    """The handlers of one page."""

    def __init__(self, state: WebState, parts: Parts, *, compact: bool) -> None:
        self._state = state
        self._parts = parts
        self._compact = compact

    def connect(self) -> None:
        """Ties the handlers to the components' events."""
        self._connect_page()
        asking = self._connect_questions()
        self._connect_stop(asking)
        self._connect_feedback()

    def _connect_page(self) -> None:
        import gradio as gr

        parts = self._parts

        def start(request: gr.Request) -> Updates:
            return self._start(request)

        outputs = [parts.masthead, parts.chatbot, parts.box, parts.new, parts.conversation, parts.comment_send]
        parts.blocks.load(start, None, [*outputs, parts.comment], **_quiet())

        def new(conversation: Conversation) -> Updates:
            return [], Conversation(conversation.language), gr.update(visible=False), _box(asking=False)

        parts.new.click(
            new, parts.conversation, [parts.chatbot, parts.conversation, parts.comment_row, parts.box], **_quiet()
        )

    def _connect_questions(self) -> list[Any]:
        import gradio as gr

        parts = self._parts
        outputs = [parts.chatbot, parts.conversation, parts.box, parts.comment_row]

        async def submit(question: str, conversation: Conversation, request: gr.Request) -> AsyncIterator[Updates]:
            async for update in self._respond(question, conversation, request):
                yield update

        async def example(
            chosen: gr.SelectData, conversation: Conversation, request: gr.Request
        ) -> AsyncIterator[Updates]:
            async for update in self._respond(chosen.value["text"], conversation, request):
                yield update

        async def retry(
            chosen: gr.RetryData, conversation: Conversation, request: gr.Request
        ) -> AsyncIterator[Updates]:
            index = _turn_index(chosen.index)
            if not 0 <= index < len(conversation.turns):
                return
            question = conversation.turns[index].question
            async for update in self._respond(question, conversation.before(index), request):
                yield update

        return [
            parts.box.submit(submit, [parts.box, parts.conversation], outputs, **_quiet()),
            parts.chatbot.example_select(example, [parts.conversation], outputs, **_quiet()),
            parts.chatbot.retry(retry, [parts.conversation], outputs, **_quiet()),
        ]

    def _connect_stop(self, asking: list[Any]) -> None:
        parts = self._parts

        def stop(conversation: Conversation) -> Updates:
            texts = all_texts()[conversation.language]
            if conversation.turns and conversation.turns[-1].answer is None:
                last = conversation.turns[-1]
                stopped = Turn(last.question, html=notice_html("stopped", texts["stopped"]))
                conversation = conversation.with_last(stopped)
            return _messages(conversation), conversation, _box(asking=False)

        parts.box.stop(
            stop, [parts.conversation], [parts.chatbot, parts.conversation, parts.box], cancels=asking, **_quiet()
        )

    def _connect_feedback(self) -> None:
        import gradio as gr

        parts = self._parts

        def like(chosen: gr.LikeData, conversation: Conversation, request: gr.Request) -> Updates:
            answer_id = _answer_id(conversation, _turn_index(chosen.index))
            if answer_id is None or not isinstance(chosen.liked, bool):
                return "", gr.update(visible=False), ""
            rating = "up" if chosen.liked else "down"
            kept = self._rate(Rating(answer_id, rating, None, client_of(request)), conversation)
            return (f"{rating} {answer_id}" if kept else ""), gr.update(visible=kept), ""

        parts.chatbot.like(like, [parts.conversation], [parts.rated, parts.comment_row, parts.comment], **_quiet())

        def send(text: str, rated: str, conversation: Conversation, request: gr.Request) -> Updates:
            rating, _, answer_id = rated.partition(" ")
            if answer_id and text.strip():
                self._rate(Rating(answer_id, rating, text.strip()[:2000], client_of(request)), conversation)
            return gr.update(visible=False), ""

        for trigger in (parts.comment_send.click, parts.comment.submit):
            inputs = [parts.comment, parts.rated, parts.conversation]
            trigger(send, inputs, [parts.comment_row, parts.comment], **_quiet())

    def _start(self, request: "gr.Request") -> Updates:
        """The texts of the page in the reader's language, and the examples."""
        import gradio as gr

        options = frame_options(request.query_params) if self._compact else FrameOptions()
        wanted = options.language or request.query_params.get("lang")
        texts = texts_for(wanted or request.headers.get("accept-language"))
        articles = self._state.service.articles()
        chosen = options.examples or self._state.settings.example_questions
        examples = [{"text": question} for question in example_questions(articles, texts, chosen)]
        hero = hero_html(self._state, articles, texts=texts, options=options)
        return (
            masthead_html(self._state, texts, compact=self._compact, options=options),
            gr.update(value=[], placeholder=hero, examples=examples, label=texts["conversation"]),
            gr.update(placeholder=texts["placeholder"], label=texts["question"]),
            gr.update(value=texts["new"]),
            Conversation(texts.language),
            gr.update(value=texts["comment_send"]),
            gr.update(label=texts["comment"]),
        )

    async def _respond(
        self, question: str, conversation: Conversation, request: "gr.Request"
    ) -> AsyncIterator[Updates]:
        """The chat while the question is answered: at once a note, then the headline, the claims, the evidence."""
        import gradio as gr

        question = question.strip()
        if not question:
            yield tuple(gr.skip() for _ in range(4))
            return
        texts = all_texts()[conversation.language]
        earlier, hidden = conversation, gr.update(visible=False)
        conversation = earlier.with_turn(Turn(question, html=self._waiting_html(texts)))
        yield _messages(conversation), conversation, _box(asking=True, clear=True), hidden
        asked = Asked(question, client_of(request), history=history_of(earlier))
        async for turn in self._turns(asked, texts, request):
            conversation = conversation.with_last(turn)
            yield _messages(conversation), conversation, gr.skip(), gr.skip()
        yield gr.skip(), gr.skip(), _box(asking=False), gr.skip()

    async def _turns(self, asked: Asked, texts: Texts, request: "gr.Request") -> AsyncIterator[Turn]:
        """The turn as it grows."""
        try:
            answer = await self._state.ask(asked)
        except RefusedError as refused:
            cause = {"rate": "too_many"}.get(refused.cause, refused.cause)
            yield Turn(asked.question, html=notice_html("busy", texts.fill(cause, seconds=refused.retry_after_s)))
            return
        except QAError as error:
            yield Turn(asked.question, html=self._failure_html(error, texts, request))
            return
        except Exception as error:  # the edge: whatever went wrong, the reader is told and the log has it
            yield Turn(asked.question, html=self._failure_html(error, texts, request))
            return
        view = await asyncio.to_thread(answer_view, answer, self._state.service, texts=texts, root=self._state.root)
        for shown in range(len(view.parts)):
            if shown == 0 and view.headline is None:
                continue
            yield Turn(asked.question, html=answer_html(partial_view(view, shown), texts, live=True))
        yield Turn(asked.question, replace(answer, hits=()), answer_html(view, texts))  # hits hold whole passages

    def _failure_html(self, error: Exception, texts: Texts, request: "gr.Request") -> str:
        request_id = getattr(request.state, "request_id", "") if hasattr(request, "state") else ""
        logger.error("an answer failed: %s", error, extra={"fields": {"request_id": request_id}}, exc_info=error)
        self._state.metrics.refused.labels("failed").inc()
        return notice_html("failed", texts.fill("failed", id=request_id[:12]))

    def _waiting_html(self, texts: Texts) -> str:
        if self._state.desk.is_full:
            return notice_html("wait", texts["waiting"])
        return notice_html("wait", texts.fill("searching", count=self._state.service.store.manifest.articles))

    def _rate(self, rating: Rating, conversation: Conversation) -> bool:
        import gradio as gr

        texts = all_texts()[conversation.language]
        try:
            kept = self._state.rate(rating)
        except QAError as error:
            logger.error("%s", error)
            kept = False
        if kept:
            gr.Info(texts["thanks_comment" if rating.comment else "thanks"], duration=3)
        return kept


def _quiet() -> dict[str, Any]:
    """What every event of the page has in common: it is no public API, and shows no progress bar."""
    return {"api_visibility": "private", "show_progress": "hidden", "queue": True}


def _messages(conversation: Conversation) -> list[dict[str, Any]]:
    texts = all_texts()[conversation.language]
    messages: list[dict[str, Any]] = []
    for turn in conversation.turns:
        messages.append({"role": "user", "content": question_html(turn.question, texts)})
        messages.append({"role": "assistant", "content": turn.html})
    return messages


def _box(*, asking: bool, clear: bool = False) -> Any:  # noqa: ANN401 - gradio's update is a dict
    import gradio as gr

    changed: dict[str, Any] = {"submit_btn": not asking, "stop_btn": asking}
    return gr.update(**changed, value="") if clear else gr.update(**changed)


def _turn_index(index: int | tuple[int, int]) -> int:
    message = index if isinstance(index, int) else index[0]
    return message // 2


def _answer_id(conversation: Conversation, index: int) -> str | None:
    answer = conversation.turns[index].answer if 0 <= index < len(conversation.turns) else None
    return answer.id if answer else None
