"""One streamed reply of an OpenAI-compatible endpoint, within a time limit that holds for everything together."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa_service.answering.llm_usage import Usage, reported_usage
from qa_service.errors import LLMError
from qa_service.settings import Settings

if TYPE_CHECKING:
    import httpx
    from llama_index.core.base.llms.types import ChatResponse

logger = logging.getLogger(__name__)

_NO_KEY = "none"
_CHARACTERS_PER_TOKEN = 12
_PAUSE_S = 0.2
_END = object()


@dataclass(frozen=True, slots=True)
class LLMOptions:
    """Which endpoint to ask, and its limits; `timeout_s` holds for all tries together."""

    base_url: str
    model: str
    api_key: str | None = None
    timeout_s: float = 20.0
    retries: int = 1
    max_tokens: int = 500


@dataclass(slots=True)
class _Call:
    """The messages of a call, where its tokens are counted, and what the endpoint reported of them."""

    system: str
    user: str
    usage: Usage
    reported: tuple[int, int] | None = None


class LLMTimeoutError(LLMError):
    """The endpoint did not finish in time."""


def llm_options(settings: Settings) -> LLMOptions | None:
    """The endpoint that the settings name; None, and so no call, without a base URL or a model."""
    if not settings.llm_base_url or not settings.llm_model:
        if settings.llm_base_url:
            logger.warning("No LLM is used: a base URL is set and no model. Set QA_LLM_MODEL.")
        return None
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
    return LLMOptions(
        base_url=settings.llm_base_url,
        model=settings.llm_model,
        api_key=key,
        timeout_s=settings.llm_timeout_s,
        retries=settings.llm_retries,
        max_tokens=settings.llm_max_tokens,
    )


def load_adapter() -> None:
    """Imports the adapter, which takes seconds once: a server does it as it starts, and it counts for no time-out."""
    import httpx  # noqa: F401 - loaded for later
    import llama_index.llms.openai_like  # noqa: F401 - loaded for later


def stream_reply(system: str, user: str, options: LLMOptions, *, usage: Usage | None = None) -> Generator[str]:
    """The reply, piece by piece; LLMError where it fails, stops short or takes too long.

    A try that failed before its first piece is repeated; one that had begun is not. `usage` counts its tokens.
    """
    load_adapter()
    call = _Call(system, user, usage if usage is not None else Usage())
    deadline = time.monotonic() + options.timeout_s
    for remaining in range(options.retries, -1, -1):
        begun = False
        try:
            for piece in _counted(_attempt(call, options, deadline=deadline), call):
                begun = True
                yield piece
            return
        except LLMTimeoutError:
            raise
        except LLMError:
            if begun or not remaining or deadline - time.monotonic() <= _PAUSE_S:
                raise
            time.sleep(_PAUSE_S)


def _counted(pieces: Iterator[str], call: _Call) -> Generator[str]:
    """The pieces; at their end, or where the reader stops, the call's tokens are counted."""
    written: list[str] = []
    call.reported = None
    try:
        for piece in pieces:
            written.append(piece)
            yield piece
    finally:
        if call.reported is not None:
            call.usage.add_reported(*call.reported)
        elif written:
            call.usage.add_estimated(call.system + call.user, "".join(written))


def _attempt(call: _Call, options: LLMOptions, *, deadline: float) -> Iterator[str]:
    """The pieces of one call; a thread reads them, since a socket that drips outlives any read time-out."""
    import httpx

    left = max(0.05, deadline - time.monotonic())
    encrypted = not options.base_url.lower().startswith("http://")
    client = httpx.Client(timeout=httpx.Timeout(left), verify=encrypted)  # reading certificates for nothing takes long
    pieces: queue.Queue[Any] = queue.Queue()
    wiring = {"client": client, "put": pieces.put}
    threading.Thread(target=_read, args=(call, options), kwargs=wiring, daemon=True).start()
    try:
        yield from _pieces(pieces, options, deadline)
    finally:
        client.close()


def _pieces(pieces: queue.Queue[Any], options: LLMOptions, deadline: float) -> Iterator[str]:
    most = options.max_tokens * _CHARACTERS_PER_TOKEN
    while True:
        try:
            piece = pieces.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise LLMTimeoutError(
                f"The LLM did not finish in {options.timeout_s:g} s. Raise QA_LLM_TIMEOUT_S or use a faster one."
            ) from None
        if piece is _END:
            return
        if isinstance(piece, Exception):
            raise LLMError(f"The LLM failed: {piece}. See QA_LLM_BASE_URL.") from piece
        most -= len(piece)
        if most < 0:
            raise LLMError(f"The LLM wrote more than the {options.max_tokens} tokens asked for.")
        yield piece


def _read(call: _Call, options: LLMOptions, *, client: httpx.Client, put: Callable[[Any], None]) -> None:
    try:
        finished = False
        for response in _responses(call, options, client=client):
            call.reported = reported_usage(response.raw) or call.reported
            if response.delta:
                put(response.delta)
            finished = finished or _is_finished(response.raw)
        put(_END if finished else LLMError("the reply ended before it was finished"))
    except Exception as error:  # adapters raise whatever they like on a broken reply; the caller falls back
        put(error)


def _responses(call: _Call, options: LLMOptions, *, client: httpx.Client) -> Iterator[ChatResponse]:
    """The stream with its usage at the end; without it from an endpoint that refuses to be asked for that."""
    import openai

    try:
        yield from _stream(call, options, client=client, extras={"stream_options": {"include_usage": True}})
    except (openai.BadRequestError, openai.UnprocessableEntityError):
        yield from _stream(call, options, client=client, extras={})


def _stream(
    call: _Call, options: LLMOptions, *, client: httpx.Client, extras: dict[str, Any]
) -> Iterator[ChatResponse]:
    from llama_index.core.base.llms.types import ChatMessage, MessageRole
    from llama_index.llms.openai_like import OpenAILike

    # Without a key of its own the adapter would send whatever OPENAI_API_KEY holds, and its retries know no deadline.
    llm = OpenAILike(
        model=options.model,
        api_base=options.base_url,
        api_key=options.api_key or _NO_KEY,
        is_chat_model=True,
        temperature=0.0,
        max_tokens=options.max_tokens,
        max_retries=0,
        timeout=options.timeout_s,
        additional_kwargs=extras,
        http_client=client,  # type: ignore[call-arg]  # the adapter inherits a hand-written __init__
    )
    messages = [
        ChatMessage(role=MessageRole.SYSTEM, content=call.system),
        ChatMessage(role=MessageRole.USER, content=call.user),
    ]
    return iter(llm.stream_chat(messages))


def _is_finished(raw: Any) -> bool:  # noqa: ANN401 - the adapter's own record
    choices = getattr(raw, "choices", None) or ()
    return any(getattr(choice, "finish_reason", None) for choice in choices)
