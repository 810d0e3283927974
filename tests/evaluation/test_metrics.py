import math

import pytest
from evaluation_parts import QUOTE, abstained, case, citation, gold, outcome, passage

from qa_service.evaluation.bootstrap import mean_interval, statistic_interval
from qa_service.evaluation.figures import breakdowns, figures_of
from qa_service.evaluation.metrics.citations import citation_precision, citation_recall
from qa_service.evaluation.metrics.latency import percentile
from qa_service.evaluation.metrics.parity import parity
from qa_service.evaluation.metrics.quote_overlap import quote_overlap
from qa_service.evaluation.metrics.retrieval import score_rankings
from qa_service.evaluation.metrics.risk_coverage import area, risk_coverage_curve
from qa_service.evaluation.metrics.token_f1 import f1, token_f1
from qa_service.evaluation.outcome import GoldSpan
from qa_service.evaluation.registry import METRICS, definitions_table
from qa_service.schemas import ClaimModel


def test_retrieval_by_hand():
    # gold third of three: MRR 1/3, nDCG (1/log2(4)) / (1/log2(2)) = 1/2; two golds, second and fourth: nDCG by hand
    scores = score_rankings({"a": ["x", "y", "g"], "b": ["x", "g", "y", "h"]}, {"a": ["g"], "b": ["g", "h"]})
    assert scores["a"] == pytest.approx({"recall_at_1": 0, "recall_at_5": 1, "mrr": 1 / 3, "ndcg_at_10": 0.5})
    gain = 1 / math.log2(3) + 1 / math.log2(5)
    ideal = 1 + 1 / math.log2(3)
    assert scores["b"]["ndcg_at_10"] == pytest.approx(gain / ideal)
    assert scores["b"]["mrr"] == pytest.approx(0.5)


def test_nothing_found_scores_zero_in_retrieval():
    assert set(score_rankings({"a": []}, {"a": ["g"]})["a"].values()) == {0.0}


def test_only_a_passage_with_the_gold_quote_is_gold():
    far, near = passage(1, "right", 500, 900), passage(2, "right", 0, 400)
    scored = case(gold("1"), outcome("1", passages=[far, near]))
    assert (scored.scores["recall_at_1"], scored.scores["mrr"]) == (0.0, 0.5)


def test_without_a_quote_any_passage_of_a_gold_article_is_gold_and_an_article_counts_once():
    spans = (GoldSpan(article_id="right", language="nb"),)
    found = [passage(1, "other", 0), passage(2, "other", 100, 200), passage(3, "right", 500, 900)]
    assert case(gold("1", quote=""), outcome("1", passages=found, spans=spans)).scores["mrr"] == 0.5


@pytest.mark.parametrize(
    ("found", "accepted", "expected"),
    [
        ("the Song Khoai park", "Song Khoai industrial park", 2 * 3 / (3 + 4)),
        ("Sông Khoai", "song khoai", 1.0),
        ("河内", "河内市", 2 * 2 / (2 + 3)),
        ("yes yes", "yes", 2 * 1 / (2 + 1)),
        ("", "x", 0.0),
    ],
)
def test_token_f1_by_hand(found, accepted, expected):
    assert f1(found, accepted) == pytest.approx(expected)


def test_token_f1_takes_the_best_accepted_answer_and_joins_parts():
    assert token_f1(gold("nothing", "17 projects"), outcome("17 projects")) == 1.0
    assert token_f1(gold(["3"], ["20 million"]), outcome("3; 20 million")) == 1.0
    assert token_f1(gold("17 projects"), abstained()) == 0.0


def test_risk_coverage_by_hand():
    # surest first: right, wrong, right → risks 0/1, 1/2, 1/3
    assert risk_coverage_curve([0.9, 0.5, 0.7], [0, 0, 1]).tolist() == pytest.approx([0, 1 / 2, 1 / 3])
    assert area([0.9, 0.5, 0.7], [0, 0, 1]) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)


def test_cases_of_one_confidence_are_not_told_apart_by_their_order():
    assert area([0.5, 0.5], [1, 0]) == area([0.5, 0.5], [0, 1]) == pytest.approx(0.5)


def test_parity_is_the_worst_language_by_the_best_and_leaves_small_groups_out():
    assert parity({"en": [1] * 5, "vi": [1, 1, 1, 1, 0], "fr": [0]}) == pytest.approx(0.8)
    assert parity({"en": [1] * 5}) is None


def test_percentiles_interpolate():
    assert percentile([100, 200, 300, 400], 50) == 250
    assert percentile([], 95) is None


def test_quote_overlap_is_the_share_of_the_gold_quote_and_needs_a_verbatim_quote():
    half = QUOTE[: len(QUOTE) // 2]
    assert quote_overlap(gold("1"), outcome("1", citations=[citation(quote=half)])) == pytest.approx(
        len(half) / len(QUOTE)
    )
    assert quote_overlap(gold("1"), outcome("1", verbatim=False)) == 0.0
    assert quote_overlap(gold("1"), abstained()) is None


def claims(*texts_and_markers):
    return [ClaimModel(text=text, citations=list(markers)) for text, markers in texts_and_markers]


def test_citation_recall_counts_claims_that_their_quotes_hold():
    said = claims(("US$1,543 million (by the end of June 2024) [1].", [1]), ("US$999 million [1].", [1]))
    assert citation_recall(gold("1"), outcome("x", claims=said)) == pytest.approx(0.5)


@pytest.mark.parametrize(
    "text",
    ["US$1,543 billion [1].", "US$1,543 million in June 2023 [1].", "They said “1 544 millioner” [1]."],
)
def test_a_claim_with_another_number_day_or_quoted_word_is_not_supported(text):
    assert citation_recall(gold("1"), outcome("x", claims=claims((text, [1])))) == 0.0


def test_a_quote_that_is_not_verbatim_supports_nothing():
    said = claims(("US$1,543 million [1].", [1]))
    assert citation_recall(gold("1"), outcome("x", claims=said, verbatim=False)) == 0.0


def test_citation_precision_leaves_out_a_citation_that_adds_nothing():
    idle = citation(2, quote="Været blir fint i morgen", start=500)
    said = claims(("US$1,543 million [1][2].", [1, 2]))
    result = outcome("x", citations=[citation(), idle], claims=said)
    assert citation_recall(gold("1"), result) == 1.0
    assert citation_precision(gold("1"), result) == pytest.approx(0.5)


def test_a_citation_that_is_needed_with_another_is_precise():
    first = citation(1, quote="I alt 1 543 millioner dollar")
    second = citation(2, quote="I alt 17 prosjekter", start=500)
    said = claims(("US$1,543 million and 17 projects [1][2].", [1, 2]))
    assert citation_precision(gold("1"), outcome("x", citations=[first, second], claims=said)) == 1.0


def test_abstention_and_wrong_answers_by_hand():
    cases = [
        case(gold("17", name="a"), outcome("17")),  # right
        case(gold("17", name="b"), outcome("18")),  # wrong
        case(gold("17", name="c"), abstained()),  # missed
        case(gold(kind="abstain", name="d"), abstained(spans=())),  # rightly abstained
        case(gold(kind="abstain", name="e"), outcome("18", spans=())),  # wrong
    ]
    figures = figures_of(cases)
    expected = {
        "answer_accuracy": 1 / 3,
        "wrong_answer_rate": 2 / 5,
        "abstention_precision": 1 / 2,
        "abstention_recall": 1 / 2,
        "coverage": 2 / 3,
    }
    assert {name: figures[name].value for name in expected} == pytest.approx(expected)


def test_groups_are_by_language_pair_kind_and_tag():
    asked = gold("17", tags=["period"])
    groups = breakdowns([case(asked, outcome("17")), case(gold(kind="abstain", language="vi"), abstained(spans=()))])
    assert {dimension: list(found) for dimension, found in groups.items()} == {
        "language": ["en", "vi"],
        "relation": ["cross-language"],
        "pair": ["en→nb"],
        "kind": ["abstain", "answer"],
        "tag": ["period"],
    }


def test_an_interval_holds_the_mean_narrows_with_cases_and_is_the_same_each_time():
    few, many = [0, 1] * 10, [0, 1] * 200
    wide, narrow = mean_interval(few), mean_interval(many)
    assert wide.low < 0.5 < wide.high
    assert narrow.high - narrow.low < wide.high - wide.low
    assert mean_interval(few) == wide
    # a share of 0.5 of 400: the normal interval is 0.5 ± 1.96 · 0.025
    assert (narrow.low, narrow.high) == pytest.approx((0.451, 0.549), abs=0.006)


def test_an_interval_of_nothing_is_none():
    assert mean_interval([1.0]) is None
    assert statistic_interval(5, lambda rows: None) is None


def test_every_metric_has_a_name_of_its_own_a_definition_and_a_source():
    assert len({metric.name for metric in METRICS}) == len(METRICS)
    assert all(metric.definition and metric.source for metric in METRICS)
    assert definitions_table().count("\n") == len(METRICS) + 1
