import pytest
from evaluation_parts import citation, gold, outcome, value

from qa_service.evaluation.gold import Accepted, GoldQuestion
from qa_service.evaluation.judgement import judge
from qa_service.evaluation.metrics.value_accuracy import value_accuracy

HALF = "2024-01-01/2024-06-30"

ODD_SPELLINGS = [
    ("1,543 million USD", "US$1,543 million", "en"),
    ("1,543 million USD", "$1.543 billion", "en"),
    ("1.543 billion USD", "1 543 millioner USD", "nb"),
    ("1,543 million USD", "1,543 tỷ USD", "vi"),
    ("1,543 million USD", "1.543 triệu USD", "vi"),
    ("1.543 Millionen US-Dollar", "1.543 Mio. US-Dollar", "de"),
    ("1,543 million USD", "1\u202f543 millioner amerikanske dollar", "nb"),
    ("1,543 million USD", "1,543,000,000 USD", "en"),
    ("1,543 million USD", "about US$1,543 million", "en"),
    ("14 %", "14 Prozent", "de"),
    ("32.09%", "32,09 %", "nb"),
    ("21.5 ha", "215,000 m²", "en"),
    ("400 to 500 ha", "400–500 ha", "en"),
    ("17 projects", "17", "en"),
    ("17", "17 dự án", "vi"),
    ("second", "2nd", "en"),
    ("March 2025", "mars 2025", "nb"),
    ("March 2025", "tháng 3 năm 2025", "vi"),
    ("27 November 2023", "27.11.2023", "de"),
    ("Song Khoai", "Khu công nghiệp Sông Khoai", "vi"),
    ("Quảng Ninh", "Quang Ninh", "en"),
    ("10/14", "10/14", "de"),
]

NEAR_MISSES = [
    ("scale", "1,543 million USD", "US$1,543 billion", "en"),
    ("scale of another language", "1,543 million USD", "1.543 Milliarden Dong", "de"),
    ("scale by a separator", "1,543 million USD", "1,543 triệu USD", "vi"),
    ("unit", "1,543 million USD", "1,543 million EUR", "en"),
    ("unit", "21.5 ha", "21.5 km²", "en"),
    ("unit", "14 %", "14 percentage points", "en"),
    ("a number within a number", "543 million USD", "1 543 millioner USD", "nb"),
    ("one digit", "1,543 million USD", "US$1,534 million", "en"),
    ("sign", "3.2 %", "−3.2 %", "en"),
    ("sign", "-3.2 %", "3.2 %", "en"),
    ("year of a date", "March 2025", "March 2024", "en"),
    ("month of a date", "March 2025", "May 2025", "en"),
    ("place", "Quang Ninh", "Quảng Nam", "vi"),
    ("place", "Song Khoai", "Dong Mai", "en"),
    ("part of a name", "Gokin Solar", "Solar", "en"),
    ("an end of a range", "400 to 500 ha", "400 ha", "en"),
    ("rank for count", "second", "2 projects", "en"),
    ("all numbers at once", "1,543 million USD", "832 million USD; 1,543 million USD", "en"),
]


@pytest.mark.parametrize(("accepted", "headline", "language"), ODD_SPELLINGS)
def test_a_right_answer_in_an_odd_spelling_counts(accepted, headline, language):
    assert judge(gold(accepted), outcome(headline, language=language)).is_right


@pytest.mark.parametrize(("what", "accepted", "headline", "language"), NEAR_MISSES)
def test_a_near_miss_does_not_count(what, accepted, headline, language):
    verdict = judge(gold(accepted), outcome(headline, language=language))
    assert verdict.is_wrong
    assert not verdict.is_right


@pytest.mark.parametrize(
    ("stated", "right"),
    [
        (HALF, True),
        ("../2024-06-30", True),
        (None, True),
        ("2023-01-01/2023-06-30", False),
        ("../2023-06-30", False),
        ("2024-01-01/2024-07-31", False),
    ],
)
def test_the_stated_period_must_not_be_another(stated, right):
    asked = gold("1,543 million USD", period=HALF)
    result = outcome("US$1,543 million", values=[value("1543000000", period=stated)])
    assert value_accuracy(asked, result) == float(right)


def test_another_year_in_the_text_is_wrong_where_no_typed_value_states_one():
    asked = gold("1,543 million USD", period=HALF)
    result = outcome("US$1,543 million", text="By the end of June 2023: US$1,543 million [1].")
    assert value_accuracy(asked, result) == 0.0


def test_the_right_number_from_an_article_on_another_province_is_wrong():
    result = outcome("US$1,543 million", citations=[citation(article="other")])
    assert judge(gold("1,543 million USD"), result).is_wrong


def test_headline_and_typed_value_must_agree():
    result = outcome("US$832 million", values=[value("1543000000")])
    assert judge(gold("1,543 million USD"), result).is_wrong


@pytest.mark.parametrize(
    ("headline", "right"),
    [
        ("3; US$19.943 million", True),
        ("3 projects, US$19.943 million", True),
        ("3", False),
        ("US$19.943 million", False),
    ],
)
def test_every_part_of_a_question_must_be_answered(headline, right):
    asked = gold(["3", "3 projects"], ["19.943 million USD"])
    assert judge(asked, outcome(headline)).is_right is right


def test_a_quantity_given_as_amount_and_unit_is_compared_as_one():
    accepted = Accepted("1543000000 USD", amount=1543000000, unit="USD")
    asked = GoldQuestion("q", "How much?", "answer", "en", ("right",), answers=((accepted,),))
    assert judge(asked, outcome("$1.543 billion")).is_right
    assert judge(asked, outcome("$1.543 million")).is_wrong


def test_the_gold_sentence_quoted_whole_is_neither_right_nor_wrong_where_a_value_was_asked():
    verdict = judge(gold("1,543 million USD"), outcome(None, text="In Norwegian: «…» [1]."))
    assert (verdict.is_right, verdict.is_wrong) == (False, False)


def test_a_reason_is_right_where_half_of_the_gold_quote_is_quoted():
    asked = gold()
    assert judge(asked, outcome(None, text="…")).is_right
    assert judge(asked, outcome(None, text="…", citations=[citation(quote=QUOTE_START)])).is_right is False


QUOTE_START = "nådde"
