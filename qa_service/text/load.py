"""Articles as their files give them: a folder or one file, every article that cannot be read named in an error."""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from qa_service.errors import ArticleError
from qa_service.models import LoadedArticle
from qa_service.text.decode import decode_text
from qa_service.text.jsonl import read_jsonl

SUFFIXES = (".txt", ".md", ".html", ".jsonl")
DEFAULT_MAX_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a path holds. `ignored` counts files of other kinds.

    `failed_ids` are ids that stand in the source but could not be read, lest an index take them for removed.
    """

    articles: tuple[LoadedArticle, ...]
    errors: tuple[ArticleError, ...] = ()
    ignored: int = 0
    failed_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """An article, or the error in its place, with its id where that is known and the spot it was found at."""

    spot: str
    id: str | None
    article: LoadedArticle | None = None
    error: ArticleError | None = None


@dataclass(frozen=True, slots=True)
class _Listing:
    files: tuple[Path, ...]
    errors: tuple[ArticleError, ...]
    ignored: int


def load_path(path: Path, max_bytes: int = DEFAULT_MAX_BYTES) -> LoadResult:
    """The articles under `path`, a folder (recursively, sorted) or one file, with an error for each unreadable.

    `max_bytes` limits one article: a text file, or one line of a .jsonl file. Hidden files and folders are left out.
    Raises ArticleError where `path` itself is missing or is a file of another kind.
    """
    path = Path(path)
    listing = _list_files(path)
    found = [item for file in listing.files for item in _read_file(file, max_bytes)]
    return _without_duplicates(found, listing)


def _list_files(path: Path) -> _Listing:
    if path.is_dir():
        return _walk(path)
    if not path.exists():
        raise ArticleError(f"There is no file or folder {str(path)!r}. Check the path to the articles.")
    if path.suffix.lower() not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        raise ArticleError(f"{str(path)!r} ends in {path.suffix!r}, as no article does. Articles are {known} files.")
    return _Listing((path,), (), 0)


def _walk(root: Path) -> _Listing:
    """The article files under `root`; a folder reached twice through links is read once."""
    files: list[Path] = []
    errors: list[ArticleError] = []
    ignored = 0
    seen: set[tuple[int, int]] = set()

    def unreadable(error: OSError) -> None:
        errors.append(ArticleError(f"The folder {error.filename!r} cannot be read: {error.strerror}."))

    for folder, subfolders, names in os.walk(root, onerror=unreadable, followlinks=True):
        status = Path(folder).stat()
        if (status.st_dev, status.st_ino) in seen:
            subfolders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        wanted = [n for n in names if not n.startswith(".") and Path(n).suffix.lower() in SUFFIXES]
        ignored += len(names) - len(wanted)
        files.extend(Path(folder) / name for name in wanted)
    return _Listing(tuple(sorted(files)), tuple(errors), ignored)


def _read_file(path: Path, max_bytes: int) -> list[_Found]:
    spot = _printable(path)
    try:
        str(path).encode("utf-8")
        if not stat.S_ISREG(path.stat().st_mode):
            raise ArticleError(f"{spot}: this is not a regular file. Put the article in a file of its own.")
        if path.suffix.lower() == ".jsonl":
            return [
                _Found(f"{spot}, line {line.number}", line.id, line.article, line.error)
                for line in read_jsonl(path, max_bytes)
            ]
        return [_Found(spot, path.stem, _read_text(path, max_bytes))]
    except UnicodeEncodeError:
        return [_Found(spot, None, None, ArticleError(f"{spot}: the file's name is not UTF-8. Rename the file."))]
    except ArticleError as error:
        return [_Found(spot, path.stem, None, error)]
    except OSError as error:
        message = f"{spot}: the file cannot be read: {error.strerror}. Check its permissions and links."
        return [_Found(spot, path.stem, None, ArticleError(message))]


def _printable(path: Path) -> str:
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")


def _read_text(path: Path, max_bytes: int) -> LoadedArticle:
    size = path.stat().st_size
    if size > max_bytes:
        raise ArticleError(
            f"{path}: the file has {size:,} bytes, over the limit of {max_bytes:,}. Split it, or raise the limit."
        )
    text = decode_text(path.read_bytes(), str(path))
    return LoadedArticle(id=path.stem, text=text, format=path.suffix.lower()[1:], path=str(path))


def _without_duplicates(found: list[_Found], listing: _Listing) -> LoadResult:
    """Ids that occur twice are errors that name both spots; neither is taken, for nothing says which is meant."""
    spots: dict[str, list[str]] = defaultdict(list)
    for item in found:
        if item.id is not None:
            spots[item.id].append(item.spot)
    doubled = {id: where for id, where in spots.items() if len(where) > 1}
    errors = [*listing.errors, *(item.error for item in found if item.error is not None)]
    errors += [
        ArticleError(f"The article id {id!r} is used more than once: {'; '.join(where)}. Rename all but one.")
        for id, where in doubled.items()
    ]
    articles = tuple(item.article for item in found if item.article is not None and item.id not in doubled)
    loaded = {article.id for article in articles}
    failed = sorted({item.id for item in found if item.id is not None} - loaded)
    return LoadResult(articles, tuple(errors), listing.ignored, tuple(failed))
