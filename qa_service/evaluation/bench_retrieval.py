"""`make bench-retrieval`: every step of the search, measured in one run on public sets.

For each set and each variant: success at 1 and 5, MRR and nDCG@10 with 95 % bootstrap intervals, over all questions,
those in the language of their article, the others, and by language pair. A gold passage is one that holds the gold
quote; where a set has no quotes, any passage of a gold article.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa_service.embedding.neutral import NeutralSpace
from qa_service.errors import QAError
from qa_service.evaluation.ask_all import span_of_quote
from qa_service.evaluation.bench_data import BenchSet, bench_parser, bench_sets, work_folder
from qa_service.evaluation.bootstrap import mean_interval
from qa_service.evaluation.collection import Models, index_articles, load_models, open_collection
from qa_service.evaluation.evaluation_file import figures_json, write_text
from qa_service.evaluation.figures import Figure, Figures
from qa_service.evaluation.gold import GoldQuestion
from qa_service.evaluation.lines import say
from qa_service.evaluation.metrics.retrieval import holds, score_rankings
from qa_service.evaluation.outcome import GoldSpan
from qa_service.language.search_tokens import search_tokens
from qa_service.models import Hit, ParsedQuestion
from qa_service.query.parse import parse_question
from qa_service.retrieval.fusion import convex_combination, levelled
from qa_service.retrieval.search import DEFAULTS, SearchOptions, search
from qa_service.settings import Settings, load_settings
from qa_service.store.database import Database
from qa_service.store.exact import ExactIndex, unit_rows
from qa_service.store.layout import IndexLayout
from qa_service.store.snapshot import Snapshot

TODAY = date(2026, 1, 15)
VARIANTS = ("plain dense", "neutral dense", "BM25", "fused", "+ constraints", "+ reader")
SHOWN = ("recall_at_1", "recall_at_5", "mrr", "ndcg_at_10")
DEPTH = 40

Vectors = npt.NDArray[np.float32]
Ranked = dict[str, list[str]]


@dataclass(frozen=True)
class Indexed:
    """A set's index, with the passages' vectors before they are made language-neutral."""

    snapshot: Snapshot
    plain: ExactIndex
    space: NeutralSpace


@dataclass(frozen=True)
class Asked:
    """A question ready to be searched for: parsed, embedded, with its gold."""

    gold: GoldQuestion
    parsed: ParsedQuestion
    vector: Vectors
    spans: tuple[GoldSpan, ...]

    @property
    def pair(self) -> str:
        """Question language and article language."""
        return f"{self.gold.language or self.parsed.language}→{self.spans[0].language}"

    @property
    def by_passage(self) -> bool:
        """Whether passages are ranked, not articles."""
        return any(span.start is not None for span in self.spans)


def index_set(bench: BenchSet, settings: Settings, models: Models) -> Indexed:
    """The set's index, kept between runs, so that only what changed is embedded."""
    index_articles([bench.articles], settings.index_dir, models)
    snapshot = open_collection(settings, models).store.snapshot()
    database = Database.open(IndexLayout(settings.index_dir).database)
    try:
        batches = list(database.vector_batches())
    finally:
        database.close()
    ids = [passage.id for batch in batches for passage in batch.passages]
    plain = ExactIndex(ids, unit_rows(np.concatenate([batch.vectors for batch in batches])))
    return Indexed(snapshot, plain, NeutralSpace.load(snapshot.transform_path))


def ask(bench: BenchSet, indexed: Indexed, models: Models, cache: Path) -> list[Asked]:
    """The answerable questions with what the search needs; their vectors are kept in `cache`."""
    questions = [gold for gold in bench.questions if gold.is_answerable and gold.articles]
    vectors = question_vectors([gold.question for gold in questions], models, cache)
    asked = []
    for gold, vector in zip(questions, vectors, strict=True):
        articles = [article for name in gold.articles if (article := indexed.snapshot.article(name))]
        spans = [span_of_quote(gold.quote, article) for article in articles]
        if spans:
            ordered = tuple(sorted(spans, key=lambda span: span.start is None))
            asked.append(Asked(gold, parse_question(gold.question, today=TODAY), vector, ordered))
    return asked


def question_vectors(texts: Sequence[str], models: Models, cache: Path) -> Vectors:
    """The raw vector of each question, shape (n, dimension), from the cache file where it has all of them."""
    key = np.array([models.encoder.model_id, *texts])
    if cache.is_file():
        kept = np.load(cache, allow_pickle=False)
        if np.array_equal(kept["key"], key):
            stored: Vectors = kept["vectors"]
            return stored
    vectors = models.encoder.encode_queries(texts)
    np.savez(cache, key=key, vectors=vectors)
    return vectors


def rankings(asked: Asked, indexed: Indexed, models: Models) -> Iterator[tuple[str, list[str]]]:
    """Each variant's passage ids for a question, best first."""
    snapshot, parsed = indexed.snapshot, asked.parsed
    neutral = indexed.space.apply_queries(asked.vector[None, :], [parsed.language])[0]
    dense, lexical = snapshot.dense(neutral, DEPTH), snapshot.lexical(search_tokens(parsed.text), DEPTH)
    weights = {"dense": DEFAULTS.dense_weight, "lexical": DEFAULTS.lexical_weight}
    languages = {passage.id: passage.language for passage in snapshot.passages([name for name, _ in lexical])}
    fused = convex_combination({"dense": dense, "lexical": levelled(lexical, languages)}, weights)
    yield "plain dense", [name for name, _ in indexed.plain.search(asked.vector, DEPTH)]
    yield "neutral dense", [name for name, _ in dense]
    yield "BM25", [name for name, _ in lexical]
    yield "fused", sorted(fused, key=lambda name: (-fused[name], name))
    yield "+ constraints", _ids(search(parsed, neutral, snapshot, options=SearchOptions()).hits)
    if models.reader is not None:
        yield "+ reader", _ids(search(parsed, neutral, snapshot, reader=models.reader, options=SearchOptions()).hits)


def measure(bench: BenchSet, indexed: Indexed, models: Models, cache: Path) -> dict[str, dict[str, Figures]]:
    """Figures by variant, by group (all, same language, cross-language, pair), by metric."""
    questions = ask(bench, indexed, models, cache)
    found: dict[str, Ranked] = defaultdict(dict)
    for asked in questions:
        for variant, ids in rankings(asked, indexed, models):
            found[variant][asked.gold.id] = ids
    return {variant: _figures(questions, ranked, indexed.snapshot) for variant, ranked in found.items()}


def table(figures: Mapping[str, Mapping[str, Figures]]) -> str:
    """A Markdown table of each group's figures by variant."""
    groups = list(dict.fromkeys(group for by_group in figures.values() for group in by_group))
    lines = [f"| | variant | n | {' | '.join(SHOWN)} |", "| --- | --- | ---: |" + " ---: |" * len(SHOWN)]
    for group in groups:
        for variant, by_group in figures.items():
            row = by_group[group]
            cells = " | ".join(_cell(row[name]) for name in SHOWN)
            lines.append(f"| {group} | {variant} | {row[SHOWN[0]].count} | {cells} |")
    return "\n".join(lines)


def _figures(questions: Sequence[Asked], ranked: Ranked, snapshot: Snapshot) -> dict[str, Figures]:
    shown: Ranked = {}
    relevant: Ranked = {}
    for asked in questions:
        shown[asked.gold.id], relevant[asked.gold.id] = _judged(asked, ranked[asked.gold.id], snapshot)
    scores = score_rankings(shown, relevant)
    groups: dict[str, list[Asked]] = {"all": list(questions), "same language": [], "cross-language": []}
    for asked in questions:
        one, _, other = asked.pair.partition("→")
        groups["same language" if one == other else "cross-language"].append(asked)
        groups.setdefault(asked.pair, []).append(asked)
    return {
        group: {name: _figure([scores[asked.gold.id][name] for asked in members]) for name in SHOWN}
        for group, members in groups.items()
        if members
    }


def _judged(asked: Asked, ids: Sequence[str], snapshot: Snapshot) -> tuple[list[str], list[str]]:
    if not asked.by_passage:
        articles = [passage.article_id for passage in snapshot.passages(ids)]
        return list(dict.fromkeys(articles)), [span.article_id for span in asked.spans]
    of_articles = [p for name in dict.fromkeys(s.article_id for s in asked.spans) for p in snapshot.passages_of(name)]
    gold = [p.id for p in of_articles if any(holds(p.article_id, p.start, p.end, span=span) for span in asked.spans)]
    return list(ids), gold


def _ids(hits: Sequence[Hit]) -> list[str]:
    """The ids of the hits, each followed by the copies that were folded into it."""
    return [name for hit in hits for name in (hit.passage.id, *hit.copies)]


def _figure(values: Sequence[float]) -> Figure:
    return Figure(sum(values) / len(values), len(values), mean_interval(values))


def _cell(figure: Figure) -> str:
    ends = figure.interval
    return f"{figure.value:.3f}" + (f" ({ends.low:.3f}–{ends.high:.3f})" if ends else "")


def _json(figures: Mapping[str, Mapping[str, Figures]]) -> dict[str, object]:
    return {variant: {group: figures_json(row) for group, row in groups.items()} for variant, groups in figures.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints a table for each set, and gives the exit code."""
    options = bench_parser("Measure every step of the search on public sets.").parse_args(arguments)
    work, settings, results = work_folder(options.work), load_settings(), {}
    models = None
    try:
        for bench in bench_sets(options):
            models = models or load_models(settings)
            chosen = settings.model_copy(update={"index_dir": work / bench.name})
            indexed = index_set(bench, chosen, models)
            say(f"\n## {bench.name}: {indexed.snapshot.count()} passages\n")
            figures = measure(bench, indexed, models, work / f"{bench.name}-questions.npz")
            say(table(figures))
            results[bench.name] = _json(figures)
        if options.json:
            write_text(options.json, json.dumps(results, ensure_ascii=False, indent=1) + "\n")
    except QAError as error:
        sys.stderr.write(f"bench_retrieval: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
