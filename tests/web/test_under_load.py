"""A few seconds of what `make load-test` does for minutes, and two servers over an index that a third writes."""

import time

import publisher
import pytest
from fixed_points import SEEDS
from load_parts import ask_idle, server_process, under_load, wrong
from switching import expected_by_state, of_no_generation, publisher_over, switch_under_load

pytestmark = pytest.mark.slow
QUESTIONS = [
    "how much FDI did Quang Ninh attract by June 2024",
    "Welche Fläche hat der Industriepark Song Khoai?",
    "Who won the football World Cup in 2022?",
]


def test_answers_under_load_are_those_given_when_idle(seed_index):
    with server_process(seed_index) as server:
        expected = ask_idle(server, QUESTIONS)
        with under_load(server, QUESTIONS, clients=4) as load:
            time.sleep(5)
    assert load.asked
    assert load.failed == {}
    assert wrong(load, expected) == []


def test_two_servers_answer_from_whole_generations_while_a_third_process_publishes(tmp_path):
    questions = [*QUESTIONS[:2], *publisher.QUESTIONS]
    with (
        publisher_over(SEEDS, tmp_path) as (writer, index),
        server_process(index) as first,
        server_process(index) as second,
    ):
        expected = expected_by_state(writer, [first, second], questions)
        loads, switches = switch_under_load(writer, [first, second], questions, clients=2, switches=3, pause_s=1.0)
        last = switches[-1].state
        assert [ask_idle(server, questions) for server in (first, second)] == [expected[last]] * 2
    assert [expected[state][publisher.QUESTIONS[0]].count("1,041") > 0 for state in "AB"] == [False, True]
    assert all(load.asked for load in loads)
    assert [load.failed for load in loads] == [{}, {}]
    assert of_no_generation(loads, switches, expected) == []
