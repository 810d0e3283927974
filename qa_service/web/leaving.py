"""Work for a client is given up when the client leaves before it is done."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import Request

from qa_service.errors import QAError

Result = TypeVar("Result")
STATUS_LEFT = 499
"""What access logs say of clients that left, after nginx; nobody receives it."""


class ClientLeftError(QAError):
    """The client closed its connection before it had its answer."""


async def while_connected(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """The result of `work`; where the client leaves first, `work` is cancelled and ClientLeftError raised.

    The body of the request must have been read.
    """
    task = asyncio.ensure_future(work)
    left = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({task, left}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise ClientLeftError("The client left before its answer was ready.")
    finally:
        task.cancel()
        left.cancel()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
