"""The templates in `prompts/`: sentences around proved values, and the instructions for an LLM."""

from __future__ import annotations

import string
import tomllib
from functools import lru_cache
from pathlib import Path

from qa_service.errors import SettingsError
from qa_service.resources import data_folder

VARIABLES = frozenset({"value", "period", "quote", "language", "markers", "limit"})
REQUIRED = frozenset(
    [
        "value",
        "value_period",
        "span",
        "span_foreign",
        "sentence",
        "sentence_foreign",
        "missing_part",
        "comparison",
        "disagreement",
        "not_found",
        "other_period",
        "other_place",
        "other_entity",
        "low_confidence",
        "invalid_question",
        "empty_index",
    ]
)


@lru_cache(maxsize=8)
def answer_templates(folder: Path | None = None) -> dict[str, dict[str, str]]:
    """The answer templates by language, checked: SettingsError names a file with a missing or an unknown part."""
    folder = folder or data_folder("prompts") / "answer"
    templates = {path.stem: _read(path) for path in sorted(folder.glob("*.toml"))}
    if "en" not in templates:
        raise SettingsError(f"{folder / 'en.toml'} is missing: it serves every language without templates. Restore it.")
    return templates


def template_language(language: str) -> str:
    """The language that `render` answers in: `language`, or English where it has no templates."""
    return language if language in answer_templates() else "en"


def render(key: str, language: str, /, **values: str) -> str:
    """The template `key` in `language`, English where the language has none, filled in.

    An empty variable takes the space before it along.
    """
    template = answer_templates()[template_language(language)][key]
    return template.format(**{name: values.get(name, "") for name in VARIABLES}).replace(" .", ".")


def llm_instructions(name: str) -> str:
    """The text of the LLM prompt file `prompts/<name>.txt`."""
    path = data_folder("prompts") / f"{name}.txt"
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error}. Restore it from the project.") from None


def _read(path: Path) -> dict[str, str]:
    try:
        templates = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}. Restore it from the project.") from None
    if missing := REQUIRED - templates.keys():
        raise SettingsError(f"{path} lacks the template {min(missing)!r}. Add it.")
    for key, template in templates.items():
        used = {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
        if unknown := used - VARIABLES:
            raise SettingsError(f"{path}: template {key!r} uses {{{min(unknown)}}}; known are {sorted(VARIABLES)}.")
    return templates
