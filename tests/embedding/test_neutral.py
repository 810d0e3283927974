from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa_service.embedding.encoder import Encoder, load_encoder
from qa_service.embedding.neutral import (
    CALIBRATION,
    SHRINKAGE,
    CalibrationText,
    NeutralSpace,
    calibration_articles,
    calibration_sentences,
)
from qa_service.errors import EmbeddingError

PARALLEL = {
    "en": ["The new bridge over the fjord will open in May.", "Rice exports fell because of the drought."],
    "de": ["Die neue Brücke über den Fjord wird im Mai eröffnet.", "Die Reisausfuhren sanken wegen der Dürre."],
    "nb": ["Den nye brua over fjorden åpner i mai.", "Riseksporten falt på grunn av tørken."],
    "vi": ["Cây cầu mới qua vịnh hẹp sẽ mở vào tháng 5.", "Xuất khẩu gạo giảm vì hạn hán."],
}
QUESTIONS = {
    "en": "When does the bridge open?",
    "de": "Wann wird die Brücke eröffnet?",
    "nb": "Når åpner brua?",
    "vi": "Khi nào cây cầu mở?",
}


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return load_encoder()


@pytest.fixture(scope="session")
def space(encoder: Encoder) -> NeutralSpace:
    return NeutralSpace.calibrate(encoder)


def test_the_default_models_space_is_shipped_for_every_language_of_the_calibration_articles(
    space: NeutralSpace,
) -> None:
    assert list(CALIBRATION.glob("multilingual-e5-small-*.npz"))
    told = set(calibration_articles().passages) | set(calibration_sentences().passages)
    assert {"en", "de", "nb", "vi", "nn", "da", "sv", "fr", "es", "zh", "ja", "ru"} <= told == set(space.passage_means)
    assert set(space.query_means) == set(space.passage_means)


@pytest.mark.parametrize("asked", QUESTIONS)
def test_the_right_passage_in_another_language_beats_the_wrong_one_in_the_askers(
    encoder: Encoder, space: NeutralSpace, asked: str
) -> None:
    question = space.apply_queries(encoder.encode_queries([QUESTIONS[asked]]), [asked])[0]
    languages = list(PARALLEL)
    right = space.apply_passages(encoder.encode_passages([PARALLEL[lang][0] for lang in languages]), languages)
    wrong = space.apply_passages(encoder.encode_passages([PARALLEL[asked][1]]), [asked])
    assert (right @ question > wrong[0] @ question).all()


def test_vectors_keep_length_one_and_shape(space: NeutralSpace) -> None:
    vectors = np.random.default_rng(0).normal(size=(5, 384)).astype(np.float32)
    moved = space.apply_passages(vectors, ["en", "vi", "xx", "de", "zh-Hant"])
    np.testing.assert_allclose(np.linalg.norm(moved, axis=1), 1.0, atol=1e-5)
    assert space.apply_queries(vectors[:0], []).shape == (0, 384)


def test_without_means_only_the_length_changes() -> None:
    vectors = np.array([[3.0, 4.0]], dtype=np.float32)
    np.testing.assert_allclose(NeutralSpace().apply_passages(vectors, ["en"]), [[0.6, 0.8]], atol=1e-6)


def test_the_collections_own_mean_outweighs_the_calibration_as_it_grows() -> None:
    space = NeutralSpace({"en": np.zeros(2, np.float32)}, {"en": np.zeros(2, np.float32)})
    count = int(3 * SHRINKAGE)
    grown = space.with_collection([(np.ones((count, 2), np.float32), ["en"] * count)])
    np.testing.assert_allclose(grown.passage_means["en"], [0.75, 0.75], atol=1e-6)


@pytest.mark.parametrize("text", [calibration_articles(), calibration_sentences()])
def test_the_calibration_text_is_parallel(text: CalibrationText) -> None:
    assert len({len(told) for told in text.passages.values()}) == 1
    assert len({len(asked) for asked in text.questions.values()}) == 1


def test_the_shipped_space_is_what_fitting_gives(encoder: Encoder, space: NeutralSpace) -> None:
    sentences = calibration_sentences()
    first = {language: told[:1] for language, told in calibration_articles().passages.items()}
    asked = {language: told[:1] for language, told in calibration_articles().questions.items()}
    fitted = NeutralSpace.fit(encoder, CalibrationText(first, asked), sentences)
    for language in ("fr", "zh"):
        shipped = space.passage_means[language] - space.passage_means["en"]
        np.testing.assert_allclose(fitted.passage_means[language] - fitted.passage_means["en"], shipped, atol=1e-4)


def test_a_language_by_another_name_has_the_same_mean(space: NeutralSpace) -> None:
    vectors = np.random.default_rng(0).normal(size=(2, 384)).astype(np.float32)
    for one, other in (("no", "nb"), ("zh-Hant-TW", "zh"), ("en-GB", "en")):
        np.testing.assert_array_equal(
            space.apply_queries(vectors, [one] * 2), space.apply_queries(vectors, [other] * 2)
        )


def test_a_space_comes_back_from_its_file(space: NeutralSpace, tmp_path: Path) -> None:
    space.save(tmp_path / "transform")
    loaded = NeutralSpace.load(tmp_path / "transform")
    assert set(loaded.query_means) == set(space.query_means)
    np.testing.assert_array_equal(loaded.passage_means["vi"], space.passage_means["vi"])


@pytest.mark.parametrize("content", [b"", b"PK not an archive", None])
def test_a_damaged_file_says_what_to_do(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "transform").write_bytes(content)
    with pytest.raises(EmbeddingError, match="--rebuild"):
        NeutralSpace.load(tmp_path / "transform")
