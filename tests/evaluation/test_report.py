import re
from html.parser import HTMLParser

from evaluation_parts import QUOTE, abstained, case, gold, outcome, passage

from qa_service.evaluation.compare import compare
from qa_service.evaluation.evaluation_file import evaluate_cases
from qa_service.evaluation.report_html import report_html
from qa_service.evaluation.report_text import markdown

HOSTILE = "<script>alert(1)</script> \"'&"
CASES = [
    case(gold("17", name="right", tags=["t"]), outcome("17", passages=[passage(1, "right", dense=0.9)])),
    case(gold("17", name="missed"), abstained()),
    case(gold("17", name="wrong"), outcome(HOSTILE)),
]
PAGE = report_html(evaluate_cases(CASES, {"set": HOSTILE}), failed=["answer_accuracy is 0.33, under 0.5"])


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def tags():
    parser = Tags()
    parser.feed(PAGE)
    return parser.found


def test_nothing_of_the_report_comes_from_outside():
    loading = [(tag, attributes) for tag, attributes in tags() if {"src", "href", "data", "action"} & set(attributes)]
    assert loading == []
    assert "@import" not in PAGE
    assert "url(" not in PAGE


def test_text_of_answers_is_text_and_never_markup():
    assert [tag for tag, _ in tags()].count("script") == 1
    assert "&lt;script&gt;" in PAGE


def test_the_worst_case_comes_first():
    verdicts = re.findall(r'<details class="case (\w+)"', PAGE)
    assert verdicts == ["wrong", "neither", "right"]


def test_a_case_shows_gold_answer_citation_and_what_was_found():
    for part in ("the articles", QUOTE, "right:0–100", "dense 0.900", "confidence 0.90"):
        assert part in PAGE


def test_plots_are_inline():
    assert PAGE.count("<svg") >= 3
    assert "95 % intervals" in PAGE


def test_a_comparison_shows_what_changed():
    before = [case(gold("17", name="right", tags=["t"]), abstained())]
    page = report_html(evaluate_cases(CASES, {}), comparison=compare(CASES, before))
    assert "Against the baseline" in page
    assert "Better: 1 questions" in page


def test_the_summary_has_the_figures_the_groups_and_the_wrong_answers():
    text = markdown(evaluate_cases(CASES, {"set": "s"}), failed=["x is 1, under 2"])
    assert "| answer_accuracy | 33.3% |" in text
    assert "- x is 1, under 2" in text
    assert "## Wrong answers: 1" in text
