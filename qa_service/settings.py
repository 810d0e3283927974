"""Every setting of the service; each is also an environment variable `QA_…`."""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from qa_service.errors import SettingsError
from qa_service.resources import data_folder, default_index_dir

PREFIX = "QA_"


class Strictness(StrEnum):
    """How sure the service must be before it answers."""

    STRICT = "strict"
    BALANCED = "balanced"
    EAGER = "eager"


class IndexSettings(BaseModel):
    """Choices that force a rebuild; `index/settings.toml` holds them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    embedding_model: str = Field(description="The embedding model: the default's name, a folder, or a cached hub name")
    passage_tokens: int = Field(ge=32, le=480, description="Longest passage, in tokens of the embedding model")
    passage_overlap_sentences: int = Field(ge=0, le=5, description="Sentences shared with the passage before")
    language_neutral: bool = Field(description="Whether vectors are freed of what only tells their language")
    analysis_version: int = Field(description="Version of chunker and analyser")

    def digest(self) -> str:
        """A short hash of the choices, kept in an index's manifest."""
        return hashlib.sha256(json.dumps(self.model_dump(), sort_keys=True).encode()).hexdigest()[:16]


class Settings(BaseSettings):
    """Everything that can change without a rebuild."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, populate_by_name=True)

    # where things lie
    index_dir: Path = Field(default_factory=default_index_dir, description="Folder of the index")
    cache_dir: Path | None = Field(None, description="Folder of the unpacked model; default: the user's cache folder")
    # answering
    reader: bool = Field(True, description="Whether the fitted reader reranks passages and scores spans")
    strictness: Strictness = Field(
        Strictness.BALANCED, description="How sure an answer must be: strict, balanced, eager"
    )
    candidates: int = Field(40, ge=5, le=500, description="Passages that each lane of the search gives")
    read_passages: int = Field(12, ge=1, le=50, description="Passages that the reader reads for a question")
    closest_passages: int = Field(3, ge=0, le=10, description="Nearest passages shown with an abstention")
    default_language: str = Field("en", description="Language of a question whose language cannot be told")
    max_question_chars: int = Field(1000, ge=20, le=20000, description="Longest question accepted, in characters")
    threads: int = Field(
        default_factory=lambda: min(4, os.cpu_count() or 1), ge=1, description="CPU threads of the models"
    )
    device: str = Field("cpu", description="Where the models run: cpu, cuda, mps")
    # the server
    host: str = Field("127.0.0.1", description="Address to serve on")
    port: int = Field(7860, ge=0, le=65535, description="Port to serve on")
    root_path: str = Field("", description="Path under which a reverse proxy serves the service, such as /qa")
    concurrency: int = Field(4, ge=1, le=64, description="Answers computed at a time")
    queue_size: int = Field(32, ge=0, le=1000, description="Answers that may wait before the service says it is busy")
    answer_timeout_s: float = Field(60.0, gt=0, description="Longest time an answer may take, in seconds")
    rate_per_minute: int = Field(120, ge=0, description="Questions a client may ask in a minute; 0: no limit")
    max_body_bytes: int = Field(262144, ge=1024, description="Largest request body, in bytes")
    frame_origins: tuple[str, ...] = Field(
        (), description="Origins that may frame the chat and call the API (JSON list)"
    )
    password_file: Path | None = Field(
        None, description="File of user:password lines; needed on any address but loopback"
    )
    trusted_user_header: str | None = Field(
        None, description="Header in which a trusted proxy names the signed-in user"
    )
    trusted_proxies: tuple[str, ...] = Field(
        ("127.0.0.1", "::1"), description="Addresses of proxies whose forwarding and user headers count (JSON list)"
    )
    feedback_file: Path | None = Field(
        None, description="SQLite file of the users' feedback; default: feedback.sqlite3 in the index folder"
    )
    title: str | None = Field(None, description="Title of the page; default: one in the reader's language")
    example_questions: tuple[str, ...] = Field(
        (), description="Questions offered to start with (JSON list); default: some that the collection answers"
    )
    stop_timeout_s: int = Field(10, ge=1, description="Time for answers under way when the server stops, in seconds")
    log_questions: bool = Field(False, description="Whether logs may hold the text of questions")
    log_level: str = Field("INFO", description="Log level", validation_alias=AliasChoices("QA_LOG_LEVEL", "LOG_LEVEL"))
    # an LLM, where the user has one
    llm_base_url: str | None = Field(
        None,
        description="OpenAI-compatible endpoint; none: no LLM",
        validation_alias=AliasChoices("QA_LLM_BASE_URL", "OPENAI_BASE_URL"),
    )
    llm_model: str | None = Field(None, description="Model name at that endpoint")
    llm_api_key: SecretStr | None = Field(
        None, description="Its key", validation_alias=AliasChoices("QA_LLM_API_KEY", "OPENAI_API_KEY")
    )
    llm_timeout_s: float = Field(20.0, gt=0, description="Longest time the LLM may take, in seconds")
    llm_retries: int = Field(1, ge=0, le=5, description="Further tries after a failed call")
    llm_max_tokens: int = Field(500, ge=50, le=4000, description="Longest answer of the LLM, in tokens")
    llm_price_read: float | None = Field(None, ge=0, description="Price of a million tokens read; for evaluation")
    llm_price_written: float | None = Field(None, ge=0, description="Price of a million tokens written; for evaluation")


def load_settings(**overrides: Any) -> Settings:  # noqa: ANN401 - the values of any field
    """The settings from the environment, with `overrides` on top; SettingsError names what cannot be used."""
    unknown = [
        name for name in os.environ if name.startswith(PREFIX) and name[len(PREFIX) :].lower() not in known_names()
    ]
    if unknown:
        raise SettingsError(f"Unknown setting {unknown[0]}. `qa-service settings` lists every setting.")
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})
    except ValidationError as error:
        raise SettingsError(_first_problem(error)) from None


def known_names() -> set[str]:
    """The names of all settings, those of the index included."""
    return set(Settings.model_fields) | set(IndexSettings.model_fields)


def load_index_settings(path: Path | None = None) -> IndexSettings:
    """The choices of `index/settings.toml`, the environment on top."""
    path = path or data_folder("index") / "settings.toml"
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        for name in IndexSettings.model_fields:
            if (value := os.environ.get(f"{PREFIX}{name.upper()}")) is not None:
                values[name] = value
        return IndexSettings(**values)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}. Restore it from the project.") from None
    except ValidationError as error:
        raise SettingsError(_first_problem(error)) from None


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    name = ".".join(str(part) for part in problem["loc"]) or "settings"
    value, wrong = problem.get("input"), problem["msg"]
    return f"Setting {name} cannot be {value!r}: {wrong}. `qa-service settings` lists every setting."
