"""The records that cross module boundaries: articles, passages, hits, typed values, answers.

Offsets count code points. `start`/`end` of articles, passages and citations point into the article's text as it
lies in its source (`Article.text`); offsets of values (`Quantity`, `Period`, `Name`) point into the text they were
read from.
"""

from qa_service.models.answers import (
    Agreement,
    Analysis,
    Answer,
    AskedFor,
    Citation,
    Claim,
    Constraints,
    Hit,
    ParsedQuestion,
    Value,
)
from qa_service.models.texts import (
    Article,
    ArticleInfo,
    CleanText,
    LoadedArticle,
    Passage,
    Run,
    Span,
)
from qa_service.models.values import (
    Name,
    Period,
    PeriodKind,
    Quantity,
    QuantityKind,
)

__all__ = [
    "Agreement",
    "Analysis",
    "Answer",
    "Article",
    "ArticleInfo",
    "AskedFor",
    "Citation",
    "Claim",
    "CleanText",
    "Constraints",
    "Hit",
    "LoadedArticle",
    "Name",
    "ParsedQuestion",
    "Passage",
    "Period",
    "PeriodKind",
    "Quantity",
    "QuantityKind",
    "Run",
    "Span",
    "Value",
]
