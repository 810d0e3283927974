from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa_service.errors import ReaderError
from qa_service.reading.weights import load_weights, save_weights


@pytest.fixture
def base() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {
        "encoder.layer.0.dense.weight": rng.normal(size=(8, 16)).astype(np.float32),
        "encoder.layer.0.dense.bias": rng.normal(size=8).astype(np.float32),
    }


def fitted_from(base: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    fitted = {name: (v + 0.05 * rng.normal(size=v.shape)).astype(np.float32) for name, v in base.items()}
    return fitted | {"span.weight": rng.normal(size=(2, 8)).astype(np.float32)}


def test_weights_come_back_within_half_a_step_of_their_row(base: dict[str, np.ndarray], tmp_path: Path) -> None:
    fitted = fitted_from(base)
    save_weights(fitted, base, tmp_path / "w.safetensors", base_sha256="abc", notes={})
    loaded = load_weights(base, "abc", tmp_path / "w.safetensors")
    name = "encoder.layer.0.dense.weight"
    step = np.abs(fitted[name] - base[name]).max(axis=1, keepdims=True) / 127
    assert (np.abs(loaded[name] - fitted[name]) <= step / 2 + 1e-6).all()
    np.testing.assert_array_equal(loaded["encoder.layer.0.dense.bias"], fitted["encoder.layer.0.dense.bias"])
    np.testing.assert_allclose(loaded["span.weight"], fitted["span.weight"], rtol=1e-3)


def test_weights_of_another_encoder_are_refused(base: dict[str, np.ndarray], tmp_path: Path) -> None:
    save_weights(fitted_from(base), base, tmp_path / "w.safetensors", base_sha256="abc", notes={})
    with pytest.raises(ReaderError, match="QA_READER"):
        load_weights(base, "other", tmp_path / "w.safetensors")


@pytest.mark.parametrize("content", [None, b"", b"no weights at all, but some text that is long enough"])
def test_a_missing_or_broken_file_is_a_reader_error(
    base: dict[str, np.ndarray], tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "w.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ReaderError, match="cannot be read"):
        load_weights(base, "abc", path)
