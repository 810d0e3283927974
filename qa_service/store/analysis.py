"""Analyses as JSON text, and back; defaults are left out, decimals are strings."""

from __future__ import annotations

from functools import lru_cache

from pydantic import TypeAdapter, ValidationError

from qa_service.errors import IndexMismatchError
from qa_service.models import Analysis


def analysis_to_json(analysis: Analysis) -> str:
    """The analysis as compact JSON."""
    return _adapter().dump_json(analysis, exclude_defaults=True).decode("utf-8")


def analysis_from_json(text: str) -> Analysis:
    """The analysis that `analysis_to_json` wrote; IndexMismatchError for one of another version of the program."""
    try:
        return _adapter().validate_json(text)
    except ValidationError as error:
        problem = error.errors()[0]["msg"]
        raise IndexMismatchError(
            f"The index holds analyses of another version ({problem}). Run `qa-service index --rebuild`."
        ) from error


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Analysis]:
    return TypeAdapter(Analysis)
