"""The reader at work: passages are read beside a question, all in one pass."""

from __future__ import annotations

import copy
import logging
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from qa_service.errors import ReaderError
from qa_service.reading import network
from qa_service.reading.decode import SpanScore, WindowScores, best_spans, score_span
from qa_service.reading.tokens import Tokens, tokenise
from qa_service.reading.weights import WEIGHTS_FILE, encoder_checksum, load_weights

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from torch import nn
    from transformers import PreTrainedTokenizerBase

    from qa_service.embedding.encoder import Encoder
    from qa_service.models import Span

logger = logging.getLogger(__name__)

WINDOW_TOKENS = 256
OVERLAP_TOKENS = 64
BATCH_TOKENS = 6000
"""Tokens of one forward pass; more passages are read in several."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of one passage.

    `relevance` is the logit that the passage answers the question, `null` the raw logit of "no answer" among the spans.
    `spans` are the best answers, the best first; `candidates` are the spans that were asked for, in their order.
    """

    relevance: float
    null: float
    spans: tuple[SpanScore, ...]
    candidates: tuple[SpanScore, ...] = ()


class Reader:
    """A fitted reader; safe to use from several threads."""

    def __init__(self, net: nn.ModuleDict, tokenizer: PreTrainedTokenizerBase) -> None:
        self._network = net
        self._tokenise = lru_cache(maxsize=4096)(lambda text: tokenise(tokenizer, text))

    def read(
        self,
        question: str,
        texts: Sequence[str],
        *,
        contexts: Sequence[str] | None = None,
        candidates: Sequence[Sequence[Span]] | None = None,
        top_spans: int = 5,
    ) -> list[Reading]:
        """One reading a text, in order. `contexts` (an article's title, say) are read too, and never answer.

        Offsets are code points of the given text. A text longer than a window is read in overlapping ones: its
        relevance is the best window's.
        """
        asked = self._tokenise(question).ids
        tokens = [self._tokenise(text) for text in texts]
        heads = [self._tokenise(context).ids if context else () for context in contexts or [""] * len(texts)]
        jobs = [(row, first) for row, found in enumerate(tokens) for first in _window_starts(found)]
        inputs = [network.join(asked, heads[row], tokens[row].ids[low : low + WINDOW_TOKENS]) for row, low in jobs]
        windows: list[list[WindowScores]] = [[] for _ in texts]
        for (row, first), scores in zip(jobs, self._forward(inputs), strict=True):
            windows[row].append(replace(scores, first=first))
        wanted = candidates or [()] * len(texts)
        return [_reading(text, tokens[row], windows[row], wanted[row], top_spans) for row, text in enumerate(texts)]

    def _forward(self, inputs: Sequence[network.Input]) -> list[WindowScores]:
        """The scores of every input, in order; inputs of one length share a pass."""
        results: dict[int, WindowScores] = {}
        order = sorted(range(len(inputs)), key=lambda i: -len(inputs[i].ids))
        while order:
            fit = max(1, BATCH_TOKENS // len(inputs[order[0]].ids))
            batch, order = order[:fit], order[fit:]
            for row, result in zip(batch, self._scores([inputs[i] for i in batch]), strict=True):
                results[row] = result
        return [results[row] for row in range(len(inputs))]

    def _scores(self, inputs: Sequence[network.Input]) -> list[WindowScores]:
        import torch

        with torch.inference_mode():
            scores = network.scores(self._network, network.batch_tensors(inputs))
        starts, ends, relevance = scores.starts.numpy(), scores.ends.numpy(), scores.relevance.tolist()
        found = []
        for row, item in enumerate(inputs):
            passage = slice(item.offset, item.offset + item.length)
            null = float(starts[row, 0] + ends[row, 0])
            found.append(WindowScores(0, starts[row, passage], ends[row, passage], null, relevance[row]))
        return found


def load_reader(
    encoder_folder: Path,
    *,
    encoder: Encoder | None = None,
    threads: int | None = None,
    weights: Path = WEIGHTS_FILE,
) -> Reader:
    """The reader on top of the bundled encoder's folder; with `encoder` given, its embeddings are shared in memory.

    `threads` sets the threads of torch for the whole process. Raises ReaderError where the weights cannot be used.
    """
    import torch

    if threads:
        torch.set_num_threads(threads)
    checksum = encoder_checksum(encoder_folder)
    net = network.build(_transformer(encoder_folder, encoder))
    state = net.state_dict()
    base = {name: value.numpy() for name, value in state.items() if name.startswith("encoder.encoder.layer")}
    fitted = load_weights(base, checksum, weights)
    unknown = sorted(set(fitted) - set(state))
    if unknown:
        raise ReaderError(f"The reader's weights name parameters that the encoder does not have: {unknown[:3]}.")
    net.load_state_dict({name: torch.from_numpy(np.ascontiguousarray(v)) for name, v in fitted.items()}, strict=False)
    net.eval().requires_grad_(False)
    return Reader(_accelerated(net), _tokenizer(encoder_folder))


def _transformer(folder: Path, encoder: Encoder | None) -> nn.Module:
    if encoder is None or encoder.folder != folder:
        return network.load_transformer(folder)
    own = cast("Any", encoder.sentence_transformer[0]).auto_model
    copied: nn.Module = copy.deepcopy(own, {id(own.embeddings): own.embeddings})
    return copied


def _tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder)


def _accelerated(net: nn.ModuleDict) -> nn.ModuleDict:
    """The layers in bfloat16 where the processor multiplies it natively: four times as fast, ranks unchanged."""
    import torch

    native = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    if native is None or not native():
        return net
    bert = cast("Any", net["encoder"])
    for module in (bert.encoder, net["span"], net["relevance"]):
        module.to(torch.bfloat16)
    bert.encoder.register_forward_pre_hook(_in_bfloat16, with_kwargs=True)
    return net


def _in_bfloat16(
    _module: nn.Module, args: tuple[object, ...], kwargs: dict[str, object]
) -> tuple[tuple[object, ...], dict[str, object]]:
    return tuple(_cast(value) for value in args), {name: _cast(value) for name, value in kwargs.items()}


def _cast(value: object) -> object:
    import torch

    return value.to(torch.bfloat16) if isinstance(value, torch.Tensor) and value.is_floating_point() else value


def _window_starts(tokens: Tokens) -> list[int]:
    """The first tokens of windows over a text, each at the start of a sentence where one is near."""
    starts, size = [0], len(tokens.ids)
    while starts[-1] + WINDOW_TOKENS < size:
        latest = starts[-1] + WINDOW_TOKENS - OVERLAP_TOKENS
        near = [at for at in tokens.breaks if latest - OVERLAP_TOKENS <= at <= latest]
        starts.append(near[-1] if near else latest)
    return starts


def _reading(
    text: str, tokens: Tokens, windows: Sequence[WindowScores], wanted: Sequence[Span], top_spans: int
) -> Reading:
    best = max(windows, key=lambda window: window.relevance)
    scored = tuple(SpanScore(span.start, span.end, score_span(tokens, windows, span)) for span in wanted)
    return Reading(best.relevance, best.null, best_spans(text, tokens, windows, top_spans), scored)
