"""The server process."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable

import uvicorn

from qa_service.errors import SettingsError
from qa_service.service import QAService
from qa_service.settings import Settings
from qa_service.web.access import access_policy
from qa_service.web.app import create_app

logger = logging.getLogger(__name__)


class AnnouncingServer(uvicorn.Server):
    """A server that tells its address once it answers there."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[str], None], root: str) -> None:
        super().__init__(config)
        self._announce = announce
        self._root = root

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to listen, then announces."""
        await super().startup(sockets=sockets)
        if not self.should_exit and self.servers:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            self._announce(f"http://{f'[{host}]' if ':' in host else host}:{port}{self._root}")


def serve(settings: Settings, announce: Callable[[str], None] = logger.info) -> int:
    """Serves the page and the API until stopped; `announce` is called with the address once it answers."""
    access_policy(settings)
    service = QAService.open(settings)
    _warm_up(service)
    config = uvicorn.Config(
        create_app(service, settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        proxy_headers=False,  # the application reads them itself, after noting the real peer
        server_header=False,
        timeout_graceful_shutdown=settings.stop_timeout_s,
        timeout_keep_alive=30,
    )
    root = settings.root_path.strip("/")
    server = AnnouncingServer(config, announce, f"/{root}" if root else "")
    try:
        server.run()
    except OSError as error:
        address = f"{settings.host}:{settings.port}"
        raise SettingsError(f"{address} cannot be served on: {error}. Choose another --port.") from None
    return 0 if server.started else 1


def _warm_up(service: QAService) -> None:
    """Loads what is loaded with the first question, so that the first user need not wait."""
    articles = service.articles()
    if articles:
        service.ask(articles[0].title)
