"""The vectors of a generation in Chroma: embedded in the generation's folder, or a collection of a Chroma server."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qa_service.errors import IndexDamagedError, StoreError
from qa_service.store.exact import unit
from qa_service.store.layout import REPAIR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from qa_service.models import Passage

MAX_BATCH = 5461
"""Chroma refuses larger batches."""
_EMBEDDED_NAME = "passages"
_SYNC_EVERY = 1000
_IDS_A_PAGE = 5000
_NO_ROOM = re.compile(r"disk I/O|full|read-?only|unable to open|too large|no space", re.IGNORECASE)


@dataclass(frozen=True)
class ChromaServer:
    """Where a Chroma server listens; used in place of the embedded store where one machine is too small."""

    host: str
    port: int = 8000
    ssl: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> ChromaServer | None:
        """The server of CHROMA_HTTP_HOST, _PORT, _SSL and _HEADERS ("name=value,name=value"); None without a host."""
        host = environment.get("CHROMA_HTTP_HOST", "").strip()
        if not host:
            return None
        port = environment.get("CHROMA_HTTP_PORT", "8000")
        if not (port.isascii() and port.isdigit()):
            raise StoreError(f"CHROMA_HTTP_PORT cannot be {port!r}. Give a port number.")
        pairs = (pair.partition("=") for pair in environment.get("CHROMA_HTTP_HEADERS", "").split(",") if "=" in pair)
        headers = {name.strip(): value.strip() for name, _, value in pairs}
        return cls(host, int(port), environment.get("CHROMA_HTTP_SSL", "").lower() in ("1", "true"), headers)

    def __str__(self) -> str:
        return f"{'https' if self.ssl else 'http'}://{self.host}:{self.port}"


@dataclass(frozen=True)
class ChromaPlace:
    """A collection: in a folder, or on a server under a name of its own for each generation."""

    folder: Path
    generation_id: str
    server: ChromaServer | None = None

    @property
    def collection(self) -> str:
        """The collection's name."""
        return f"qa-{self.generation_id.lower()}" if self.server else _EMBEDDED_NAME


class ChromaIndex:
    """An open collection with cosine distances and no embedding function of its own."""

    def __init__(self, place: ChromaPlace, client: Any, collection: Any) -> None:  # noqa: ANN401 - chromadb is imported late
        self._place = place
        self._client = client
        self._collection = collection
        self._size: int = collection.count()

    @classmethod
    def create(cls, place: ChromaPlace, passages: int) -> ChromaIndex:
        """A new, empty collection that will take that many passages."""
        with _chroma_errors(place, writing=True):
            client = _client(place)
            # Written out after the last passage, so that opening replays nothing and changes no file but SQLite's
            sync_every = max(2, min(_SYNC_EVERY, passages))
            hnsw = {"space": "cosine", "ef_construction": 128, "ef_search": 200, "max_neighbors": 16}
            if not place.server:
                hnsw |= {"sync_threshold": sync_every, "batch_size": min(100, sync_every)}
            collection = client.create_collection(
                place.collection, embedding_function=None, configuration={"hnsw": hnsw}
            )
            return cls(place, client, collection)

    @classmethod
    def open(cls, place: ChromaPlace) -> ChromaIndex:
        """The collection as it was published; IndexDamagedError where Chroma cannot open it."""
        with _chroma_errors(place):
            client = _client(place)
            try:
                return cls(place, client, client.get_collection(place.collection, embedding_function=None))
            except BaseException:
                client.close()
                raise

    def add(self, passages: list[Passage], vectors: npt.NDArray[np.float32]) -> None:
        """Adds passages with their vectors, shape (n, dimension), through LlamaIndex's vector-store interface."""
        from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode

        nodes = [
            TextNode(
                id_=passage.id,
                text=passage.text,
                embedding=vector.tolist(),
                relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=passage.article_id)},
                metadata={"language": passage.language, "start": passage.start, "end": passage.end},
            )
            for passage, vector in zip(passages, vectors, strict=True)
        ]
        with _chroma_errors(self._place, writing=True):
            store = self.vector_store()
            for low in range(0, len(nodes), MAX_BATCH):
                store.add(nodes[low : low + MAX_BATCH])
        self._size += len(nodes)

    def search(self, vector: npt.NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """The ids of the k nearest passages with their cosines, best first (approximate: HNSW)."""
        return self.search_many(unit(vector)[None, :], k)[0]

    def search_many(self, vectors: npt.NDArray[np.float32], k: int) -> list[list[tuple[str, float]]]:
        """The k nearest passages of each row."""
        k = min(k, self._size)
        if k < 1 or not len(vectors):
            return [[] for _ in vectors]
        with _chroma_errors(self._place):
            found = self._collection.query(query_embeddings=vectors, n_results=k, include=["distances"])
        return [
            [(passage_id, 1.0 - distance) for passage_id, distance in zip(ids, distances, strict=True)]
            for ids, distances in zip(found["ids"], found["distances"], strict=True)
        ]

    def count(self) -> int:
        """How many passages the collection held when it was opened, and was given since."""
        return self._size

    def ids(self) -> set[str]:
        """All passage ids."""
        found: set[str] = set()
        with _chroma_errors(self._place):
            for low in range(0, self._size, _IDS_A_PAGE):
                found.update(self._collection.get(include=[], limit=_IDS_A_PAGE, offset=low)["ids"])
        return found

    def vector_store(self) -> Any:  # noqa: ANN401 - llama_index is imported late
        """The collection as LlamaIndex's `ChromaVectorStore`; its similarity is exp(-distance), not a cosine."""
        from llama_index.vector_stores.chroma import ChromaVectorStore

        return ChromaVectorStore(chroma_collection=self._collection)

    def close(self) -> None:
        """Lets go of the collection's files."""
        self._client.close()


def drop_collection(place: ChromaPlace) -> None:
    """Deletes a generation's collection from the server; StoreError where the server does not answer."""
    from chromadb.errors import NotFoundError

    with _chroma_errors(place):
        client = _client(place)
        try:
            client.delete_collection(place.collection)
        except NotFoundError:
            return
        finally:
            client.close()


def is_writable(folder: Path) -> bool:
    """Whether Chroma can open the folder: even a reader writes a row into its SQLite file."""
    return os.access(folder, os.W_OK) and all(os.access(path, os.W_OK) for path in folder.glob("*.sqlite3"))


def _client(place: ChromaPlace) -> Any:  # noqa: ANN401 - chromadb is imported late
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if place.server is None:
        return chromadb.PersistentClient(str(place.folder), settings=settings)
    server, headers = place.server, dict(place.server.headers)
    return chromadb.HttpClient(server.host, server.port, ssl=server.ssl, headers=headers, settings=settings)


def lacks_room(error: IndexDamagedError) -> bool:
    """Whether Chroma could not be opened only because it could not write: the disk is full, or the folder read-only."""
    return bool(_NO_ROOM.search(str(error.__cause__)))


@contextmanager
def _chroma_errors(place: ChromaPlace, *, writing: bool = False) -> Iterator[None]:
    """Maps whatever Chroma raises; its Rust core also panics, which Python sees as a bare BaseException."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        if place.server is not None:
            raise StoreError(
                f"The Chroma server at {place.server} did not do what was asked ({reason}). Check CHROMA_HTTP_HOST and "
                "CHROMA_HTTP_PORT; `qa-service doctor --repair` fills a server that lost its collection."
            ) from error
        if writing:
            raise StoreError(
                f"Chroma cannot write to {place.folder} ({reason}). What is served is unchanged. "
                "Check the free space, then try again."
            ) from error
        raise IndexDamagedError(f"Chroma cannot use {place.folder} ({reason}). {REPAIR}") from error
