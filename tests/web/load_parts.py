"""Servers as processes, clients that ask them all at once, and what came of it."""

from __future__ import annotations

import contextlib
import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
SAID = ("status", "reason", "headline", "values", "text", "claims", "citations", "closest", "standalone_question")
READY_S = 180.0


@dataclass(frozen=True)
class Process:
    """A server: where it answers, and which process it is."""

    url: str
    pid: int

    @property
    def memory_mib(self):
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


@dataclass(frozen=True)
class Asked:
    """A question as it went; `said` is None where the server gave no answer, and `status` then says why."""

    question: str
    started: float
    ended: float
    status: int | str
    said: str | None


@dataclass
class Load:
    """What all clients saw, and the server's memory each second."""

    seconds: float
    asked: list[Asked] = field(default_factory=list)
    memory_mib: list[float] = field(default_factory=list)

    @property
    def failed(self):
        return Counter(str(one.status) for one in self.asked if one.said is None)

    def figures(self):
        times = sorted(one.ended - one.started for one in self.asked)
        fifth = max(1, len(self.memory_mib) // 5)
        return {
            "answers": len(times),
            "a_second": round(len(times) / self.seconds, 2),
            "failed": dict(self.failed),
            "median_s": round(statistics.median(times), 3),
            "p95_s": round(times[int(0.95 * (len(times) - 1))], 3),
            "slowest_s": round(times[-1], 3),
            "memory_mib": [round(self.memory_mib[0]), round(self.memory_mib[-1])],
            # the first fifth loads what is loaded late
            "growth_mib": round(self.memory_mib[-1] - statistics.median(self.memory_mib[fifth : 2 * fifth]), 1),
        }


@contextlib.contextmanager
def server_process(index_dir, **settings):
    """`qa-service serve` over an index, as a process of its own, on a free port of loopback."""
    environment = os.environ | {"QA_RATE_PER_MINUTE": "0", "LOG_LEVEL": "WARNING"}
    environment |= {f"QA_{name.upper()}": str(value) for name, value in settings.items()}
    command = [sys.executable, "-m", "qa_service", "serve", "--port", "0", "--index-dir", str(index_dir)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    late = threading.Timer(READY_S, process.kill)
    late.start()
    try:
        line = process.stdout.readline()
        late.cancel()
        assert line.startswith("Serving "), f"the server did not start: {line!r}"
        yield Process(line.split()[1], process.pid)
    finally:
        late.cancel()
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)


def said_in(answer):
    """What an answer says: all of it but its id, its times and its confidence."""
    return json.dumps({key: answer[key] for key in SAID}, sort_keys=True, ensure_ascii=False)


def ask(client, question):
    started = time.monotonic()
    try:
        response = client.post("/api/v1/ask", json={"question": question})
        said = said_in(response.json()) if response.status_code == 200 else None
        return Asked(question, started, time.monotonic(), response.status_code, said)
    except httpx.HTTPError as error:
        return Asked(question, started, time.monotonic(), type(error).__name__, None)


def ask_idle(server, questions):
    """What is said to each question when nobody else asks."""
    with httpx.Client(base_url=server.url, timeout=60) as client:
        answers = [ask(client, question) for question in questions]
    assert all(answer.said is not None for answer in answers), [answer.status for answer in answers]
    return {answer.question: answer.said for answer in answers}


@contextlib.contextmanager
def under_load(server, questions, *, clients):
    """A load that lasts as long as the block: each client asks its next question when it has its answer."""
    load, done = Load(0.0), threading.Event()

    def ask_on(number):
        chance = random.Random(number)
        with httpx.Client(base_url=server.url, timeout=60) as client:
            while not done.is_set():
                load.asked.append(ask(client, chance.choice(questions)))

    def watch_memory():
        while not done.wait(1.0):
            load.memory_mib.append(server.memory_mib)

    load.memory_mib.append(server.memory_mib)
    threads = [threading.Thread(target=ask_on, args=(number,)) for number in range(clients)]
    threads.append(threading.Thread(target=watch_memory))
    started = time.monotonic()
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        done.set()
        for thread in threads:
            thread.join()
        load.seconds = time.monotonic() - started
        load.memory_mib.append(server.memory_mib)


def wrong(load, expected):
    """The answers that differ from what was said when idle."""
    return [one for one in load.asked if one.said is not None and one.said != expected[one.question]]
