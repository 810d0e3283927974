import json
import unicodedata
from collections import Counter

import pytest

from qa_service.evaluation.collection import load_models
from qa_service.evaluation.own_sets import measure, own_sets, read_thresholds
from qa_service.evaluation.question_files import read_question_set
from qa_service.evaluation.registry import BY_NAME
from qa_service.resources import checkout
from qa_service.settings import load_settings

ROOT = checkout()
SEEDS, SECOND = own_sets(ROOT)
EVERY = 2


def source_texts(folder):
    texts = {path.stem: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.suffix != ".jsonl"}
    for path in folder.glob("*.jsonl"):
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        texts |= {line["id"]: line["text"] for line in lines}
    return texts


@pytest.mark.parametrize("own", [SEEDS, SECOND], ids=lambda own: own.name)
def test_every_gold_quote_stands_verbatim_in_its_article(own):
    texts = source_texts(own.articles)
    for gold in read_question_set(own.questions):
        assert all(name in texts for name in gold.articles), gold.id
        assert not gold.articles or any(gold.quote in texts[name] for name in gold.articles), gold.id
        assert gold.is_answerable is bool(gold.articles), gold.id
        assert gold.question == unicodedata.normalize("NFC", gold.question)


def test_the_sets_have_what_they_promise():
    seeds, second = read_question_set(SEEDS.questions), read_question_set(SECOND.questions)
    assert len(seeds) >= 120
    assert len(second) >= 60
    assert len(source_texts(SECOND.articles)) >= 8
    assert {"en", "de", "nb", "vi"} <= {gold.language for gold in seeds}
    for questions in (seeds, second):
        assert 0.15 < sum(not gold.is_answerable for gold in questions) / len(questions) < 0.25
    tags = Counter(tag for gold in seeds for tag in gold.tags)
    wanted = ("fact", "period", "place", "two-part", "stock-flow", "unanswerable", "ill-formed", "injected")
    assert all(tags[tag] >= 5 for tag in wanted)


def test_every_threshold_is_of_a_metric():
    assert {name for values in read_thresholds(ROOT).values() for name in values} <= set(BY_NAME)


@pytest.fixture(scope="module")
def models():
    return load_models(load_settings())


@pytest.mark.slow
@pytest.mark.parametrize("own", [SEEDS, SECOND], ids=lambda own: own.name)
def test_the_service_holds_its_thresholds(own, models, tmp_path):
    measured = measure(own, tmp_path, models, thresholds=read_thresholds(ROOT)[own.name], every=EVERY)
    assert measured.failed == ()


@pytest.mark.slow
def test_a_damaged_configuration_fails_the_gate(models, tmp_path):
    damaged = type(SEEDS)("seeds", SEEDS.questions, SECOND.articles)  # the index is of other articles
    measured = measure(damaged, tmp_path, models, thresholds=read_thresholds(ROOT)["seeds"], every=12)
    assert any("recall_at_5" in problem for problem in measured.failed)
    assert any("answer_accuracy" in problem for problem in measured.failed)
