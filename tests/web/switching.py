"""Generations switched under a served collection, and whether each answer was that of a whole generation."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from load_parts import ROOT, ask_idle, under_load

SLACK_S = 10.0
"""How long after a publish an answer may still come from the generation before, on a busy machine."""


@dataclass(frozen=True)
class Switch:
    """A generation, published between two times of the machine's monotonic clock."""

    state: str
    generation: str
    began: float
    ended: float


class Publisher:
    """A process that indexes, as `qa-service watch` is one."""

    def __init__(self, articles, index):
        command = [sys.executable, str(Path(__file__).with_name("publisher.py")), str(articles), str(index)]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def publish(self, state):
        self._process.stdin.write(f"{state}\n")
        self._process.stdin.flush()
        done = json.loads(self._process.stdout.readline())
        assert done.pop("errors") == []
        return Switch(**done)

    def close(self):
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()


@contextlib.contextmanager
def publisher_over(articles, folder):
    """A publisher over a copy of `articles`, and the index that it has published once, in state A."""
    shutil.copytree(articles, folder / "articles")
    publisher = Publisher(folder / "articles", folder / "index")
    try:
        publisher.publish("A")
        yield publisher, folder / "index"
    finally:
        publisher.close()


def expected_by_state(publisher, servers, questions):
    """What each state's answers say when nobody else asks; the servers must agree. A is published afterwards."""
    expected = {}
    for state in ("B", "A"):
        publisher.publish(state)
        said = [ask_idle(server, questions) for server in servers]
        assert all(one == said[0] for one in said)
        expected[state] = said[0]
    return expected


def switch_under_load(publisher, servers, questions, *, clients, switches, pause_s=2.0):
    """The loads of all servers during so many switches, and the switches."""
    done = []
    with contextlib.ExitStack() as stack:
        loads = [stack.enter_context(under_load(server, questions, clients=clients)) for server in servers]
        time.sleep(pause_s)
        for number in range(switches):
            done.append(publisher.publish("BA"[number % 2]))
            time.sleep(pause_s)
    return loads, done


def served_then(asked, switches):
    """The states that an answer may be of: those served at any moment while it was asked."""
    states = {"A"} if not switches or asked.started <= switches[0].ended + SLACK_S else set()
    for switch, following in zip(switches, [*switches[1:], None], strict=True):
        until = following.ended + SLACK_S if following else float("inf")
        if asked.ended >= switch.began and asked.started <= until:
            states.add(switch.state)
    return states


def of_no_generation(loads, switches, expected):
    """The answers that are of no generation served while they were asked: half-built, mixed, or stale."""
    return [
        one
        for load in loads
        for one in load.asked
        if one.said is not None
        and all(one.said != expected[state][one.question] for state in served_then(one, switches))
    ]


def longest_wait_for_news_s(loads, switches, expected):
    """The longest time after a publish at which an answer of the generation before was still begun."""
    late = [0.0]
    for switch, following in zip(switches, [*switches[1:], None], strict=True):
        before = "BA"[switch.state == "B"]
        until = following.began if following else float("inf")
        late += [
            one.started - switch.ended
            for load in loads
            for one in load.asked
            if switch.ended < one.started < until
            and one.said == expected[before][one.question] != expected[switch.state][one.question]
        ]
    return max(late)
