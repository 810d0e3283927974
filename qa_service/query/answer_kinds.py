"""How likely each kind of answer is to a question, from its wording's rules and its embedding.

A multinomial logistic regression over the kind that the rules read (one-hot) and the raw query embedding of the
default model (Adi et al. 2017: sentence embeddings tell such properties to a linear probe). With another embedding
model only the rules speak. Fitted by `answering/fit_kinds.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa_service.models import AskedFor, ParsedQuestion

FITTED = Path(__file__).with_name("answer_kinds.npz")
RULES = tuple(AskedFor)
SURE = 0.5
"""The probability from which a kind is taken for what is asked, where the rules read one that is not LIKELY_READ."""
LIKELY_READ = 0.2
NO_VALUE = frozenset({AskedFor.YES_NO, AskedFor.DESCRIPTION})

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class KindModel:
    """Weights of shape (rules + dimension, kinds) with the embedding, (rules, kinds) without; biases (kinds,)."""

    kinds: tuple[AskedFor, ...]
    weights: Floats
    bias: Floats
    rule_weights: Floats
    rule_bias: Floats

    def probabilities(self, rule: AskedFor, vector: Floats | None) -> dict[AskedFor, float]:
        """The probability of each kind of answer; `vector` is the raw query embedding, shape (dimension,)."""
        known = np.zeros(len(RULES), dtype=np.float32)
        known[RULES.index(rule)] = 1.0
        if vector is not None and len(RULES) + len(vector) == len(self.weights):
            logits = np.concatenate([known, vector]) @ self.weights + self.bias
        else:
            logits = known @ self.rule_weights + self.rule_bias
        powers = np.exp(logits - logits.max())
        return dict(zip(self.kinds, (powers / powers.sum()).tolist(), strict=True))


@lru_cache(maxsize=1)
def load_kind_model(path: Path = FITTED) -> KindModel:
    """The fitted model."""
    with np.load(path, allow_pickle=False) as data:
        kinds = tuple(AskedFor(str(name)) for name in data["kinds"])
        return KindModel(kinds, *(data[name] for name in ("weights", "bias", "rule_weights", "rule_bias")))


def save_kind_model(model: KindModel, path: Path) -> None:
    """Writes the model as an npz file, weights as float32."""
    names = np.array([kind.value for kind in model.kinds])
    np.savez_compressed(
        path,
        kinds=names,
        weights=model.weights,
        bias=model.bias,
        rule_weights=model.rule_weights,
        rule_bias=model.rule_bias,
    )


def with_expected_kinds(question: ParsedQuestion, vector: Floats | None, model: KindModel) -> ParsedQuestion:
    """The question with `kinds`; where it asks one thing and the rules read it unlikely, with the likeliest instead.

    A question with several parts, or one that wants sentences, keeps what the rules read.
    """
    if len(question.asked_for) != 1 or question.asked_for[0] in NO_VALUE:
        return question
    read = question.asked_for[0]
    kinds = model.probabilities(read, vector)
    best = max(kinds, key=lambda kind: kinds[kind])
    doubted = kinds[best] >= SURE and kinds.get(_kind_of_rule(read), 0.0) < LIKELY_READ
    return replace(question, kinds=kinds, asked_for=(best,) if doubted else question.asked_for)


def _kind_of_rule(read: AskedFor) -> AskedFor:
    return AskedFor.DATE if read is AskedFor.PERIOD else read


def kind_probability(kinds: Mapping[AskedFor, float], *likely: AskedFor) -> float:
    """The probability that the answer is of one of these kinds; 1 where nothing is known of the question."""
    return sum(kinds.get(kind, 0.0) for kind in likely) if kinds else 1.0
