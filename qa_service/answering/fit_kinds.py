"""Fits the kinds of answer: `python -m qa_service.answering.fit_kinds DATA ARTICLES…`.

The label of a question is the kind of its gold answer: of the quantity or date that it is, else as its article's author
marked it, else as the rules read the question.
"""

from __future__ import annotations

import argparse
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qa_service.language.periods import find_periods
from qa_service.language.quantities import find_quantities
from qa_service.models import AskedFor, QuantityKind, Span
from qa_service.query.answer_kinds import FITTED, RULES, KindModel, save_kind_model
from qa_service.query.parse import parse_question
from qa_service.reading.documents import Document, Question, read_parallel_passages, read_passages, read_rows

logger = logging.getLogger(__name__)
TODAY = date(2026, 1, 1)
KIND_OF_QUANTITY = {
    QuantityKind.MONEY: AskedFor.AMOUNT,
    QuantityKind.SHARE: AskedFor.SHARE,
    QuantityKind.FRACTION: AskedFor.SHARE,
    QuantityKind.COUNT: AskedFor.COUNT,
    QuantityKind.MEASURE: AskedFor.MEASURE,
    QuantityKind.RATIO: AskedFor.MEASURE,
    QuantityKind.AREA: AskedFor.AREA,
    QuantityKind.RANK: AskedFor.RANK,
}
MARKED = frozenset({"person", "organisation", "place", "list", "reason"})
COVERED = 0.55
"""The share of an answer that a quantity or date must cover for the answer to be one."""
STRENGTH = 0.003
"""Inverse of the weight decay: chosen on articles held out."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question with the kind of its answer."""

    text: str
    language: str
    kind: AskedFor


def labelled_articles(path: Path) -> Iterator[Labelled]:
    """The questions of parallel articles, whose authors marked them with a type."""
    for article in read_rows(path):
        for question in article["questions"]:
            if question["kind"] == "answer":
                kind = _marked_kind(question)
                yield from (Labelled(text, language, kind) for language, text in question["question"].items())


def _marked_kind(question: Mapping[str, Any]) -> AskedFor:
    marked = question.get("type", "other")
    if marked in MARKED:
        return AskedFor(marked)
    found = [
        kind
        for language, quote in question["quotes"].items()
        if (kind := _typed_kind(quote, question["answers"][language], language))
    ]
    if found:
        return Counter(found).most_common(1)[0][0]
    return {"period": AskedFor.DATE}.get(marked) or AskedFor(marked)


def _typed_kind(text: str, answer: str, language: str) -> AskedFor | None:
    start = text.find(answer)
    span = Span(start, start + len(answer))
    for quantity in find_quantities(text, language):
        if span.covered_share(quantity.span) >= COVERED:
            return KIND_OF_QUANTITY[quantity.kind]
    dates = find_periods(text, language, anchor=TODAY)
    return AskedFor.DATE if any(span.covered_share(period.span) >= COVERED for period in dates) else None


def labelled_documents(documents: Sequence[Document]) -> Iterator[Labelled]:
    """The questions of documents whose authors marked none."""
    for document in documents:
        for question in document.questions:
            if question.gold:
                kind = _kind_of_gold(document, question)
                yield from (Labelled(text, language, kind) for language, text in question.wordings.items())


def _kind_of_gold(document: Document, question: Question) -> AskedFor:
    found: list[AskedFor] = []
    for language, gold in question.gold.items():
        around = document.texts[language].text[max(0, gold.answer.start - 40) : gold.answer.end + 40]
        answer = document.texts[language].text[gold.answer.start : gold.answer.end]
        if kind := _typed_kind(around, answer, language):
            found.append(kind)
    best = Counter(found).most_common(1)
    if best and best[0][1] >= max(1, 0.3 * len(question.gold)):
        return best[0][0]
    language = "en" if "en" in question.wordings else next(iter(question.wordings))
    read = rule_of(question.wordings[language], language)
    return read if read.value in MARKED else AskedFor.OTHER


def rule_of(text: str, language: str) -> AskedFor:
    """What the rules read the question to ask for, its first part."""
    return parse_question(text, today=TODAY, language=language).asked_for[0]


def fit_kinds(questions: Sequence[Labelled], vectors: npt.NDArray[np.float32]) -> KindModel:
    """The model fitted on the questions and their raw embeddings, shape (n, dimension)."""
    rules = np.zeros((len(questions), len(RULES)), dtype=np.float32)
    rules[np.arange(len(questions)), [RULES.index(rule_of(item.text, item.language)) for item in questions]] = 1.0
    labels = np.array([item.kind.value for item in questions])
    mean, scale = vectors.mean(axis=0), float(1 / vectors.std(axis=0).mean())
    boost = 3.0
    known = np.hstack([boost * rules, scale * (vectors - mean)])
    kinds, weights, bias = _multinomial(known, labels, STRENGTH)
    _, rule_weights, rule_bias = _multinomial(rules, labels, 1.0)
    weights[: len(RULES)] *= boost
    weights[len(RULES) :] *= scale
    bias = bias - mean @ weights[len(RULES) :]
    return KindModel(tuple(AskedFor(kind) for kind in kinds), weights, bias, rule_weights, rule_bias)


def _multinomial(
    features: npt.NDArray[np.float32], labels: npt.NDArray[np.str_], strength: float
) -> tuple[list[str], npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=strength, max_iter=400).fit(features, labels)
    return list(fitted.classes_), fitted.coef_.T.astype(np.float32), fitted.intercept_.astype(np.float32)


def main() -> None:
    """Fits and saves."""
    from qa_service.service import QAService
    from qa_service.settings import load_settings

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("articles", type=Path, nargs="+")
    options = parser.parse_args()
    questions = [item for path in options.articles for item in labelled_articles(path)]
    questions += labelled_documents(read_parallel_passages(options.data / "xquad-parallel" / "passages.jsonl"))
    questions += labelled_documents(read_passages(options.data / "norquad-train" / "passages.jsonl", "norquad"))
    logger.info("%d questions: %s", len(questions), Counter(item.kind.value for item in questions))
    vectors = QAService.encoder_for(load_settings()).encode_queries([item.text for item in questions])
    save_kind_model(fit_kinds(questions, vectors), FITTED)


if __name__ == "__main__":
    main()
