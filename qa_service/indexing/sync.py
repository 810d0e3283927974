"""What one sync has to change: each path's articles compared with what the store holds of that source."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from qa_service.errors import ArticleError, RemovalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from qa_service.models import LoadedArticle
    from qa_service.store.database import KnownArticle


class Loaded(Protocol):
    """What a loader gives for a path. `failed_ids` stand in the path but could not be read."""

    @property
    def articles(self) -> Sequence[LoadedArticle]:
        """The articles that could be read."""
        ...

    @property
    def errors(self) -> Sequence[Exception]:
        """One error for each that could not."""
        ...

    @property
    def failed_ids(self) -> Sequence[str]:
        """Their ids, as far as they are known."""
        ...


@dataclass(frozen=True)
class Source:
    """A path as it was found. `readable` is false where nothing can be said of its articles."""

    key: str
    articles: tuple[LoadedArticle, ...] = ()
    failed_ids: frozenset[str] = frozenset()
    errors: tuple[str, ...] = ()
    readable: bool = True

    @property
    def has_unknown_failures(self) -> bool:
        """Whether articles failed that cannot be told by name, so that any missing one may be among them."""
        return len(self.errors) > len(self.failed_ids)


@dataclass(frozen=True)
class Task:
    """An article to split and embed."""

    source: str
    source_hash: str
    loaded: LoadedArticle


@dataclass(frozen=True)
class Plan:
    """What to do. `tasks` are new or changed articles, `updated_ids` those that the store has in another form."""

    sources: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    removed_ids: tuple[str, ...] = ()
    updated_ids: frozenset[str] = frozenset()
    unchanged: int = 0
    errors: tuple[str, ...] = ()


@dataclass
class _Draft:
    tasks: list[Task] = field(default_factory=list)
    updated_ids: set[str] = field(default_factory=set)
    unchanged: int = 0
    errors: list[str] = field(default_factory=list)
    taken: dict[str, str] = field(default_factory=dict)


def load_sources(paths: Iterable[Path | str], load: Callable[[Path], Loaded]) -> list[Source]:
    """Each path, resolved, with its articles; a path that cannot be read gives its error and no articles."""
    return [_load_source(path, load) for path in dict.fromkeys(Path(path).resolve() for path in paths)]


def plan_changes(
    sources: Sequence[Source],
    stored: Mapping[str, KnownArticle],
    *,
    everything: bool = False,
    allow_removal: bool = False,
) -> Plan:
    """What brings the store in line with the sources; with `everything`, unchanged articles are done again.

    Raises RemovalError where more than half of a source would go and `allow_removal` is not given.
    """
    removed = [article_id for source in sources for article_id in _missing(source, stored, allow_removal=allow_removal)]
    staying = {id: known.source for id, known in stored.items() if id not in set(removed)}
    draft = _Draft(taken=staying)
    for source in sources:
        draft.errors.extend(source.errors)
        for loaded in source.articles:
            _place(draft, source, loaded, stored=stored, everything=everything)
    done_again = {task.loaded.id for task in draft.tasks}
    return Plan(
        sources=tuple(source.key for source in sources),
        tasks=tuple(draft.tasks),
        removed_ids=tuple(article_id for article_id in removed if article_id not in done_again),
        updated_ids=frozenset(draft.updated_ids),
        unchanged=draft.unchanged,
        errors=tuple(draft.errors),
    )


def source_hash(loaded: LoadedArticle) -> str:
    """A hash of everything an article is made from; UnicodeEncodeError for a text that is no valid Unicode."""
    parts = [
        loaded.id, loaded.format, loaded.text, loaded.declared_title, loaded.declared_url,
        str(loaded.declared_published_on), loaded.declared_language,
    ]  # fmt: skip
    digest = hashlib.sha256()
    for part in parts:
        encoded = (part or "").encode("utf-8")
        digest.update(f"{len(encoded)}:".encode() + encoded)
    return digest.hexdigest()


def _load_source(path: Path, load: Callable[[Path], Loaded]) -> Source:
    try:
        found = load(path)
    except (ArticleError, OSError) as error:
        return Source(str(path), errors=(str(error),), readable=False)
    errors = tuple(str(error) for error in found.errors)
    if not found.articles and not errors and path.is_file():
        errors = (f"{path} holds no articles. Check the file.",)
    return Source(str(path), tuple(found.articles), frozenset(found.failed_ids), errors)


def _missing(source: Source, stored: Mapping[str, KnownArticle], *, allow_removal: bool) -> list[str]:
    if not source.readable:
        return []
    mine = {id for id, known in stored.items() if known.source == source.key}
    missing = sorted(mine - {article.id for article in source.articles} - source.failed_ids)
    if source.has_unknown_failures:
        return []
    if 2 * len(missing) > len(mine) and not allow_removal:
        raise RemovalError(
            f"{len(missing)} of the {len(mine)} indexed articles of {source.key} are no longer there. "
            "Nothing was changed. If they are meant to go, run the command again with --allow-removal."
        )
    return missing


def _place(
    draft: _Draft, source: Source, loaded: LoadedArticle, *, stored: Mapping[str, KnownArticle], everything: bool
) -> None:
    """Puts an article where it belongs: to be done, unchanged, or an error."""
    owner = draft.taken.get(loaded.id)
    if owner is not None and owner != source.key:
        draft.errors.append(
            f"The article id {loaded.id!r} is in two sources, {owner} and {source.key}. Rename one; the first was kept."
        )
        return
    draft.taken[loaded.id] = source.key
    try:
        digest = source_hash(loaded)
    except UnicodeEncodeError as error:
        draft.errors.append(
            f"{loaded.path}: article {loaded.id!r} is no valid Unicode ({error.reason}). Mend its text."
        )
        return
    known = stored.get(loaded.id)
    if known is not None and known.source == source.key and known.source_hash == digest and not everything:
        draft.unchanged += 1
        return
    if known is not None and known.source_hash != digest:
        draft.updated_ids.add(loaded.id)
    draft.tasks.append(Task(source.key, digest, loaded))
