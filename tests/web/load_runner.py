# ruff: noqa: T201 - a program of its own; it talks on stdout
"""Measures the service under load: `make load-test`, options in ARGS.

The real service over the seeds, as a process of its own; every answer is compared with the one given when idle. Then
generations are switched under the same load.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import publisher
from load_parts import ROOT, ask_idle, server_process, under_load, wrong
from switching import (
    expected_by_state,
    longest_wait_for_news_s,
    of_no_generation,
    publisher_over,
    switch_under_load,
)

SEEDS = ROOT / "seeds"
QUESTIONS = ROOT / "tests" / "questions" / "seeds.jsonl"


def questions(count):
    """So many questions on the seeds, the same ones each time, in all languages."""
    lines = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return random.Random(7).sample(lines, min(count, len(lines)))


def tell(name, figures):
    print(json.dumps({"what": name} | figures), flush=True)


def measure_load(index, options, *, reader):
    """Whether no answer failed, and each was the one given when idle."""
    asked = questions(options.questions)
    with server_process(index, reader=reader) as server:
        expected = ask_idle(server, asked)
        with under_load(server, asked, clients=options.clients) as load:
            time.sleep(options.seconds)
    differing = wrong(load, expected)
    tell(f"load, {'with' if reader else 'without'} reader", load.figures() | {"wrong": len(differing)})
    return not load.failed and not differing


def measure_switches(folder, options, *, reader):
    """Whether no answer failed during the switches, and each was that of a generation then served."""
    asked = [*questions(options.questions // 2), *publisher.QUESTIONS]
    with publisher_over(SEEDS, folder) as (writer, index), server_process(index, reader=reader) as server:
        expected = expected_by_state(writer, [server], asked)
        changed = sum(expected["A"][question] != expected["B"][question] for question in asked)
        loads, switches = switch_under_load(
            writer, [server], asked, clients=options.clients, switches=options.switches, pause_s=options.pause
        )
    broken = of_no_generation(loads, switches, expected)
    figures = loads[0].figures() | {
        "switches": len(switches),
        "questions": len(asked),
        "answered_otherwise_after_a_switch": changed,
        "of_no_generation": len(broken),
        "publish_s": round(max(switch.ended - switch.began for switch in switches), 1),
        "news_after_s": round(longest_wait_for_news_s(loads, switches, expected), 2),
    }
    tell(f"switches, {'with' if reader else 'without'} reader", figures)
    return not loads[0].failed and not broken


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0, help="length of each load")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--questions", type=int, default=48)
    parser.add_argument("--switches", type=int, default=20)
    parser.add_argument("--pause", type=float, default=5.0, help="seconds between two switches")
    parser.add_argument("--only", choices=["unread", "read", "switches"], help="one part instead of all three")
    options = parser.parse_args(arguments)
    from qa_service.cli import main as qa_service

    with tempfile.TemporaryDirectory() as name:
        folder, passed = Path(name), []
        if options.only != "switches":
            qa_service(["index", str(SEEDS), "--index-dir", str(folder / "seeds")])
        for part, reader in (("unread", False), ("read", True)):
            if options.only in (None, part):
                passed.append(measure_load(folder / "seeds", options, reader=reader))
        if options.only in (None, "switches"):
            passed.append(measure_switches(folder, options, reader=True))
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
