from __future__ import annotations

from datetime import date

import pytest

from qa_service.models import LoadedArticle
from qa_service.text.clean import clean_article
from qa_service.text.metadata import read_metadata


def metadata_of(text: str, **declared: object):
    loaded = LoadedArticle("a", text, "txt", "a", **declared)  # type: ignore[arg-type]
    return read_metadata(loaded, clean_article(loaded))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Port grows\n\nIt handled 3 boxes.", "Port grows"),
        ("Nhỏ Bình thường Lớn\n\nCảng lớn lên\n\nCảng có 3 tàu.", "Cảng lớn lên"),
        ("Who owns the port?\n\nThe state does.", "Who owns the port?"),
        ("Quang Ninh (VNA) – The goal is near. More is to come.\nIt grew.", "The goal is near."),
        (
            "Unter dem Motto der neuen Amtszeit setzte sich die Provinz Quang Ninh für das kommende Jahr ein Ziel.",
            "Unter dem Motto der neuen Amtszeit setzte sich die Provinz Quang Ninh für das kommende…",
        ),
    ],
)
def test_title_is_the_heading_or_the_first_sentence_shortened(text: str, title: str) -> None:
    assert metadata_of(text).title == title


def test_declared_fields_win() -> None:
    found = metadata_of("Port grows\nIt did.", declared_title="T", declared_url="https://d.example/2020/01/02/x")
    assert (found.title, found.url, found.published_on) == ("T", "https://d.example/2020/01/02/x", date(2020, 1, 2))


@pytest.mark.parametrize(
    ("line", "url"),
    [
        ("Quelle: https://b.example/a-1.html", "https://b.example/a-1.html"),
        ("Nguồn: https://b.example/x.", "https://b.example/x"),
        ("Kilde", None),
        ("Kilde\nhttps://b.example/x", "https://b.example/x"),
        ("It is at https://b.example/x now.", None),
        ("Source: ftp://b.example", None),
    ],
)
def test_address_of_a_source_line_is_the_url(line: str, url: str | None) -> None:
    assert metadata_of(f"Port grows\nIt grew in 2024.\n{line}").url == url


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Port grows\nPublished on 6 March 2025\nIt grew.", ("Published on 6 March 2025",)),
        ("Cảng\nThứ ba, 20/08/2024, 10:30\nCảng lớn lên.", ("Thứ ba, 20/08/2024, 10:30",)),
        ("HANOI, Aug 20, 2024 (VNA) – The port grew.", ("HANOI, Aug 20, 2024 (VNA) – ",)),
        ("Port grows\nIt grew in 2024 by 5 percent.", ()),
    ],
)
def test_pieces_that_may_state_the_publication_day_are_given(text: str, pieces: tuple[str, ...]) -> None:
    assert metadata_of(text).date_texts == pieces
