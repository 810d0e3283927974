from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from qa_service.indexing.articles import build_article
from qa_service.models import LoadedArticle
from qa_service.text.load import load_path

SEEDS = Path(__file__).parents[2] / "seeds"


def loaded(text: str, **declared: object) -> LoadedArticle:
    return LoadedArticle("a", text, "txt", "a", **declared)  # type: ignore[arg-type]


def test_seeds_get_their_language_and_the_day_of_their_figures() -> None:
    found = [(a.language, a.as_of) for a in map(build_article, load_path(SEEDS).articles)]
    assert found == [
        ("nb", date(2024, 6, 30)),
        ("vi", date(2024, 7, 31)),
        ("de", date(2025, 8, 31)),
        ("en", date(2023, 6, 30)),
        ("vi", date(2022, 3, 28)),
    ]


@pytest.mark.parametrize(
    ("text", "published", "as_of"),
    [
        ("By the end of June 2024 the port had 5 cranes. By December 2028 it will have 9.", None, date(2024, 6, 30)),
        ("In 2024 the port earned 5 million, it said on 6 March 2025.", None, date(2025, 3, 6)),
        ("It opened in May 2024. In September 2024 it will close.", date(2024, 6, 1), date(2024, 5, 31)),
        ("Nothing is dated here.", None, None),
    ],
)
def test_as_of_is_the_latest_dated_day_that_is_no_plan(text: str, published: date | None, as_of: date | None) -> None:
    assert build_article(loaded(text, declared_language="en", declared_published_on=published)).as_of == as_of


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("Port grows\nPublished on 6 March 2025\nIt grew.", "en", date(2025, 3, 6)),
        ("Hafen wächst\nVeröffentlicht am 12. November 2025\nEr wuchs.", "de", date(2025, 11, 12)),
        ("Havna vokser\nPublisert 3. mai 2024\nDen vokste.", "nb", date(2024, 5, 3)),
        ("Cảng\nCập nhật: 20/08/2024 10:30\nCảng lớn lên.", "vi", date(2024, 8, 20)),
        ("Port grows\nIt grew in May 2024.", "en", None),
    ],
)
def test_publication_day_is_read_where_the_text_states_it(text: str, language: str, day: date | None) -> None:
    assert build_article(loaded(text, declared_language=language)).published_on == day


@pytest.mark.parametrize(("declared", "language"), [("no", "nb"), ("vi_VN", "vi"), ("de-AT", "de")])
def test_declared_language_is_reduced_to_its_base(declared: str, language: str) -> None:
    assert build_article(loaded("x y z.", declared_language=declared)).language == language


def test_hash_changes_with_text_and_metadata_only() -> None:
    one = loaded("Port grows.", declared_title="T", declared_language="en")
    same = build_article(one).content_hash
    assert build_article(replace(one, path="elsewhere")).content_hash == same
    changed = [replace(one, text="Port grew."), replace(one, declared_title="U"), replace(one, declared_language="nb")]
    assert len({same, *(build_article(other).content_hash for other in changed)}) == 4
