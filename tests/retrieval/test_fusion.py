import pytest

from qa_service.retrieval.fusion import convex_combination, levelled

DENSE = [("a", 0.9), ("b", 0.8), ("c", 0.5)]
LEXICAL = [("b", 12.0), ("d", 4.0)]


def test_convex_combination_adds_min_max_normalised_scores():
    fused = convex_combination({"dense": DENSE, "lexical": LEXICAL}, {"dense": 1.0, "lexical": 0.5})
    # dense: a (0.9-0.5)/0.4 = 1, b 0.75, c 0; lexical: b 1, d 0, halved
    assert fused == pytest.approx({"a": 1.0, "b": 0.75 + 0.5, "c": 0.0, "d": 0.0})


def test_a_lane_whose_scores_are_all_equal_gives_each_its_whole_weight():
    assert convex_combination({"dense": [("a", 0.3), ("b", 0.3)]}, {"dense": 0.7}) == {"a": 0.7, "b": 0.7}


def test_an_empty_lane_gives_nothing():
    assert convex_combination({"dense": [], "lexical": [("a", 1.0)]}, {"dense": 1.0, "lexical": 1.0}) == {"a": 1.0}


def test_levelled_gives_the_best_of_each_language_the_same_score():
    lane = [("vi1", 8.0), ("vi2", 4.0), ("nb1", 0.5), ("nb2", 0.25), ("de1", 0.0)]
    languages = {name: name[:2] for name, _ in lane}
    assert levelled(lane, languages) == [("vi1", 1.0), ("vi2", 0.5), ("nb1", 1.0), ("nb2", 0.5), ("de1", 0.0)]
