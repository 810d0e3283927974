"""The scorer's fitting: signs are held, thresholds mean what they say."""

import numpy as np
import pytest

from qa_service.answering.features import NAMES
from qa_service.answering.fit import CORPUS, Row, _precise_thresholds, _safe_thresholds, read_cases
from qa_service.answering.fit_models import CONFIDENCE_SIGNS, PRIOR, Choice, fit_confidence, fit_ranking
from qa_service.answering.scoring import CONFIDENCE_NAMES, LogisticModel


def only(name, value, names=NAMES):
    features = np.zeros(len(names))
    features[names.index(name)] = value
    return features


def rising():
    """A confidence that is the logistic function of the first feature."""
    weights = only(CONFIDENCE_NAMES[0], 1.0, CONFIDENCE_NAMES)
    return LogisticModel(np.zeros(len(weights)), np.ones(len(weights)), weights, 0.0)


def row(odds, *, right, answerable=True):
    return Row(tuple(only(CONFIDENCE_NAMES[0], odds, CONFIDENCE_NAMES)), right, answerable)


def test_a_feature_that_tells_right_from_wrong_gains_weight_and_none_changes_its_sign():
    choices = [Choice(np.array([only("plan_agrees", 1.0), only("typed", 1.0)]), np.array([True, False]))] * 50
    weights = dict(zip(NAMES, fit_ranking(choices).weights, strict=True))
    assert weights["plan_agrees"] > PRIOR["plan_agrees"]
    assert 0.0 <= weights["typed"] < PRIOR["typed"]
    assert all(weights[name] * worth >= 0 for name, worth in PRIOR.items())


def test_confidence_rises_with_what_speaks_for_an_answer_and_never_against_its_sign():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(400, len(CONFIDENCE_NAMES)))
    right = features[:, CONFIDENCE_NAMES.index("margin")] + 0.3 * rng.normal(size=400) > 0
    model = fit_confidence(features, right)
    fitted = dict(zip(CONFIDENCE_NAMES, model.weights, strict=True))
    assert fitted["margin"] > 1.0
    assert all(fitted[name] * sign >= 0 for name, sign in CONFIDENCE_SIGNS.items())


def test_a_precise_threshold_is_the_lowest_that_keeps_its_share_of_right_values():
    rows = [row(3, right=True), row(2, right=True), row(1, right=True), row(0, right=False), row(-1, right=True)]
    thresholds = _precise_thresholds(rising(), rows)
    assert thresholds["strict"] == pytest.approx(1 / (1 + np.exp(-1)), abs=1e-4)
    assert thresholds["eager"] == pytest.approx(1 / (1 + np.exp(1)), abs=1e-4)


def test_no_threshold_is_low_enough_where_nothing_is_right():
    assert set(_precise_thresholds(rising(), [row(3, right=False)]).values()) == {1.0}


def test_a_safe_threshold_leaves_unanswerable_questions_unanswered():
    rows = [row(odds, right=False, answerable=False) for odds in np.linspace(-3, 3, 101)]
    rows += [row(5, right=True)] * 50
    thresholds = _safe_thresholds(rising(), rows)
    answered = [r for r in rows if not r.answerable and rising().probability(r.features) > thresholds["strict"]]
    assert len(answered) == 5
    assert thresholds["eager"] < thresholds["balanced"] < thresholds["strict"]


def test_every_quote_and_answer_of_the_corpus_stands_in_its_article():
    import random

    articles, cases = read_cases(sorted(CORPUS.glob("*.jsonl.gz")), random.Random(0))
    texts = {article["id"]: article["text"] for article in articles}
    assert len(cases) > 2000
    assert [c for c in cases if c.quote not in texts[c.article_id] or c.answer not in c.quote] == []
