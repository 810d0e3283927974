"""The command line: `qa-service index | ask | search | serve | eval | settings | …`."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence

from qa_service.cli.parser import build_parser
from qa_service.errors import QAError

OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "TOKENIZERS_PARALLELISM": "false",
    "DO_NOT_TRACK": "1",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; its exit code: 0 done, 1 done in part or a failed gate, 2 a user's mistake."""
    for name, value in OFFLINE.items():
        os.environ.setdefault(name, value)
    options = build_parser().parse_args(arguments)
    try:
        _configure_logging()
        return int(options.run(options))
    except QAError as error:
        print(f"qa-service: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("qa-service: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1


def _configure_logging() -> None:
    from qa_service.settings import load_settings

    level = load_settings().log_level.upper()
    if level not in logging.getLevelNamesMapping():
        from qa_service.errors import SettingsError

        raise SettingsError(f"Setting log_level cannot be {level!r}: it is one of DEBUG, INFO, WARNING, ERROR.")
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("qa_service").setLevel(level)
