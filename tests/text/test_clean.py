from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.models import LoadedArticle
from qa_service.text.builder import joinable
from qa_service.text.clean import clean_article, removed_furniture
from qa_service.text.load import load_path

SEEDS = Path(__file__).parents[2] / "seeds"
BODY = "The port handled 3.9 million containers in 2024.\nIt is the largest of the country."


def loaded(text: str, format: str = "txt", title: str | None = None) -> LoadedArticle:
    return LoadedArticle("a", text, format, "a", declared_title=title)


def paragraphs(text: str, format: str = "txt") -> list[str]:
    clean = clean_article(loaded(text, format))
    return [clean.text[p.start : p.end] for p in clean.paragraphs]


@pytest.mark.parametrize(
    "line",
    [
        "Nhỏ Bình thường Lớn",
        "A- A A+",
        "Read more: Opole waits for its first motorway park",
        "Lesen Sie auch: Oppeln wartet auf seinen ersten Autobahnpark",
        "Les også: Opole venter på sin første motorveipark",
        "Tin liên quan: Opole chờ khu công nghiệp cạnh cao tốc đầu tiên",
        "FÅTT MED DEG DENNE? En ny opplevelse i French Open",
        "相关阅读：新机场开放",
        "Share this article: Facebook – X – E-mail",
        "Folgen Sie uns auf WhatsApp",
        "Kommentar (0)",
        "(Bình luận: 27)",
        "Erster Motorradbauer in der Zone Kommentare (0)",
        "Quảng cáo",
        "Kilde",
        "Quelle: https://example.org/a-b-1.html",
        "Photo gallery: Harvest at Virú",
        "Ảnh: Bãi xe đạp bỏ hoang gần Dampoort, tháng 1/2025.",
        'Ảnh: Thân tàu "Kvarner Star" trên triền đà. Nguồn: Brodara',
        "Illustrative Image (Photo: VNA)",
        "Terje Pedersen / NTB scanpix",
        "(©NTB)",
        "Home > News > Economy",
    ],
)
def test_furniture_line_goes_wherever_it_stands(line: str) -> None:
    one, two = BODY.split("\n")
    assert paragraphs(f"{one}\n{line}\n{two}") == [one, two]
    assert paragraphs(f"{one}\n\n{two}\n\n{line}") == [one, two]


@pytest.mark.parametrize(
    "line",
    [
        "Fakta: Tinnfoss Kraft Eiere: ni kommuner. Ansatte: 286.",
        "Correction: An earlier version of this article gave the planned number of workers as 15,000.",
        "Kraków, 6 March. Wislana share price: 47.30 zloty (-1.2%) Comments (12)",
        "Share: 34 percent",
        "Source: Ministry of Finance, 2024 budget report",
        "Granåsen får penger til oppgradering før VM på ski i 2025. Foto: Ole Martin Wold / NTB scanpix",
        "Read more: The ministry approved 12 projects. They are worth 5 million dollars.",
        "Mehr zum Thema Migration sagte der Minister am Freitag in Berlin.",
        "- Rudy Fernández – 2015",
        "Chọn chất lượng, thay vì số lượng",
        "Für kommende Projekte sind 3 Mrd. Euro geplant...",
        "Quarterly figures",
    ],
)
def test_line_that_says_something_stays(line: str) -> None:
    one, two = BODY.split("\n")
    assert paragraphs(f"{one}\n{line}\n{two}") == [one, line, two]


def test_repeated_title_goes_and_its_first_stays() -> None:
    title = "Freizone fast voll: Kabelhersteller zieht ein"
    text = f"{title}\n\n{title}\n\nEs sind 71 Firmen.\n{title}\nMehr folgt.\n{title} | Abendblatt"
    assert paragraphs(text) == [title, "Es sind 71 Firmen.", "Mehr folgt."]


def test_repeated_list_items_stay() -> None:
    winners = "- Luka Novak\n- Real Madrid B"
    text = f"Cup winners by year\n2014:\n{winners}\n2015:\n{winners}\nThe end came."
    assert paragraphs(text) == text.split("\n")


def test_list_of_teasers_at_the_end_goes_with_its_uncut_last_one() -> None:
    teasers = "\n\n".join(
        f"{title}\n\n{title}\n\n{teaser}"
        for title, teaser in [
            ("The bridge opens in May", "After three years of works, the bridge ..."),
            ("Rail line to be doubled", "The government has decided that from next year ..."),
            ("Ferry fares fall", "From 29 August a ticket costs 20 kroner."),
        ]
    )
    assert paragraphs(f"Port grows\n\n{BODY}\n\n{teasers}") == ["Port grows", *BODY.split("\n")]


def test_titles_under_a_related_head_go_and_the_text_after_stays() -> None:
    after = "Năm 2023, cảng đạt 5 triệu."
    text = f"Port grows\n\n{BODY}\n\nTin liên quan\nMở cửa đón dòng khách: giàu tiềm năng\n\n{after}"
    assert paragraphs(text) == ["Port grows", *BODY.split("\n"), after]


def test_alternative_text_beside_its_caption_goes_too() -> None:
    alternative = "Modern assembly line at the Solar plant (Song Khoai park)"
    caption = "Modern assembly line at the Solar plant (Song Khoai Park, Quang Ninh). (Source: BQN)"
    one, two = BODY.split("\n")
    rest = "The plant employs 930 people and makes modules for the American market."
    text = f"{one}\n{alternative}\n{caption}\n\n{two}\n{rest}"
    assert paragraphs(text) == [one, two, rest]


def test_list_that_a_colon_announces_stays_at_the_end() -> None:
    text = "The port serves four countries:\nNorway\nSweden\nDenmark\nFinland"
    assert paragraphs(text) == text.split("\n")


def test_lines_broken_at_a_column_are_one_paragraph() -> None:
    text = (
        "The port of Tanger Azrak handled 3.9 million containers from January\nto May, which is more than the port of "
        "Casablanca handled in all of\nthe year before, and the operator expects the same again for the\nsecond half "
        "of the year, according to a statement published by the\nministry of transport.\n\nA second paragraph follows, "
        "and it is broken at the same column as\nthe first one was."
    )
    assert paragraphs(text) == text.split("\n\n")


def test_article_of_furniture_alone_is_kept_whole() -> None:
    assert paragraphs("Kommentar (0)\n\nAnnonse") == ["Kommentar (0)", "Annonse"]


def test_furniture_parts_paragraphs_and_blank_lines_do_not() -> None:
    clean = clean_article(loaded("One is here.\n\nTwo is here.\nAnnonse\nThree is here."))
    first, second, third = clean.paragraphs
    assert joinable(clean, first, second)
    assert not joinable(clean, second, third)


@pytest.mark.parametrize(
    ("id", "kept", "gone"),
    [
        ("000_0b46af3614b9e39e", 8, ["Kilde", "Kommentar (0)"]),
        ("002_05081487ca301f17", 6, ["Quelle: https://baoquangninh.vn", "Kommentar (0)"]),
        ("003_50fe8ca5834c48ef", 11, ["Illustrative Image (Photo: VNA)"]),
        ("004_35a52690529afab9", 12, ["Kết quả triển khai", "Kết quả triển khai", "Tin liên quan"]),
    ],
)
def test_seed_loses_its_furniture_and_nothing_else(id: str, kept: int, gone: list[str]) -> None:
    [article] = load_path(SEEDS / f"{id}.txt").articles
    removed = removed_furniture(article)
    assert len(clean_article(article).paragraphs) == kept
    assert len(removed) == len(gone)
    assert all(line.text.startswith(start) for line, start in zip(removed, gone, strict=True))


def test_seed_with_teasers_keeps_every_paragraph_up_to_them() -> None:
    [article] = load_path(SEEDS / "001_572c14c57e259e84.txt").articles
    clean = clean_article(article)
    end = article.text.index("57 triệu USD...") + len("57 triệu USD...")
    assert clean.source_spans(clean.paragraphs[-1])[0].end == end
    assert len(clean.paragraphs) == 23
    assert "BQN" not in clean.text


TEXTS = st.lists(
    st.sampled_from(["Kommentar (0)", "One.", "Title here now", "Foto: X", "", " ", "Read more: y", "a ...", "\ufeff"])
    | st.text(alphabet="ab.,:\n\r\u2028 \u00a01()", max_size=30),
    max_size=12,
).map("\n".join)


@given(TEXTS)
def test_every_run_is_verbatim_and_every_paragraph_one_source_span(text: str) -> None:
    clean = clean_article(loaded(text))
    for run in clean.runs:
        assert clean.text[run.start : run.start + run.length] == text[run.source_start : run.source_start + run.length]
    for paragraph in clean.paragraphs:
        [span] = clean.source_spans(paragraph)
        assert text[span.start : span.end] == clean.text[paragraph.start : paragraph.end]
    assert bool(clean.paragraphs) == bool(text.removeprefix("\ufeff").strip())


@given(TEXTS)
def test_a_line_is_kept_or_removed_and_never_both(text: str) -> None:
    clean = clean_article(loaded(text))
    kept = {at for p in clean.paragraphs for s in clean.source_spans(p) for at in range(s.start, s.end)}
    gone = {at for line in removed_furniture(loaded(text)) for at in range(line.start, line.end)}
    assert not kept & gone
