from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.models import (
    Analysis,
    Article,
    CleanText,
    LoadedArticle,
    Name,
    Passage,
    Period,
    PeriodKind,
    Quantity,
    QuantityKind,
    Run,
    Span,
)
from qa_service.store.analysis import analysis_from_json, analysis_to_json
from qa_service.store.rows import StagedArticle, article_row, passage_row, to_article, to_loaded_article, to_passage

TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
SPANS = st.lists(st.builds(Span, st.integers(0, 99), st.integers(0, 99)), max_size=4).map(tuple)
RUNS = st.lists(st.builds(Run, st.integers(0, 99), st.integers(0, 99), st.integers(0, 99)), max_size=4).map(tuple)
DAYS = st.none() | st.dates()


def through_sqlite(row):
    marks = ", ".join("?" * len(row))
    return sqlite3.connect(":memory:").execute(f"SELECT {marks}", row).fetchone()


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.builds(
        Passage,
        id=TEXT,
        article_id=TEXT,
        start=st.integers(0, 99),
        end=st.integers(0, 99),
        text=TEXT,
        sentences=SPANS,
        runs=RUNS,
        language=TEXT,
        context=TEXT,
        position=st.integers(0, 99),
    )
)
def test_a_passage_comes_back_from_its_row_as_it_was(passage):
    assert to_passage(through_sqlite(passage_row(passage))) == passage


ARTICLES = st.builds(
    Article, id=TEXT, text=TEXT, clean=st.builds(CleanText, TEXT, RUNS, SPANS), title=TEXT, language=TEXT,
    published_on=DAYS, as_of=DAYS, url=st.none() | TEXT, content_hash=TEXT,
)  # fmt: skip
LOADED = st.builds(LoadedArticle, TEXT, TEXT, TEXT, TEXT, st.none() | TEXT, st.none() | TEXT, DAYS, st.none() | TEXT)


@settings(deadline=None)  # a busy machine is no failure
@given(ARTICLES, LOADED)
def test_an_article_and_its_declared_fields_come_back_from_their_row(article, loaded):
    row = through_sqlite(article_row(StagedArticle("source", "hash", loaded, article, ())))
    assert to_article(row) == article
    # id and text of the loaded article are the article's own
    assert to_loaded_article(row) == replace(loaded, id=article.id, text=article.text)


def test_an_analysis_keeps_its_decimals_dates_and_kinds():
    analysis = Analysis(
        quantities=(
            Quantity(Decimal("1543000000"), "USD", QuantityKind.MONEY, 3, 30, scale=10**6, digits=Decimal("1543")),
            Quantity(Decimal("0.10"), "%", QuantityKind.SHARE, 40, 45, high=Decimal("0.2"), qualifier="about"),
        ),
        periods=(Period(None, date(2024, 6, 30), PeriodKind.AS_OF, "month", 50, 60),),
        names=(Name("Quảng Ninh", "quang ninh", "place", 0, 10, "VN-13"),),
        inherited=(Period(date(2024, 1, 1), None, PeriodKind.FROM, "year", explicit=False),),
    )
    again = analysis_from_json(analysis_to_json(analysis))
    assert again == analysis
    assert str(again.quantities[1].amount) == "0.10"
    assert type(again.quantities[0].kind) is QuantityKind
