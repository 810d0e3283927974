from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.models import CleanText, LoadedArticle
from qa_service.text.clean import clean_article
from qa_service.text.metadata import read_metadata

PAGE = """\ufeff<!DOCTYPE html>
<html lang="en-GB"><head><title>Port grows | The Gazette</title>
<meta property="og:title" content="Port grows">
<meta property="article:published_time" content="2024-08-20T09:00:00+07:00">
<link rel="canonical" href="https://gazette.example/port-grows">
<script>if (a < b) { document.write("<p>Not text</p>") }</script><style>p { color: red }</style></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/b">Business</a></li></ul></nav>
<main><article><header><h1>Port grows</h1></header>
<p>The port handled <b>3.9&nbsp;million</b> containers in 2024, AT&amp;T says.
It is the
largest.</p>
<figure><img src="x.jpg"><figcaption>A crane at dawn</figcaption></figure>
<div class="related-stories"><a href="/x">Ferry fares fall</a></div>
<p>Second&#8212;and last<br>line of it.<br>A third.
<ul><li>One item.<li>Another item.</ul>
<table><tr><th>Year<th>Boxes<tr><td>2023<td>3.1 m</table>
<p>Read more: Ferry fares fall</p>
<!-- <p>hidden</p> --><p hidden>Secret</p>
</article></main>
<aside><p>Weather: rain.</p></aside><footer>© Gazette</footer></body></html>"""


def clean(text: str, format: str) -> CleanText:
    return clean_article(LoadedArticle("a", text, format, "a"))


def paragraphs(text: str, format: str) -> list[str]:
    result = clean(text, format)
    return [result.text[p.start : p.end] for p in result.paragraphs]


def assert_runs_verbatim(raw: str, result: CleanText) -> None:
    for run in result.runs:
        assert result.text[run.start : run.start + run.length] == raw[run.source_start : run.source_start + run.length]


def test_html_page_gives_its_article_and_nothing_of_the_page() -> None:
    assert paragraphs(PAGE, "html") == [
        "Port grows",
        "The port handled 3.9\u00a0million containers in 2024, AT&T says.\nIt is the\nlargest.",
        "Second—and last line of it.",
        "A third.",
        "One item.",
        "Another item.",
        "Year Boxes",
        "2023 3.1 m",
    ]


def test_html_runs_are_verbatim_and_leave_entities_and_tags_out() -> None:
    result = clean(PAGE, "html")
    assert_runs_verbatim(PAGE, result)
    sentence = next(p for p in result.paragraphs if result.text.startswith("The port", p.start))
    pieces = [PAGE[s.start : s.end] for s in result.source_spans(sentence)]
    assert pieces == ["The port handled ", "3.9", "million", " containers in 2024, AT", "T says.\nIt is the\nlargest."]


def test_html_metadata_is_what_the_page_declares() -> None:
    metadata = read_metadata(LoadedArticle("a", PAGE, "html", "a"), clean(PAGE, "html"))
    assert (metadata.title, metadata.url) == ("Port grows", "https://gazette.example/port-grows")
    assert (metadata.published_on, metadata.language) == (date(2024, 8, 20), "en-GB")


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("<p>a < b and c > d</p>", ["a < b and c > d"]),
        ("<p>R&D &copy &unknown; x</p>", ["R&D © &unknown; x"]),
        ("no markup at all", ["no markup at all"]),
        ("<div>One.<div>Two.</div>Three.</div>", ["One.", "Two.", "Three."]),
        ("<form><p>All of the page lies in a form.</p></form>", ["All of the page lies in a form."]),
        ("<nav><p>Only navigation.</p></nav>", ["Only navigation."]),
        ("<p>Unclosed <b>tags <i>everywhere<p>Then more", ["Unclosed tags everywhere", "Then more"]),
        ("<p title='a > b'>Quoted.</p>", ["Quoted."]),
        ("", []),
    ],
)
def test_html_of_any_shape_is_read(raw: str, found: list[str]) -> None:
    assert paragraphs(raw, "html") == found
    assert_runs_verbatim(raw, clean(raw, "html"))


def test_json_ld_gives_the_publication_day() -> None:
    raw = '<script type="application/ld+json">{"datePublished": "2023-05-06T01:02:03Z"}</script><p>One.</p>'
    assert read_metadata(LoadedArticle("a", raw, "html", "a"), clean(raw, "html")).published_on == date(2023, 5, 6)


MARKDOWN = """---
title: "Port grows: a record"
date: 2024-08-20
url: https://gazette.example/port
lang: en
tags: [a, b]
---
# Port *grows* #

The port handled **3.9 million** containers, says [the _operator_](https://x.example/a_(b)), in
`2024`. It is R&amp;D \\*only\\*, snake_case and 2 * 3 * 4.[^1]

![A crane](crane.jpg)

> Quoted line
> goes on.

- First item
- [x] Second item

1. Numbered

| Year | Boxes |
| ---- | ----- |
| 2023 | 3.1 m |

```python
code()
```
***
[^1]: https://note.example
"""


def test_markdown_loses_its_marks_and_keeps_its_text() -> None:
    assert paragraphs(MARKDOWN, "md") == [
        "Port grows",
        "The port handled 3.9 million containers, says the operator, in\n"
        "2024. It is R&D *only*, snake_case and 2 * 3 * 4.",
        "Quoted line\ngoes on.",
        "First item",
        "Second item",
        "1. Numbered",
        "Year  Boxes",
        "2023  3.1 m",
    ]
    assert_runs_verbatim(MARKDOWN, clean(MARKDOWN, "md"))


def test_markdown_metadata_is_the_front_matter() -> None:
    metadata = read_metadata(LoadedArticle("a", MARKDOWN, "md", "a"), clean(MARKDOWN, "md"))
    assert (metadata.title, metadata.url) == ("Port grows: a record", "https://gazette.example/port")
    assert (metadata.published_on, metadata.language) == (date(2024, 8, 20), "en")


@pytest.mark.parametrize("format", ["html", "md"])
@given(
    raw=st.lists(
        st.sampled_from(["<p>", "</p>", "<b>", "<nav>", "<br>", "<!--", "-->", "<![", "&amp;", "&#65;", "&x", "<"])
        | st.sampled_from(["[t](u)", "`", "\n", "\n\n", "# ", "> ", "- ", "```", "| a |", "---", "é\u0301", "\\*"])
        | st.sampled_from(["a b", "**", "_", "![i](j)"]),
        max_size=25,
    ).map("".join)
)
def test_any_markup_gives_verbatim_runs(format: str, raw: str) -> None:
    result = clean(raw, format)
    assert_runs_verbatim(raw, result)
    assert all(p.start < p.end <= len(result.text) for p in result.paragraphs)


def test_deep_and_broken_html_is_read_in_time() -> None:
    raw = "<div>" * 20_000 + "text" + "<br>" * 20_000
    assert paragraphs(raw, "html") == ["text"]
