"""The question-answering sets that the reader is fitted on, read into one form.

A document is one article in one or more languages; its questions are asked in one or more languages.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

from qa_service.models import Span


@dataclass(frozen=True, slots=True)
class Text:
    """One language's version of a document."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Gold:
    """Where a text answers a question: the answer's span, and the sentence or passage that proves it."""

    answer: Span
    proof: Span


@dataclass(frozen=True, slots=True)
class Question:
    """A question by language; `gold` by the text's language, empty where the document does not answer."""

    id: str
    wordings: dict[str, str]
    gold: dict[str, Gold] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """An article with its questions; `group` names documents that are cut from one article."""

    id: str
    source: str
    group: str
    texts: dict[str, Text]
    questions: tuple[Question, ...]


def read_articles(path: Path, source: str) -> list[Document]:
    """Articles parallel in several languages (`newsroom-train`, and our own); a broken line is left out."""
    documents = []
    for row in read_rows(path):
        try:
            texts = {language: Text(_nfc(t["title"]), _nfc(t["text"])) for language, t in row["texts"].items()}
            questions = [_article_question(question, texts) for question in row["questions"]]
        except (KeyError, TypeError, AttributeError):
            continue
        kept = tuple(question for question in questions if question is not None)
        documents.append(Document(f"{source}:{row['id']}", source, f"{source}:{row['id']}", texts, kept))
    return documents


def read_parallel_passages(path: Path) -> list[Document]:
    """`xquad-parallel`: passages of one id in many languages, `<language>-<article>-<paragraph>`."""
    by_passage: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in read_rows(path):
        by_passage[row["id"].split("-", 1)[1]].append(row)
    return [_parallel_document(key, rows) for key, rows in by_passage.items()]


def read_passages(path: Path, source: str) -> list[Document]:
    """`norquad-train`: one language, answers with offsets; the first line is taken as the title."""
    documents = []
    for row in read_rows(path):
        title, text = row["text"].split("\n", 1)[0], row["text"]
        questions = []
        for asked in row["questions"]:
            answer = asked["answers"][0]
            span = Span(answer["start"], answer["start"] + len(answer["text"]))
            gold = {row["language"]: Gold(span, span)}
            questions.append(Question(str(asked["id"]), {row["language"]: asked["question"]}, gold))
        texts = {row["language"]: Text(title if len(title) < 160 else "", text)}
        documents.append(Document(f"{source}:{row['id']}", source, f"{source}:{row['id']}", texts, tuple(questions)))
    return documents


def read_timeqa(folder: Path, *, fitting_half: bool) -> list[Document]:
    """One half of `timeqa`, by `is_fitting_half` of the article id: one half is fitted on, the other measures."""
    asked: dict[str, list[Question]] = defaultdict(list)
    texts = {row["id"]: row["text"] for row in read_rows(folder / "articles.jsonl")}
    for row in read_rows(folder / "questions.jsonl"):
        article = row["articles"][0]
        if is_fitting_half(article) is fitting_half:
            gold = _timeqa_gold(row, texts[article])
            if gold or row["kind"] == "abstain":
                asked[article].append(Question(row["id"], {"en": row["question"]}, gold))
    return [
        Document(f"timeqa:{id_}", "timeqa", f"timeqa:{id_}", {"en": Text(id_.replace("_", " "), texts[id_])}, tuple(qs))
        for id_, qs in asked.items()
    ]


def is_fitting_half(article_id: str) -> bool:
    """Whether an article of `timeqa` belongs to the half that may be fitted on: an even first byte of its SHA-256."""
    return hashlib.sha256(article_id.encode("utf-8")).digest()[0] % 2 == 0


def _article_question(question: dict[str, Any], texts: dict[str, Text]) -> Question | None:
    wordings = {language: _nfc(text) for language, text in question["question"].items() if text}
    if question["kind"] == "abstain":
        return Question(question["id"], wordings)
    gold = {}
    for language, text in texts.items():
        quote, answer = _nfc(question["quotes"][language]), _nfc(question["answers"][language])
        at, within = text.text.find(quote), quote.find(answer)
        if at < 0 or within < 0 or not answer:
            continue
        start = at + within
        gold[language] = Gold(Span(start, start + len(answer)), Span(at, at + len(quote)))
    return Question(question["id"], wordings, gold) if gold else None


def _parallel_document(key: str, rows: list[dict[str, Any]]) -> Document:
    wordings: dict[str, dict[str, str]] = defaultdict(dict)
    gold: dict[str, dict[str, Gold]] = defaultdict(dict)
    for row in rows:
        for asked in row["questions"]:
            answer = asked["answers"][0]
            span = Span(answer["start"], answer["start"] + len(answer["text"]))
            wordings[asked["id"]][row["language"]] = asked["question"]
            gold[asked["id"]][row["language"]] = Gold(span, span)
    questions = tuple(Question(id_, wordings[id_], gold[id_]) for id_ in wordings)
    texts = {row["language"]: Text("", row["text"]) for row in rows}
    return Document(f"xquad:{key}", "xquad", f"xquad:{key.split('-')[0]}", texts, questions)


def _timeqa_gold(row: dict[str, Any], text: str) -> dict[str, Gold]:
    if row["kind"] == "abstain":
        return {}
    at = text.find(row["quote"])
    within = row["quote"].find(row["answers"][0])
    if at < 0 or within < 0:
        return {}
    answer = Span(at + within, at + within + len(row["answers"][0]))
    return {"en": Gold(answer, answer)}


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file, packed or not; a broken line is left out."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for line in data.decode("utf-8").split("\n"):
        try:
            yield json.loads(line)
        except ValueError:
            continue


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
