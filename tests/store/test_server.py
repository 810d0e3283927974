"""A real Chroma server in place of the embedded store."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import chromadb
import pytest
from store_parts import finds_everything, make_pipeline, open_store, write_articles

from qa_service.errors import IndexDamagedError, StoreError
from qa_service.indexing.doctor import REPAIR, diagnose, repair
from qa_service.indexing.pipeline import SyncOptions, sync
from qa_service.store.chroma import ChromaServer

CHROMA = Path(sys.executable).with_name("chroma")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    if not CHROMA.exists():
        pytest.skip("the chroma command is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    command = [CHROMA, "run", "--path", folder, "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield ChromaServer("127.0.0.1", port)
    finally:
        process.terminate()
        process.wait(20)


def collections(server):
    client = chromadb.HttpClient(server.host, server.port)
    names = {collection.name for collection in client.list_collections()}
    client.close()
    return names


def test_vectors_lie_on_the_server_and_answers_are_the_same(server, tmp_path):
    articles, index = tmp_path / "articles", tmp_path / "index"
    write_articles(articles, range(4))
    pipeline = make_pipeline(server=server)
    first = sync([articles], index, pipeline=pipeline)
    assert sync([articles], index, pipeline=pipeline).generation == first.generation
    store = open_store(index, pipeline, server=server)
    assert (store.count(), finds_everything(store), store.snapshot().reads_chroma) == (12, True, True)
    assert not (store.snapshot().folder / "chroma").exists()
    assert f"qa-{first.generation}" in collections(server)
    with pytest.raises(IndexDamagedError, match="CHROMA_HTTP_HOST is not set"):
        open_store(index, make_pipeline())


def test_a_server_that_lost_its_collection_is_filled_again(server, tmp_path):
    articles, index = tmp_path / "articles", tmp_path / "index"
    write_articles(articles, range(2))
    pipeline = make_pipeline(server=server)
    lost = f"qa-{sync([articles], index, pipeline=pipeline).generation}"
    client = chromadb.HttpClient(server.host, server.port)
    client.delete_collection(lost)
    client.close()
    with pytest.raises(StoreError, match="doctor --repair"):
        open_store(index, pipeline, server=server)
    assert {finding.remedy for finding in diagnose(index, pipeline=pipeline)} == {REPAIR}
    repair(index, pipeline=pipeline)
    assert finds_everything(open_store(index, pipeline, server=server))


def test_superseded_collections_are_dropped_from_the_server(server, tmp_path):
    articles, index = tmp_path / "articles", tmp_path / "index"
    pipeline, names = make_pipeline(server=server), []
    for number in range(4):
        write_articles(articles, range(number + 1))
        options = SyncOptions(grace_s=0)
        names.append(f"qa-{sync([articles], index, pipeline=pipeline, options=options).generation}")
    assert collections(server) & set(names) == set(names[-2:])


def test_an_index_moves_to_a_server_and_back(server, tmp_path):
    articles, index = tmp_path / "articles", tmp_path / "index"
    write_articles(articles, range(2))
    embedded, served = make_pipeline(), make_pipeline(server=server)
    first = sync([articles], index, pipeline=embedded)
    moved = sync([articles], index, pipeline=served)
    back = sync([articles], index, pipeline=embedded)
    assert len({first.generation, moved.generation, back.generation}) == 3
    assert moved.embedded == back.embedded == 0
    assert finds_everything(open_store(index, embedded))
