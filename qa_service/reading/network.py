"""The reader's network: the encoder over question and passage together, a span head and a relevance head.

`<s> question </s></s> context </s> passage </s>`; the context (a title) may be missing. The span head scores every
token as a start and as an end (Devlin et al. 2019, section 4.3; the first token stands for "no answer"); the
relevance head reads the first token and the mean of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from torch import Tensor, nn

FROZEN_LAYERS = 4
BOS, PAD, EOS = 0, 1, 2
MAX_QUESTION_TOKENS = 64
MAX_CONTEXT_TOKENS = 32


@dataclass(frozen=True, slots=True)
class Input:
    """One sequence; `offset` is where the passage's first token stands, `length` how many it has."""

    ids: tuple[int, ...]
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded sequences, shape (n, width): ids, which of them are not padding, and where a span may start or end."""

    ids: Tensor
    mask: Tensor
    allowed: Tensor


@dataclass(frozen=True, slots=True)
class Scores:
    """Logits in float32: starts and ends (n, width), very low where no span may be, and relevance (n,)."""

    starts: Tensor
    ends: Tensor
    relevance: Tensor


def join(question: Sequence[int], context: Sequence[int], passage: Sequence[int]) -> Input:
    """The sequence for one question, context and passage."""
    head = [BOS, *question[:MAX_QUESTION_TOKENS], EOS, EOS]
    if context:
        head += [*context[:MAX_CONTEXT_TOKENS], EOS]
    return Input((*head, *passage, EOS), len(head), len(passage))


def build(encoder: nn.Module) -> nn.ModuleDict:
    """A `ModuleDict` of the transformer `encoder` (a BertModel) with new heads."""
    from torch import nn

    hidden = int(encoder.config.hidden_size)  # type: ignore[union-attr, arg-type]
    cast("Any", encoder).pooler = None  # the heads read the tokens themselves
    relevance = nn.Sequential(nn.Linear(2 * hidden, hidden), nn.Tanh(), nn.Linear(hidden, 1))
    return nn.ModuleDict({"encoder": encoder, "span": nn.Linear(hidden, 2), "relevance": relevance})


def load_transformer(folder: Path) -> nn.Module:
    """The transformer of a sentence-transformers folder, on the CPU, in float32."""
    import torch
    from sentence_transformers import SentenceTransformer

    kwargs = {"dtype": torch.float32, "attn_implementation": "eager"}
    model = SentenceTransformer(str(folder), device="cpu", model_kwargs=kwargs)
    transformer: nn.Module = cast("Any", model[0]).auto_model
    return transformer


def batch_tensors(inputs: Sequence[Input]) -> Batch:
    """The sequences padded to one length."""
    import torch

    width = max(len(item.ids) for item in inputs)
    ids = torch.full((len(inputs), width), PAD, dtype=torch.long)
    allowed = torch.zeros((len(inputs), width), dtype=torch.bool)
    for row, item in enumerate(inputs):
        ids[row, : len(item.ids)] = torch.tensor(item.ids)
        allowed[row, item.offset : item.offset + item.length] = True
        allowed[row, 0] = True
    return Batch(ids, ids != PAD, allowed)


def scores(network: nn.ModuleDict, batch: Batch) -> Scores:
    """The network's scores of a batch."""
    import torch

    hidden = network["encoder"](input_ids=batch.ids, attention_mask=batch.mask.long()).last_hidden_state
    spans = network["span"](hidden).float().masked_fill(~batch.allowed[:, :, None], -1e4)
    weights = batch.mask[:, :, None].to(hidden.dtype)
    mean = (hidden * weights).sum(dim=1) / weights.sum(dim=1)
    relevance = network["relevance"](torch.cat([hidden[:, 0], mean], dim=-1)).float().squeeze(-1)
    return Scores(spans[:, :, 0], spans[:, :, 1], relevance)
