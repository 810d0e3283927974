from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

from qa_service.models import Span
from qa_service.reading.documents import Document, is_fitting_half, read_articles, read_parallel_passages, read_timeqa

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = {
    "id": "a1",
    "topic": "harbour",
    "texts": {
        "en": {"title": "Harbour grows", "text": "It was quiet.\nThe harbour handled 41 ships in May."},
        "vi": {"title": "Cảng lớn lên", "text": "Yên tĩnh.\nCảng đón 41 tàu trong tháng 5."},
    },
    "questions": [
        {
            "id": "q1",
            "kind": "answer",
            "question": {"en": "How many ships came in May?", "vi": "Tháng 5 có bao nhiêu tàu?"},
            "answers": {"en": "41", "vi": "41"},
            "quotes": {"en": "The harbour handled 41 ships in May.", "vi": "Cảng đón 41 tàu trong tháng 5."},
        },
        {"id": "q2", "kind": "abstain", "question": {"en": "How many ships came in June?", "vi": "Tháng 6?"}},
    ],
}


def gold_text(document: Document, question: int, language: str) -> str:
    span = document.questions[question].gold[language].answer
    return document.texts[language].text[span.start : span.end]


def test_articles_are_read_with_the_answers_offsets_and_broken_lines_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    decomposed = unicodedata.normalize("NFD", json.dumps(ARTICLE, ensure_ascii=False))
    path.write_text(decomposed + "\n{broken\n" + json.dumps({"id": "no-texts"}) + "\n", encoding="utf-8")
    (document,) = read_articles(path, "written")
    assert [gold_text(document, 0, language) for language in ("en", "vi")] == ["41", "41"]
    assert document.questions[0].gold["en"].proof == Span(14, 50)
    assert document.questions[1].gold == {}


def test_parallel_passages_become_one_document_of_their_article(tmp_path: Path) -> None:
    rows = [
        {
            "id": f"{language}-02-0",
            "language": language,
            "text": text,
            "questions": [{"id": "x", "question": "?", "answers": [{"text": answer, "start": text.index(answer)}]}],
        }
        for language, text, answer in [("en", "Rollo came in 911.", "Rollo"), ("ru", "Пришёл Роллон.", "Роллон")]
    ]
    path = tmp_path / "p.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    (document,) = read_parallel_passages(path)
    assert document.group == "xquad:02"
    assert [gold_text(document, 0, language) for language in ("en", "ru")] == ["Rollo", "Роллон"]


def test_the_halves_of_timeqa_do_not_share_an_article(tmp_path: Path) -> None:
    ids = [f"Article_{i}" for i in range(40)]
    rows = [{"id": id_, "text": "She led it from 2001 to 2003."} for id_ in ids]
    asked = [
        {"id": id_, "question": "When?", "kind": "answer", "articles": [id_], "quote": row["text"], "answers": ["2001"]}
        for id_, row in zip(ids, rows, strict=True)
    ]
    (tmp_path / "articles.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "questions.jsonl").write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    halves = [{d.id for d in read_timeqa(tmp_path, fitting_half=half)} for half in (True, False)]
    assert not halves[0] & halves[1]
    assert len(halves[0] | halves[1]) == len(ids)
    assert {f"timeqa:{id_}" for id_ in ids if is_fitting_half(id_)} == halves[0]
