"""What the REST API takes and gives besides answers and passages."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from qa_service.schemas import PassageModel

# Unpaired surrogates and NUL can be neither stored nor sent as UTF-8.
_Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
EXAMPLE_QUESTION = "How much foreign investment did the province attract by June 2024?"


def _day_as_text(value: object) -> object:
    """A day as it came; ValueError for what is no text, such as a number, which would pass for seconds since 1970."""
    if not isinstance(value, (str, date)):
        raise ValueError("Input should be a day as YYYY-MM-DD")
    return value


class AskRequest(BaseModel):
    """A question."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"question": EXAMPLE_QUESTION}]})

    question: _Text = Field(description="The question, in any language")
    today: Annotated[date, BeforeValidator(_day_as_text)] | None = Field(
        None, description='The day that "last year" is seen from; default: today'
    )


class SearchRequest(AskRequest):
    """A question to rank passages for."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": EXAMPLE_QUESTION, "top_k": 3}]}
    )

    top_k: int = Field(10, strict=True, ge=1, le=100, description="Passages returned at most")


class SearchResponse(BaseModel):
    """The ranked passages."""

    question: str
    passages: list[PassageModel]


class ArticleSummary(BaseModel):
    """An article of the collection."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    title: str
    language: str
    published_on: date | None
    as_of: date | None
    url: str | None
    passages: int


class ArticleList(BaseModel):
    """A page of the collection; `total` counts all articles that match."""

    total: int
    articles: list[ArticleSummary]


class ArticleModel(ArticleSummary):
    """An article with its text as it lies in its source: the offsets of citations point into it."""

    text: str


class FeedbackRequest(BaseModel):
    """A user's rating of an answer."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"answer_id": "5f0c…", "rating": "up", "comment": "Just what I needed"}]},
    )

    answer_id: _Text = Field(min_length=1, max_length=64, description="The `id` of the answer")
    rating: Literal["up", "down"]
    comment: _Text | None = Field(None, max_length=2000)


class FeedbackResponse(BaseModel):
    """What was kept."""

    answer_id: str
    rating: str


class VersionModel(BaseModel):
    """What is running, and what it serves."""

    version: str
    generation: str
    created: str = Field(description="When the served generation was built, UTC")
    articles: int
    passages: int
    settings_hash: str


class HealthModel(BaseModel):
    """Whether the service is well."""

    status: str


class ProblemModel(BaseModel):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
