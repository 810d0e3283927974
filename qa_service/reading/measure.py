"""Figures of the reader on sets that it was not fitted on.

`python -m qa_service.reading.measure --data DIR --encoder DIR [--weights FILE] [--sample N]`
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import re
import string
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa_service.reading.reader import Reader, Reading, load_reader
from qa_service.reading.tokens import tokenise
from qa_service.reading.weights import WEIGHTS_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from transformers import PreTrainedTokenizerBase

logger = logging.getLogger(__name__)

PASSAGE_TOKENS = 200
_PUNCTUATION = re.compile(f"[{re.escape(string.punctuation)}“”„»«’‘–—]")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an article; `context` is its title."""

    article: str
    language: str
    text: str
    context: str = ""


def token_f1(found: str, accepted: Iterable[str]) -> float:
    """Overlap of words, the best over the accepted answers (Rajpurkar et al. 2016, section 6.1)."""
    return max((_f1(_words(found), _words(answer)) for answer in accepted), default=0.0)


def area_under_curve(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """The share of pairs in which the positive has the higher score."""
    if not positives or not negatives:
        return float("nan")
    ranked = sorted([(score, 1) for score in positives] + [(score, 0) for score in negatives])
    below, wins = 0, 0
    for _, is_positive in ranked:
        if is_positive:
            wins += below
        else:
            below += 1
    return wins / (len(positives) * len(negatives))


def newsroom_figures(
    reader: Reader, tokenizer: PreTrainedTokenizerBase, folder: Path, *, sample: int, with_title: bool = True
) -> dict[str, float]:
    """Every question against every passage of the set: R@1, AUC, answer F1 in the first and the right passage."""
    passages = [p for row in _rows(folder / "articles.jsonl") for p in _cut(tokenizer, row, with_title=with_title)]
    totals: dict[str, list[float]] = defaultdict(list)
    best: dict[bool, list[float]] = {True: [], False: []}
    for question in _sampled(_rows(folder / "questions.jsonl"), sample):
        readings = reader.read(
            question["question"], [p.text for p in passages], contexts=[p.context for p in passages], top_spans=1
        )
        order = sorted(range(len(passages)), key=lambda i: -readings[i].relevance)
        best[question["kind"] == "answer"].append(readings[order[0]].relevance)
        if question["kind"] != "answer":
            continue
        right = [
            i for i in order if passages[i].article in question["articles"] and question["quote"] in passages[i].text
        ]
        if not right:
            continue
        kind = "same" if passages[right[0]].language == question["language"] else "cross"
        f1 = token_f1(_answer(readings[right[0]], passages[right[0]]), question["answers"])
        totals[f"R@1 {kind}"].append(order[0] == right[0])
        totals[f"R@3 {kind}"].append(right[0] in order[:3])
        totals[f"F1 right passage {kind}"].append(f1)
        totals[f"F1 first passage {kind}"].append(
            token_f1(_answer(readings[order[0]], passages[order[0]]), question["answers"])
        )
        totals[f"F1 {question['language']}→{passages[right[0]].language}"].append(f1)
    return {**_means(totals), "AUC answerable": area_under_curve(best[True], best[False])}


def xquad_figures(reader: Reader, folder: Path, *, sample: int) -> dict[str, float]:
    """Answer F1 a pair of languages in the right paragraph; AUC of it against the others of its article."""
    texts = {row["id"]: row["text"] for row in _rows(folder / "articles.jsonl")}
    totals: dict[str, list[float]] = defaultdict(list)
    for question in _sampled(_rows(folder / "questions.jsonl"), sample):
        right = question["articles"][0]
        article = right.split("-")[1]
        others = [id_ for id_ in texts if id_.split("-")[1] == article and id_ != right]
        readings = reader.read(question["question"], [texts[right], *(texts[id_] for id_ in others)], top_spans=1)
        span = readings[0].spans[0]
        f1 = token_f1(texts[right][span.start : span.end], question["answers"])
        totals[f"F1 {question['language']}→{right[:2]}"].append(f1)
        totals["F1"].append(f1)
        totals["AUC same article"] += [float(readings[0].relevance > other.relevance) for other in readings[1:]]
        totals["R@1 in article"].append(readings[0].relevance >= max(r.relevance for r in readings))
    return _means(totals)


def norquad_figures(
    reader: Reader, tokenizer: PreTrainedTokenizerBase, folder: Path, *, sample: int
) -> dict[str, float]:
    """Answer F1 in the passage of the article that has the answer and the highest relevance; R@1 within the article."""
    passages: dict[str, list[Passage]] = {}
    for row in _rows(folder / "articles.jsonl"):
        passages[row["id"]] = _cut(tokenizer, row, with_title=False)
    totals: dict[str, list[float]] = defaultdict(list)
    for question in _sampled(_rows(folder / "questions.jsonl"), sample):
        pieces = passages[question["articles"][0]]
        readings = reader.read(question["question"], [p.text for p in pieces], top_spans=1)
        order = sorted(range(len(pieces)), key=lambda i: -readings[i].relevance)
        right = [i for i in order if any(answer in pieces[i].text for answer in question["answers"])]
        if right:
            totals["F1 right passage"].append(
                token_f1(_answer(readings[right[0]], pieces[right[0]]), question["answers"])
            )
            totals["F1 first passage"].append(
                token_f1(_answer(readings[order[0]], pieces[order[0]]), question["answers"])
            )
            totals["R@1 in article"].append(order[0] in right)
    return _means(totals)


def main() -> None:
    """Read the arguments, measure, log and write the figures."""
    from transformers import AutoTokenizer

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--weights", type=Path, default=WEIGHTS_FILE)
    parser.add_argument("--sample", type=int, default=10**6, help="questions of each set")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logger.setLevel(logging.INFO)
    reader = load_reader(args.encoder, threads=args.threads, weights=args.weights)
    tokenizer = AutoTokenizer.from_pretrained(args.encoder)
    started = time.monotonic()
    _log("newsroom", newsroom_figures(reader, tokenizer, args.data / "newsroom", sample=args.sample))
    _log("xquad", xquad_figures(reader, args.data / "xquad", sample=args.sample))
    _log("norquad", norquad_figures(reader, tokenizer, args.data / "norquad", sample=args.sample))
    logger.info("%.0f s", time.monotonic() - started)


def _log(name: str, figures: dict[str, float]) -> None:
    logger.info(
        "%s %s", name, json.dumps({key: round(value, 3) for key, value in sorted(figures.items())}, ensure_ascii=False)
    )


def _answer(reading: Reading, passage: Passage) -> str:
    return passage.text[reading.spans[0].start : reading.spans[0].end] if reading.spans else ""


def _cut(tokenizer: PreTrainedTokenizerBase, row: dict[str, Any], *, with_title: bool) -> list[Passage]:
    """Runs of whole sentences of at most PASSAGE_TOKENS."""
    text, pieces = row["text"], []
    tokens = tokenise(tokenizer, text)
    low = 0
    for at, following in zip(tokens.breaks[1:], [*tokens.breaks[2:], 10**9], strict=True):
        if following - low > PASSAGE_TOKENS and at > low:
            pieces.append(text[tokens.starts[low] : tokens.ends[at - 1]])
            low = at
    title = row.get("title", "") if with_title else ""
    return [Passage(row["id"], row.get("language", "nb"), piece, title) for piece in pieces]


def _sampled(rows: Iterable[dict[str, Any]], sample: int) -> list[dict[str, Any]]:
    found = list(rows)
    return random.Random(0).sample(found, min(sample, len(found)))


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _means(totals: dict[str, list[float]]) -> dict[str, float]:
    return {key: sum(values) / len(values) for key, values in totals.items()}


def _words(text: str) -> list[str]:
    return _PUNCTUATION.sub(" ", text.lower()).split()


def _f1(found: list[str], answer: list[str]) -> float:
    shared = sum((Counter(found) & Counter(answer)).values())
    return 2 * shared / (len(found) + len(answer)) if shared else 0.0


if __name__ == "__main__":
    main()
