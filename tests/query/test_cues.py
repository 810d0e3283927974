"""Plans are told from results, changes from levels, by the words of each language."""

import pytest

from qa_service.query.cues import GROWTH, PLAN, cues_in


@pytest.mark.parametrize(
    ("text", "language", "cues"),
    [
        ("The company aims at a profit of 560 million", "en", {PLAN}),
        ("The company made a profit of 560 million", "en", set()),
        ("an increase of 141 % on the same period", "en", {GROWTH}),
        ("Der Gewinn soll das Jahresziel übertreffen", "de", {PLAN}),
        ("Der Umsatz ist um 9 Prozent gestiegen", "de", {GROWTH}),
        ("Der Umsatz betrug 9 Millionen", "de", set()),
        ("med et mål om minst 3 milliarder", "nb", {PLAN}),
        ("en økning på 141 %", "nb", {GROWTH}),
        ("mục tiêu thu hút 3 tỷ USD", "vi", {PLAN}),
        ("cao gấp 2,2 lần so với cùng kỳ", "vi", {GROWTH}),
        ("l'objectif de l'année", "fr", {PLAN}),
        ("las ventas aumentaron un 3 %", "es", {GROWTH}),
        ("同比增长5%", "zh", {GROWTH}),
    ],
)
def test_cues_are_read_in_the_language_of_the_text(text, language, cues):
    assert cues_in(text, language) == cues


def test_a_language_without_words_tells_nothing():
    assert cues_in("tavoite on 3 miljardia", "fi") is None
