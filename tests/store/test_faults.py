"""Kills, full disks and read-only folders, in processes of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from store_parts import finds_everything, make_pipeline, open_store, write_articles

from qa_service.indexing.pipeline import sync

HERE = Path(__file__).parent
KILLS = int(os.environ.get("FAULT_KILLS", "20"))
NOBODY = 65534


def run(*arguments, timeout_s=600):
    root = HERE.parents[1]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(root), str(HERE)]), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=timeout_s,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def run_code(code, *arguments):
    return run("-c", textwrap.dedent(code), *arguments)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_no_acknowledged_article_is_lost_and_none_is_unfindable_after_kills_at_random_points(tmp_path):
    results = run(HERE / "kill_runner.py", tmp_path, KILLS, 11, timeout_s=30 * KILLS)
    assert len(results) == KILLS
    bad = [r for r in results if "crashed" in r or "error" in r or r["served"] or r["lost"] or r["unfindable"]]
    assert bad == []
    assert results[-1]["acknowledged"] >= 3 + KILLS // 2  # every second run is killed after its first article
    assert any(result["half_built"] for result in results)  # and some were killed while they built
    assert not any(result.get("findings") for result in results)


SERVERS_KILLED = """
    import json, os, random, signal, sys, time
    from pathlib import Path
    import bm25s, chromadb, llama_index.vector_stores.chroma
    import store_parts as parts
    from kill_runner import in_child
    from qa_service.indexing.doctor import diagnose

    root, kills, chance = Path(sys.argv[1]), int(sys.argv[2]), random.Random(5)

    def serve():
        while True:
            store = parts.open_store(root / "index", parts.make_pipeline())
            if not parts.finds_everything(store):
                raise ValueError("passages cannot be found")
            store.close()

    def examine():
        store, pipeline = parts.open_store(root / "index", parts.make_pipeline()), parts.make_pipeline()
        findings = [finding.problem for finding in diagnose(root / "index", pipeline=pipeline)]
        print(json.dumps([store.count(), parts.finds_everything(store), findings]), flush=True)

    for _ in range(kills):
        servers = [in_child(serve) for _ in range(2)]
        time.sleep(chance.uniform(0.0, 0.4))
        for server in servers:
            os.kill(server, signal.SIGKILL)
            os.waitpid(server, 0)
    os.waitpid(in_child(examine), 0)
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_servers_that_are_killed_while_they_open_and_read_harm_nothing(tmp_path):
    write_articles(tmp_path / "articles", range(6))
    sync([tmp_path / "articles"], tmp_path / "index", pipeline=make_pipeline())
    assert run_code(SERVERS_KILLED, tmp_path, KILLS) == [[18, True, []]]  # a child that crashed would say so first


FULL_DISK = """
    import json, resource, signal, sys
    from pathlib import Path
    import store_parts as parts
    from qa_service.errors import StoreError
    from qa_service.indexing.pipeline import sync

    root, limit = Path(sys.argv[1]), int(sys.argv[2])
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    pipeline = parts.make_pipeline()
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    store = parts.open_store(root / "index", pipeline)
    print(json.dumps([store.count(), parts.finds_everything(store)]))
    try:
        sync([root / "articles"], root / "index", pipeline=pipeline)
        print(json.dumps("done"))
    except StoreError as error:
        print(json.dumps(str(error)))
"""


@pytest.mark.parametrize("limit_bytes", [0, 4096, 60_000, 150_000, 400_000])
def test_a_full_disk_is_said_and_the_served_generation_stays(tmp_path, limit_bytes):
    articles, index = tmp_path / "articles", tmp_path / "index"
    write_articles(articles, range(3))
    sync([articles], index, pipeline=make_pipeline())
    write_articles(articles, range(40))
    served, said = run_code(FULL_DISK, tmp_path, limit_bytes)
    assert served == [9, True]
    assert said != "done"
    assert any(word in said for word in ("space", "full", "written", "too large")), said
    assert open_store(index, make_pipeline()).count() == 9
    report = sync([articles], index, pipeline=make_pipeline())
    assert report.added + report.unchanged == 40
    assert finds_everything(open_store(index, make_pipeline()))


READ_ONLY = """
    import json, os, sys
    from pathlib import Path
    import chromadb, bm25s, llama_index.core.schema
    import store_parts as parts
    from qa_service.errors import StoreError
    from qa_service.indexing.doctor import diagnose
    from qa_service.indexing.pipeline import sync

    root, user = Path(sys.argv[1]), int(sys.argv[2])
    pipeline = parts.make_pipeline()
    if user:
        os.setgid(user)
        os.setuid(user)
    store = parts.open_store(root / "index", pipeline)
    try:
        sync([root / "articles"], root / "index", pipeline=pipeline)
        said = "done"
    except StoreError as error:
        said = str(error)
    findings = [finding.harmless for finding in diagnose(root / "index", pipeline=pipeline)]
    print(json.dumps([store.count(), parts.finds_everything(store), store.snapshot().reads_chroma, said, findings]))
"""


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs file rights")
def test_a_read_only_folder_is_served_in_full_and_cannot_be_written(tmp_path):
    articles, index = tmp_path / "articles", tmp_path / "index"
    write_articles(articles, range(3))
    sync([articles], index, pipeline=make_pipeline())
    write_articles(articles, [7])
    for path in [index, *index.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    # root may write everywhere: the test then runs as nobody, who must be able to reach the folder
    user = NOBODY if os.geteuid() == 0 else 0
    for folder in [tmp_path, *tmp_path.parents][:3]:
        if user:
            folder.chmod(0o755)
    count, found, reads_chroma, said, findings = run_code(READ_ONLY, tmp_path, user)[0]
    assert (count, found, reads_chroma) == (9, True, False)
    assert "cannot be written" in said
    assert findings == [True]
    for path in [index, *index.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    shutil.rmtree(index)
