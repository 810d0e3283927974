"""An evaluation against an earlier one: paired differences with intervals, and the cases that changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.errors import QuestionSetError
from qa_service.evaluation.bootstrap import Interval, mean_interval
from qa_service.evaluation.judgement import judge
from qa_service.evaluation.outcome import Case
from qa_service.evaluation.registry import BY_NAME, METRICS

_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of now minus before over the cases that both have a score of."""

    name: str
    before: float
    now: float
    count: int
    interval: Interval | None

    @property
    def change(self) -> float:
        """Now minus before."""
        return self.now - self.before

    @property
    def is_worse(self) -> bool:
        """Whether the metric changed to the worse, by however little: answers to a fixed set are not noise."""
        sign = 1 if BY_NAME[self.name].higher_is_better else -1
        return sign * self.change < -_SAME


@dataclass(frozen=True, slots=True)
class Changed:
    """A case that was judged otherwise before."""

    before: Case
    now: Case


@dataclass(frozen=True, slots=True)
class Comparison:
    """Differences in the order of the metrics, and the cases that became better and worse."""

    differences: tuple[Difference, ...]
    better: tuple[Changed, ...]
    worse: tuple[Changed, ...]
    unmatched: int

    @property
    def worsened(self) -> tuple[str, ...]:
        """The metrics of quality that are worse; times are left out, for they are noise."""
        return tuple(item.name for item in self.differences if item.is_worse and BY_NAME[item.name].is_rate)


def compare(now: Sequence[Case], before: Sequence[Case]) -> Comparison:
    """The comparison of the questions in both; QuestionSetError for none. A reworded question is another."""
    earlier = {(case.gold.id, case.gold.question): case for case in before}
    pairs = [(earlier[key], case) for case in now if (key := (case.gold.id, case.gold.question)) in earlier]
    if not pairs:
        raise QuestionSetError("The baseline has none of these questions. Give an evaluation of the same set.")
    changed = [(rank(now_) - rank(then), Changed(then, now_)) for then, now_ in pairs]
    return Comparison(
        differences=tuple(item for metric in METRICS if (item := _difference(metric.name, pairs))),
        better=tuple(item for step, item in changed if step > 0),
        worse=tuple(item for step, item in changed if step < 0),
        unmatched=len(now) - len(pairs),
    )


def rank(case: Case) -> int:
    """0 for a wrong answer, 1 for one that is neither right nor wrong, 2 for a right one."""
    verdict = judge(case.gold, case.outcome)
    return 2 if verdict.is_right else 0 if verdict.is_wrong else 1


def _difference(name: str, pairs: Sequence[tuple[Case, Case]]) -> Difference | None:
    scored = [(b.scores[name], n.scores[name]) for b, n in pairs if name in b.scores and name in n.scores]
    if not scored:
        return None
    before, now = (sum(values) / len(scored) for values in zip(*scored, strict=True))
    return Difference(name, before, now, len(scored), mean_interval([n - b for b, n in scored]))
