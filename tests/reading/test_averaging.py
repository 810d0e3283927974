from __future__ import annotations

import torch

from qa_service.reading.averaging import Average, Exchange


def test_a_worker_moves_to_the_mean_of_those_that_have_published() -> None:
    exchange = Exchange(3, 2)
    first, second = [torch.tensor([2.0, 4.0])], [torch.tensor([0.0, 0.0])]
    exchange.mix(0, first)
    assert first[0].tolist() == [2.0, 4.0]
    exchange.mix(1, second)
    assert second[0].tolist() == [1.0, 2.0]


def test_the_average_follows_its_parameters_fast_at_first() -> None:
    parameter = torch.tensor([0.0])
    average = Average({"weight": parameter})
    parameter += 11.0
    average.update(1)
    assert average.values["weight"].item() == 9.0
