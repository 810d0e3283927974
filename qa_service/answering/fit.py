"""Fits the scorer on collections with parallel articles: `python -m qa_service.answering.fit WORK [ARTICLES…]`.

An articles file is JSONL with `texts`, `questions`, `answers` and `quotes` by language. Each article enters the
collection in one language, its questions are asked in all; so most pairs cross languages, as in a real collection of
mixed languages.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from qa_service.answering.features import NAMES, Evidence
from qa_service.answering.fit_models import Choice, fit_confidence, fit_ranking
from qa_service.answering.parts import question_parts
from qa_service.answering.scoring import CONFIDENCE_NAMES, FITTED, LogisticModel, Scorer
from qa_service.answering.selection import (
    Judged,
    best_sentences,
    best_span,
    sentence_confidence_features,
    span_confidence_features,
    weigh_part,
)
from qa_service.errors import QAError
from qa_service.language.quantities import find_quantities
from qa_service.language.quantities_same import same_quantity
from qa_service.language.search_tokens import search_tokens
from qa_service.models import Span
from qa_service.reading.documents import read_rows

logger = logging.getLogger(__name__)
TODAY = date(2026, 1, 1)
CORPUS = Path(__file__).parent / "corpus"
"""Articles that the reader was not fitted on: what it says of those it knows would teach too much trust in it."""
FOLDS = 5
ENOUGH_F1 = 0.5
"""Token F1 with the gold answer from which a span counts as right: annotators draw the edges of names differently."""
LEAST_PRECISION = {"eager": 0.75, "balanced": 0.88, "strict": 0.95}
"""Of the values given, the share that must be right, questions that nothing answers counted in."""
MOST_FALSE = {"eager": 0.25, "balanced": 0.12, "strict": 0.05}
"""Of the questions that nothing answers, the share that may be answered with a sentence."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its gold, verbatim from the indexed text; both are empty where nothing answers."""

    question: str
    language: str
    article_id: str
    article_language: str
    answer: str
    quote: str


@dataclass(frozen=True, slots=True)
class Sample:
    """The weighed candidates of one case, with what each is: the answer, in the sentence that answers."""

    case: Case
    evidence: tuple[Evidence, ...]
    is_answer: tuple[bool, ...]
    in_quote: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """The features of a best ranked candidate, whether it was right, and whether the question has an answer."""

    features: tuple[float, ...]
    right: bool
    answerable: bool


@dataclass(frozen=True, slots=True)
class GatherOptions:
    """How collections are drawn: articles each, share of the questions asked, and whether passages are read."""

    seed: int = 0
    size: int = 10
    share: float = 1.0
    read: bool = True


def read_cases(paths: Sequence[Path], rng: random.Random) -> tuple[list[dict[str, Any]], list[Case]]:
    """One collection of the files' articles, each in a language drawn, and the questions in every language."""
    articles: list[dict[str, Any]] = []
    cases: list[Case] = []
    for path in paths:
        for item in read_rows(path):
            language = rng.choice(sorted(item["texts"]))
            text = item["texts"][language]
            articles.append({"id": item["id"], "title": text["title"], "text": f"{text['title']}\n\n{text['text']}\n"})
            cases.extend(_cases_of(item, language))
    return articles, cases


def _cases_of(item: dict[str, Any], language: str) -> Iterator[Case]:
    for question in item["questions"]:
        answered = question["kind"] == "answer"
        for asked, wording in question["question"].items():
            answer = question["answers"][language] if answered else ""
            quote = question["quotes"][language] if answered else ""
            yield Case(wording, asked, item["id"], language, answer, quote)


def label(case: Case, evidence: Sequence[Evidence]) -> Sample:
    """What each candidate is: it covers the gold answer, or is the same value, within the gold quote."""
    in_quote = tuple(_in_quote(case, item) for item in evidence)
    is_answer = tuple(inside and _is_answer(case, item) for inside, item in zip(in_quote, evidence, strict=True))
    return Sample(case, tuple(evidence), is_answer, in_quote)


def _in_quote(case: Case, item: Evidence) -> bool:
    candidate = item.candidate
    if not case.quote or candidate.hit.passage.article_id != case.article_id:
        return False
    start = candidate.hit.passage.text.find(case.quote)
    return start >= 0 and candidate.sentence.overlaps(Span(start, start + len(case.quote)))


def _is_answer(case: Case, item: Evidence) -> bool:
    candidate = item.candidate
    if candidate.is_sentence and len(candidate.sentence_text) > 1.5 * len(case.answer):
        return False
    if candidate.quantity is not None:
        gold = find_quantities(case.answer, case.article_language)
        if gold:
            return any(same_quantity(candidate.quantity, other) for other in gold)
    words, wanted = set(search_tokens(candidate.text)), set(search_tokens(case.answer))
    shared = len(words & wanted)
    return bool(shared) and (2 * shared >= ENOUGH_F1 * (len(words) + len(wanted)) or (words <= wanted and shared > 1))


def fit_scorer(samples: Sequence[Sample]) -> tuple[Scorer, dict[str, Any]]:
    """The scorer fitted on all samples, its confidences on rankings of articles held out in turn; and its curves."""
    span, sentence = _fit_ranker(samples, "is_answer"), _fit_ranker(samples, "in_quote")
    rows: dict[str, list[Row]] = {"span": [], "sentence": []}
    for fold in range(FOLDS):
        train = [sample for sample in samples if _fold(sample) != fold]
        rankers = _fit_ranker(train, "is_answer"), _fit_ranker(train, "in_quote")
        for sample in samples:
            if _fold(sample) == fold:
                _collect(sample, *rankers, rows=rows)
    confidences = {
        name: fit_confidence(np.array([row.features for row in found]), np.array([row.right for row in found]))
        for name, found in rows.items()
    }
    thresholds = {
        "span": _precise_thresholds(confidences["span"], rows["span"]),
        "sentence": _safe_thresholds(confidences["sentence"], rows["sentence"]),
    }
    scorer = Scorer(span, sentence, confidences["span"], confidences["sentence"], thresholds)
    return scorer, {name: _curve(confidences[name], rows[name]) for name in rows}


def _fold(sample: Sample) -> int:
    return sum(sample.case.article_id.encode()) % FOLDS


def _collect(sample: Sample, span: LogisticModel, sentence: LogisticModel, *, rows: dict[str, list[Row]]) -> None:
    judged = [Judged(item, span.logit(item.features), sentence.logit(item.features)) for item in sample.evidence]
    judged.sort(key=lambda item: -item.span_logit)
    answers = {id(item) for item, right in zip(sample.evidence, sample.is_answer, strict=True) if right}
    quoted = {id(item) for item, right in zip(sample.evidence, sample.in_quote, strict=True) if right}
    answerable = bool(sample.case.answer)
    if (best := best_span(judged)) is not None:
        row = Row(span_confidence_features(best, judged), id(best.evidence) in answers, answerable)
        rows["span"].append(row)
    if sentences := best_sentences(judged, 1):
        features = sentence_confidence_features(sentences[0], judged)
        rows["sentence"].append(Row(features, id(sentences[0].evidence) in quoted, answerable))


def _fit_ranker(samples: Sequence[Sample], target: str) -> LogisticModel:
    return fit_ranking([choice for sample in samples if (choice := _choice(sample, target)) is not None])


def _choice(sample: Sample, target: str) -> Choice | None:
    """The candidates that may answer; None where none of them is right, since then there is nothing to choose."""
    marked = zip(sample.evidence, getattr(sample, target), strict=True)
    sentences = target == "in_quote"
    kept = [
        (item.features, right)
        for item, right in marked
        if Judged(item, 0.0, 0.0).fits and (sentences or not item.candidate.is_sentence)
    ]
    if not any(right for _, right in kept):
        return None
    return Choice(np.array([features for features, _ in kept]), np.array([right for _, right in kept]))


def _precise_thresholds(model: LogisticModel, rows: Sequence[Row]) -> dict[str, float]:
    """The lowest thresholds from which values are precise enough; 1 where none is."""
    scored = sorted(((model.probability(row.features), row.right) for row in rows), reverse=True)
    precision = np.cumsum([right for _, right in scored]) / np.arange(1, len(scored) + 1)
    thresholds = {}
    for name, least in LEAST_PRECISION.items():
        enough = np.flatnonzero(precision >= least)
        thresholds[name] = round(scored[int(enough[-1])][0], 4) if len(enough) else 1.0
    return thresholds


def _safe_thresholds(model: LogisticModel, rows: Sequence[Row]) -> dict[str, float]:
    """The lowest thresholds that leave enough of the questions without answers unanswered."""
    unanswerable = [model.probability(row.features) for row in rows if not row.answerable]
    return {name: float(np.ceil(1e4 * np.quantile(unanswerable, 1 - most)) / 1e4) for name, most in MOST_FALSE.items()}


def _curve(model: LogisticModel, rows: Sequence[Row]) -> list[tuple[float, float, float]]:
    scored = sorted(((model.probability(row.features), row.right) for row in rows), reverse=True)
    steps = range(len(scored) // 10, len(scored) + 1, max(1, len(scored) // 10))
    return [(n / len(scored), float(np.mean([right for _, right in scored[:n]])), scored[n - 1][0]) for n in steps]


def gather(work: Path, paths: Sequence[Path], options: GatherOptions) -> Iterator[Sample]:
    """The labelled samples of all collections, each of `options.size` articles, indexed under `work`."""
    rng = random.Random(options.seed)
    articles, cases = read_cases(paths, rng)
    rng.shuffle(articles)
    for low in range(0, len(articles), options.size):
        part = articles[low : low + options.size]
        ids = {article["id"] for article in part}
        asked = [case for case in cases if case.article_id in ids and rng.random() < options.share]
        yield from _of_collection(work / f"collection-{options.seed}-{low}", part, asked, read=options.read)


def _of_collection(
    work: Path, articles: Sequence[dict[str, Any]], cases: Sequence[Case], *, read: bool
) -> Iterator[Sample]:
    from qa_service.indexing.build import build_pipeline
    from qa_service.indexing.pipeline import SyncOptions, sync
    from qa_service.service import QAService
    from qa_service.settings import load_index_settings, load_settings

    work.mkdir(parents=True, exist_ok=True)
    source = work / "articles.jsonl"
    source.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in articles), encoding="utf-8")
    settings = load_settings(index_dir=work / "index", reader=read)
    pipeline = build_pipeline(load_index_settings(), QAService.encoder_for(settings))
    sync([source], settings.index_dir, pipeline=pipeline, options=SyncOptions(allow_removal=True))
    service = QAService.open(settings)
    for case in cases:
        result = service.search(case.question, today=TODAY)
        part = question_parts(result.question)[0]
        yield label(case, weigh_part(part, result))
    logger.info("%d questions on %d articles", len(cases), len(articles))


def save(scorer: Scorer, path: Path) -> None:
    """Writes the scorer as JSON that people can read."""
    data: dict[str, Any] = {"features": list(NAMES), "confidence_features": list(CONFIDENCE_NAMES)}
    for name in ("span", "sentence", "span_confidence", "sentence_confidence"):
        model: LogisticModel = getattr(scorer, name)
        data[name] = {
            "mean": np.round(model.mean, 5).tolist(),
            "scale": np.round(model.scale, 5).tolist(),
            "weights": np.round(model.weights, 5).tolist(),
            "bias": [round(model.bias, 5)],
        }
    data["thresholds"] = scorer.thresholds
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Fits and saves, and logs precision by coverage of each confidence."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("articles", type=Path, nargs="*", default=sorted(CORPUS.glob("*.jsonl.gz")))
    parser.add_argument("--size", type=int, default=10, help="articles of a collection")
    parser.add_argument("--share", type=float, default=1.0, help="share of the questions that is asked")
    parser.add_argument("--seeds", type=int, default=1, help="how often the collections are drawn")
    parser.add_argument("--without-reader", action="store_true")
    options = parser.parse_args()
    read = not options.without_reader
    drawn = [GatherOptions(seed, options.size, options.share, read) for seed in range(options.seeds)]
    samples = [sample for each in drawn for sample in gather(options.work, options.articles, each)]
    if not samples:
        raise QAError("The articles hold no questions. Give files with questions.")
    scorer, curves = fit_scorer(samples)
    for name, curve in curves.items():
        points = (f"{share:.0%}:{precision:.3f}(p>{least:.2f})" for share, precision, least in curve)
        logger.info("%s: %s", name, " ".join(points))
    logger.info("thresholds %s", scorer.thresholds)
    save(scorer, FITTED[read])


if __name__ == "__main__":
    main()
