"""Fits the reader: `python -m qa_service.reading.fit --data DIR --encoder DIR --output FILE --minutes N`.

Loss: start and end cross-entropy with "no answer" at the first token; relevance as a softmax over the passages of a
question and as a probability of its own, so that passages can be ranked and a question can be left unanswered.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from qa_service.reading import documents as sets
from qa_service.reading import network
from qa_service.reading.averaging import Average, Exchange
from qa_service.reading.sampling import Sampler

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import torch
    from torch import Tensor, nn

    from qa_service.reading.documents import Document
    from qa_service.reading.sampling import Example

logger = logging.getLogger(__name__)

CORPUS = Path(__file__).parent / "corpus"
RELOAD_MINUTES = 15
EXCHANGE_STEPS = 10
WEIGHTS = {"newsroom-train": 1.2, "written": 6.0, "xquad": 2.6, "norquad": 1.5, "timeqa": 0.5}


@dataclass(frozen=True, slots=True)
class Worker:
    """Which of the workers this is, what it shares with the others, and where the weights go."""

    number: int
    exchange: Exchange
    output: Path


@dataclass(frozen=True, slots=True)
class Schedule:
    """Learning rates rise over the first `warmup` of the time and fall along a cosine to `floor` of the peak."""

    minutes: float
    peak: float = 1.5e-4
    head_peak: float = 1e-3
    warmup: float = 0.04
    floor: float = 0.05

    def factor(self, elapsed_minutes: float) -> float:
        """The share of the peak rates at this time."""
        part = min(1.0, elapsed_minutes / self.minutes)
        if part < self.warmup:
            return part / self.warmup
        rest = (part - self.warmup) / (1 - self.warmup)
        return self.floor + (1 - self.floor) * 0.5 * (1 + math.cos(math.pi * rest))


def read_documents(data: Path, written: Sequence[Path]) -> list[Document]:
    """Every document that may be fitted on."""
    documents = sets.read_articles(data / "newsroom-train" / "articles.jsonl", "newsroom-train")
    for path in written:
        documents += sets.read_articles(path, "written")
    documents += sets.read_parallel_passages(data / "xquad-parallel" / "passages.jsonl")
    documents += sets.read_passages(data / "norquad-train" / "passages.jsonl", "norquad")
    return documents + sets.read_timeqa(data / "timeqa", fitting_half=True)


def nearest_documents(documents: Sequence[Document]) -> dict[str, list[str]]:
    """For every document the others of its kind, the most similar first (tf-idf cosine of one language's words)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    by_kind: dict[str, list[Document]] = {}
    for document in documents:
        kind = "articles" if document.source in ("newsroom-train", "written") else document.source
        by_kind.setdefault(kind, []).append(document)
    nearest = {}
    for group in by_kind.values():
        texts = [document.texts.get("en") or next(iter(document.texts.values())) for document in group]
        vectors = TfidfVectorizer(sublinear_tf=True).fit_transform([f"{text.title}\n{text.text}" for text in texts])
        similar = (vectors @ vectors.T).toarray()
        for row, document in enumerate(group):
            order = (-similar[row]).argsort()
            nearest[document.id] = [group[i].id for i in order if i != row][:48]
    return nearest


def loss_of(net: nn.ModuleDict, examples: Sequence[Example]) -> tuple[Tensor, dict[str, float]]:
    """The loss of a batch, and its parts for the log."""
    import torch
    from torch.nn import functional

    batch = network.batch_tensors([example.input for example in examples])
    with torch.autocast("cpu", torch.bfloat16):
        scores = network.scores(net, batch)
    relevance = scores.relevance
    answers = torch.tensor([example.answer or (0, 0) for example in examples])
    positive = torch.tensor([example.answer is not None for example in examples])
    span = functional.cross_entropy(scores.starts, answers[:, 0], reduction="none")
    span = span + functional.cross_entropy(scores.ends, answers[:, 1], reduction="none")
    span_loss = span[positive].mean() + 0.4 * span[~positive].mean()
    own = functional.binary_cross_entropy_with_logits(relevance, positive.float(), reduction="none")
    own_loss = own[positive].mean() + own[~positive].mean()
    ranked = [torch.logsumexp(relevance[rows], 0) - relevance[rows[0]] for rows in _groups_with_answer(examples)]
    rank_loss = torch.stack(ranked).mean() if ranked else relevance.sum() * 0
    parts = {
        "span": span[positive].mean().item(),
        "null": span[~positive].mean().item(),
        "own": own_loss.item(),
        "rank": rank_loss.item(),
    }
    return 0.5 * span_loss + 0.5 * own_loss + rank_loss, parts


def _groups_with_answer(examples: Sequence[Example]) -> list[list[int]]:
    rows: dict[int, list[int]] = {}
    for row, example in enumerate(examples):
        if example.group >= 0:
            rows.setdefault(example.group, []).append(row)
    return [found for found in rows.values() if examples[found[0]].answer is not None and len(found) > 1]


def freeze(net: nn.ModuleDict, layers: int = network.FROZEN_LAYERS) -> None:
    """Keep the embeddings and the lowest layers as they are: they are not part of the shipped weights."""
    bert = cast("Any", net["encoder"])
    for module in (bert.embeddings, *bert.encoder.layer[:layers], bert.pooler):
        for parameter in module.parameters() if module is not None else ():
            parameter.requires_grad = False


def set_dropout(net: nn.ModuleDict, rate: float) -> None:
    """Dropout in the fitted layers only, and none on attention weights (slow on a CPU)."""
    from torch import nn

    for module in net.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    for layer in cast("Any", net["encoder"]).encoder.layer[network.FROZEN_LAYERS :]:
        layer.attention.output.dropout.p = rate
        layer.output.dropout.p = rate


def fit(net: nn.ModuleDict, new_sampler: Callable[[], Sampler], schedule: Schedule, *, worker: Worker) -> None:
    """Fit until the schedule's time is up; the first worker saves the moving average along the way.

    The data are read anew every RELOAD_MINUTES, so that articles can be written while fitting goes on.
    """
    import torch

    trained = {name: p for name, p in net.named_parameters() if p.requires_grad}
    optimizer = _optimizer(trained, schedule)
    average, parameters = Average(trained), list(trained.values())
    sampler, reloaded, saved, step = new_sampler(), 0.0, 0.0, 0
    started = time.monotonic()
    log: dict[str, float] = {}
    while (elapsed := (time.monotonic() - started) / 60) < schedule.minutes:
        if elapsed - reloaded >= RELOAD_MINUTES:
            sampler, reloaded = new_sampler(), elapsed
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * schedule.factor(elapsed)
        loss, parts = loss_of(net, sampler.batch())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        step += 1
        average.update(step)
        if step % EXCHANGE_STEPS == 0:
            worker.exchange.mix(worker.number, parameters)
            for key, value in parts.items():
                log[key] = 0.9 * log.get(key, value) + 0.1 * value
        if step % 50 == 0:
            logger.info("worker %d step %d minute %.1f %s", worker.number, step, elapsed, _rounded(log))
        if worker.number == 0 and elapsed - saved >= 3:
            torch.save(average.values, worker.output)
            saved = elapsed
    if worker.number == 0:
        torch.save(average.values, worker.output)


def _optimizer(trained: dict[str, nn.Parameter], schedule: Schedule) -> torch.optim.Optimizer:
    import torch

    heads = [p for name, p in trained.items() if not name.startswith("encoder.")]
    layers = [p for name, p in trained.items() if name.startswith("encoder.")]
    groups = [{"params": layers, "peak": schedule.peak}, {"params": heads, "peak": schedule.head_peak}]
    return torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.98), weight_decay=0.01)


def _rounded(log: dict[str, float]) -> str:
    return json.dumps({key: round(value, 3) for key, value in log.items()})


def run_worker(number: int, args: argparse.Namespace, exchange: Exchange) -> None:
    """One worker: its own copy of the network, its own batches, one thread."""
    import torch

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    net = _network(args)
    rng = random.Random(1000 * args.seed + number)
    schedule = Schedule(args.minutes, args.peak, args.head_peak, floor=args.floor)
    fit(net, lambda: _sampler(args, rng), schedule, worker=Worker(number, exchange, args.output))


def _network(args: argparse.Namespace) -> nn.ModuleDict:
    import torch

    net = network.build(network.load_transformer(args.encoder))
    if args.start:
        net.load_state_dict(torch.load(args.start), strict=False)
    freeze(net)
    net.train()
    set_dropout(net, args.dropout)
    return net


def main() -> None:
    """Read the arguments and fit."""
    from torch.multiprocessing.spawn import start_processes

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--written", type=Path, nargs="*", default=sorted(CORPUS.glob("*.jsonl.gz")))
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--start", type=Path, default=None, help="a checkpoint to go on from")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--peak", type=float, default=2e-4)
    parser.add_argument("--head-peak", type=float, default=1e-3)
    parser.add_argument("--floor", type=float, default=0.05)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=1, help="threads of one worker")
    args = parser.parse_args()
    size = sum(p.numel() for p in _network(args).parameters() if p.requires_grad)
    exchange = Exchange(args.workers, size)
    start_processes(  # type: ignore[no-untyped-call]
        run_worker, args=(args, exchange), nprocs=args.workers, start_method="spawn"
    )


def _sampler(args: argparse.Namespace, rng: random.Random) -> Sampler:
    from transformers import AutoTokenizer

    documents = read_documents(args.data, args.written)
    logger.info("%d documents, %d questions", len(documents), sum(len(d.questions) for d in documents))
    neighbours = nearest_documents(documents)
    tokenizer = AutoTokenizer.from_pretrained(args.encoder)
    return Sampler(documents, tokenizer, rng=rng, weights=WEIGHTS, neighbours=neighbours)


if __name__ == "__main__":
    main()
