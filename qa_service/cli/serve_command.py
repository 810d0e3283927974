"""`qa-service serve`."""

from __future__ import annotations

import argparse

from qa_service.cli.common import settings_of


def run(options: argparse.Namespace) -> int:
    """Serves the page and the API until stopped."""
    from qa_service.web.serve import serve

    return serve(settings_of(options))
