"""Small working parts for the tests of the store: a hashing encoder, a paragraph splitter, a mean-free transform."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from pathlib import Path

import numpy as np

from qa_service.indexing.pipeline import Pipeline
from qa_service.models import Analysis, Article, CleanText, Passage, Quantity, QuantityKind, Run, Span
from qa_service.store.identity import StoreIdentity
from qa_service.store.store import Store
from qa_service.text.load import load_path

DIMENSION = 32
SETTINGS = {"passage_tokens": "200", "language_neutral": "true"}


def tokens(text):
    return re.findall(r"\w+", text.lower())


class HashingEncoder:
    """A text's vector is the sum of fixed random vectors of its words; remembers what it was asked to embed."""

    def __init__(self, dimension=DIMENSION):
        self.dimension = dimension
        self.embedded = []

    def encode_passages(self, texts):
        self.embedded.extend(texts)
        return self.encode(texts)

    def encode(self, texts):
        rows = [sum((self._word(word) for word in tokens(text)), np.zeros(self.dimension)) for text in texts]
        vectors = np.array(rows, dtype=np.float32).reshape(len(rows), self.dimension)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    def _word(self, word):
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
        return np.random.default_rng(seed).standard_normal(self.dimension)


class MeanFree:
    """Subtracts the mean vector of each passage's language."""

    def __init__(self, batches):
        sums, counts = {}, {}
        for batch in batches:
            for vector, language in zip(batch.vectors, batch.languages, strict=True):
                sums[language] = sums.get(language, 0) + vector
                counts[language] = counts.get(language, 0) + 1
        # a tenth: with a single passage a language, its own mean would leave nothing
        self.means = {language: 0.1 * sums[language] / counts[language] for language in sums}

    def transform(self, vectors, languages):
        return vectors - np.array([self.means[language] for language in languages], dtype=np.float32)

    def save(self, path: Path):
        path.mkdir()
        np.savez(path / "means.npz", **self.means)


def build(loaded):
    if "POISON" in loaded.text:
        raise ValueError("poisoned")
    language = loaded.declared_language or "en"
    clean = CleanText(loaded.text, (Run(0, 0, len(loaded.text)),), (Span(0, len(loaded.text)),))
    return Article(loaded.id, loaded.text, clean, loaded.text.split("\n")[0], language, content_hash=loaded.id)


def split(article):
    return [_passage(article, number, match) for number, match in enumerate(re.finditer(r"[^\n]+", article.text))]


def _passage(article, number, match):
    text = match.group()
    runs = (Run(0, match.start(), len(text)),)
    passage_id = f"{article.id}:{number}:{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    return Passage(
        id=passage_id,
        article_id=article.id,
        start=match.start(),
        end=match.end(),
        text=text,
        sentences=(Span(0, len(text)),),
        runs=runs,
        language=article.language,
        context=f"About {article.title}",
        position=number,
    )


def analyse(article, passage):
    return Analysis(quantities=tuple(_quantity(match) for match in re.finditer(r"\d+", passage.text)))


def _quantity(match):
    return Quantity(Decimal(match.group()), "", QuantityKind.COUNT, match.start(), match.end())


def embedding_text(passage):
    return f"{passage.context}\n{passage.text}"


def make_pipeline(encoder=None, *, settings=SETTINGS, model_id="hashing", server=None):
    encoder = encoder or HashingEncoder()
    return Pipeline(
        load=load_path,
        build=build,
        split=split,
        analyse=analyse,
        embedding_text=embedding_text,
        encoder=encoder,
        fit=MeanFree,
        tokenise=tokens,
        identity=StoreIdentity(settings, model_id, encoder.dimension),
        server=server,
    )


def write_articles(folder, numbers, *, version=0):
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        (folder / f"a{number}.txt").write_text(article_text(number, version), encoding="utf-8")


def article_text(number, version=0):
    return (
        f"Story {number}\nProvince{number} drew {number}00 projects in May.\nVersion {version} of report{number} ended."
    )


def open_store(index_dir, pipeline, *, server=None):
    return Store.open(index_dir, expected=pipeline.identity, tokenise=pipeline.tokenise, server=server)


def query_vector(store, text):
    return HashingEncoder(store.manifest.identity.dimension).encode([text])[0]


def finds_everything(store):
    """Whether every passage of every article is found first by its own vector, and by its words."""
    passages = [passage for info in store.articles() for passage in store.passages_of(info.id)]
    vectors = store.vectors([passage.id for passage in passages])
    return len(passages) == store.count() and all(
        store.dense(vectors[passage.id], 1)[0][1] > 0.999
        and passage.id in {found for found, _ in store.lexical(passage.text, store.count())}
        for passage in passages
    )
