"""Two means of weights: over the workers that fit side by side, and over the steps of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor


class Exchange:
    """Weights in shared memory: every worker now and then moves to the mean of its own and the others' latest.

    Workers do not wait for each other, so that one slowed down by other programs does not slow the rest
    (local SGD, Stich 2019, without its barrier).
    """

    def __init__(self, workers: int, size: int) -> None:
        import torch

        self._slots = torch.zeros((workers, size)).share_memory_()  # type: ignore[no-untyped-call]
        self._filled = torch.zeros(workers, dtype=torch.bool).share_memory_()  # type: ignore[no-untyped-call]
        self._lock = torch.multiprocessing.get_context("spawn").Lock()

    def mix(self, worker: int, parameters: Sequence[Tensor]) -> None:
        """Publish the parameters, and set them to the mean over the workers that have published."""
        import torch
        from torch.nn.utils import parameters_to_vector, vector_to_parameters

        with torch.no_grad(), self._lock:
            self._slots[worker] = parameters_to_vector(parameters)
            self._filled[worker] = True
            mean = self._slots[self._filled].mean(dim=0)
        with torch.no_grad():
            vector_to_parameters(mean, parameters)


class Average:
    """A moving average of the fitted parameters: what is shipped."""

    def __init__(self, parameters: Mapping[str, Tensor]) -> None:
        self._parameters = parameters
        self.values = {name: parameter.detach().clone() for name, parameter in parameters.items()}

    def update(self, step: int) -> None:
        """Move towards the present parameters, faster in the beginning."""
        import torch

        decay = min(0.997, (1 + step) / (10 + step))
        with torch.no_grad():
            for name, parameter in self._parameters.items():
                self.values[name].lerp_(parameter, 1 - decay)
