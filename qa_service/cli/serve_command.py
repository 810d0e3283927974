"""`qa-service serve`."""

from __future__ import annotations

import argparse
import logging

from qa_service.cli.common import settings_of


def run(options: argparse.Namespace) -> int:
    """Serves the page and the API until stopped."""
    from qa_service.web.logs import JsonFormatter
    from qa_service.web.serve import serve

    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonFormatter())
    return serve(settings_of(options), announce=lambda url: print(f"Serving {url}", flush=True))
