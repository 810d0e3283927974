"""The shipped weights: what fitting added to the encoder, in eight bits a value, and the heads in full.

A matrix of the fitted layers is stored as the difference to the encoder's own, one scale a row; so a file fits only
the encoder it was made from, and says which by its checksum.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qa_service.errors import ReaderError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

WEIGHTS_FILE = Path(__file__).parent / "weights" / "reader.safetensors"
_LAYERS = "encoder."
_SCALE = ".scale"


def save_weights(
    fitted: Mapping[str, npt.NDArray[np.float32]],
    base: Mapping[str, npt.NDArray[np.float32]],
    path: Path,
    *,
    base_sha256: str,
    notes: Mapping[str, str],
) -> None:
    """Write the fitted parameters as differences to `base`; `notes` say where they come from."""
    from safetensors.numpy import save_file

    tensors: dict[str, npt.NDArray[Any]] = {}
    for name, values in fitted.items():
        if not name.startswith(_LAYERS):
            tensors[name] = values.astype(np.float16)
        elif values.ndim == 1:
            tensors[name] = values.astype(np.float32)
        else:
            tensors[name], tensors[name + _SCALE] = _quantised(values - base[name])
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, metadata={"base_sha256": base_sha256, "notes": json.dumps(dict(notes))})
    path.chmod(0o644)


def load_weights(
    base: Mapping[str, npt.NDArray[np.float32]], base_sha256: str, path: Path = WEIGHTS_FILE
) -> dict[str, npt.NDArray[np.float32]]:
    """The fitted parameters by name. Raises ReaderError for a missing or broken file, or one for another encoder."""
    stored, metadata = _read(path)
    if metadata.get("base_sha256") != base_sha256:
        raise ReaderError(
            f"The reader's weights {path.name} belong to the encoder {metadata.get('base_sha256', '?')[:12]}, "
            f"not to {base_sha256[:12] or 'this one'}: use the bundled encoder's folder, or set QA_READER=false."
        )
    fitted = {}
    for name, values in stored.items():
        if name.endswith(_SCALE):
            continue
        scale = stored.get(name + _SCALE)
        fitted[name] = values.astype(np.float32) if scale is None else base[name] + values.astype(np.float32) * scale
    return fitted


def encoder_checksum(folder: Path) -> str:
    """The checksum that the bundled encoder's folder names as its source; empty for any other folder."""
    try:
        return str(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["source_sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _quantised(values: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    scale = np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-12) / 127
    return np.round(values / scale).astype(np.int8), scale.astype(np.float32)


def _read(path: Path) -> tuple[dict[str, npt.NDArray[Any]], dict[str, str]]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="numpy") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise ReaderError(
            f"The reader's weights {path} cannot be read ({error}): "
            "reinstall the program, or set QA_READER=false to go without."
        ) from error
