from datetime import date

import pytest
from dialogues import dialogues, played

from qa_service.conversation.followup import Turn, standalone_question

TODAY = date(2025, 6, 15)
EN = Turn("", "How much FDI did Quang Ninh attract by June 2024?", "en")
DE = Turn("", "Wie viele Einwohner hatte Bremen im Jahr 2022?", "de")
NB = Turn("", "Hvor mange passasjerer hadde Flesland i 2023?", "nb")
VI = Turn("", "Quảng Nam cấp phép bao nhiêu dự án FDI năm 2022?", "vi")


def asked(question, *history):
    return standalone_question(question, history, today=TODAY, default_language="en")


SPLITS = ["development", "held-out", "held-out-2", "held-out-3", "held-out-4", "held-out-5"]


@pytest.mark.parametrize("split", SPLITS)
def test_nine_of_ten_follow_ups_of_the_dialogues_become_the_right_question(split):
    results = [problems for dialogue in dialogues(split) for _, _, problems in played(dialogue)]
    wrong = [problems for problems in results if problems]
    assert len(wrong) <= len(results) / 10, wrong


def test_there_are_forty_dialogues_in_four_languages():
    assert len(dialogues()) >= 40
    assert {turn["language"] for dialogue in dialogues() for turn in dialogue["turns"]} == {"en", "de", "nb", "vi"}


@pytest.mark.parametrize(
    ("question", "last"),
    [
        ("What is the planned capacity of the Foxconn project at Deep C?", EN),
        ("What share of its plan did Hyosung's plant reach in 2023?", EN),
        ("And how much did Autoliv invest in Song Khoai in 2022?", EN),
        ("How long does it take to fly from Oslo to Bergen?", EN),
        ("Is it true that Foxconn builds a plant in Bac Giang?", EN),
        ("Who was named director of the project management board?", EN),
        ("WHAT DID WHA PROPOSE", EN),
        ("Uluyol deliveries 2024", EN),
        ("Thanks!", EN),
        ("Was kostet der Bau der Anlage an der Weser insgesamt?", DE),
        ("Wie viele Museen gibt es in Hamburg?", DE),
        ("Können Sie mir sagen, wann der Hafen Rostock gebaut wurde?", DE),
        ("Auf welchem Platz liegt die Region Ica?", DE),
        ("Hvor stor effekt får vindparken Skarvflak?", NB),
        ("Hvor mange bor det i Bergen?", NB),
        ("Những trang trại điện mặt trời nào đang phát điện?", VI),
        ("Cuối tháng 6 các hồ chứa đầy bao nhiêu phần trăm?", VI),
        ("Con tàu Hải Âu chở được bao nhiêu khách?", VI),
    ],
)
def test_a_question_that_stands_alone_is_returned_as_it_is(question, last):
    assert asked(question, last) == question


def test_without_history_nothing_is_filled_in():
    assert asked("and in 2023?") == "and in 2023?"


@pytest.mark.parametrize(
    ("question", "last", "standalone"),
    [
        ("and in 2023?", EN, "How much FDI did Quang Ninh attract in 2023?"),
        ("June 2023?", EN, "How much FDI did Quang Ninh attract by June 2023?"),
        ("and in May?", EN, "How much FDI did Quang Ninh attract in May 2024?"),
        ("I meant Quang Nam", EN, "How much FDI did Quang Nam attract by June 2024?"),
        ("what about quang nam?", EN, "How much FDI did Quang Nam attract by June 2024?"),
        ("und in Bayern?", DE, "Wie viele Einwohner hatte Bayern im Jahr 2022?"),
        ("og året før?", NB, "Hvor mange passasjerer hadde Flesland i 2022?"),
        ("còn Đà Nẵng thì sao?", VI, "Đà Nẵng cấp phép bao nhiêu dự án FDI năm 2022?"),
        ("và năm 2023?", VI, "Quảng Nam cấp phép bao nhiêu dự án FDI năm 2023?"),
        ("et en 2023 ?", Turn("", "Combien de touristes a accueilli Lyon en 2022 ?", "fr"), None),
    ],
)
def test_a_new_period_or_place_takes_the_place_of_the_old_one(question, last, standalone):
    if standalone is None:
        assert "2023" in asked(question, last)
        assert "Lyon" in asked(question, last)
    else:
        assert asked(question, last) == standalone


RENT = Turn("", "What was the average rent in Vienna in 2023?", "en")
POWER = Turn("", "Wie viel Strom erzeugte Tirol 2022 aus Wasserkraft?", "de")
FERRY = Turn("", "Når går den siste ferja fra Kinsarvik?", "nb")
WORK = Turn("", "How many people work for Maersk in Poland?", "en")
METRO = Turn("", "Tuyến metro Cát Linh chở bao nhiêu khách năm 2023?", "vi")


@pytest.mark.parametrize(
    ("question", "last", "standalone"),
    [
        ("in percent of income?", RENT, "What was the average rent in Vienna in 2023 in percent of income?"),
        ("for students?", RENT, "What was the average rent in Vienna in 2023 for students?"),
        ("und aus Windkraft?", POWER, "Wie viel Strom erzeugte Tirol 2022 aus Windkraft?"),
        ("og den første?", FERRY, "Når går den første ferja fra Kinsarvik?"),
        ("worldwide?", WORK, "How many people work for Maersk worldwide?"),
        ("who said that?", RENT, "Who said that (average rent in Vienna in 2023)?"),
        ("doanh thu bao nhiêu?", METRO, "Doanh thu bao nhiêu (Tuyến metro Cát Linh chở khách năm 2023)?"),
    ],
)
def test_a_fragment_finds_its_place_or_stands_beside_what_the_last_question_was_about(question, last, standalone):
    assert asked(question, last) == standalone


def test_thanks_and_openings_are_no_part_of_what_was_asked():
    last = Turn("", "ok thanks. Who runs the port of Tema in Ghana?", "en")
    assert asked("how deep is it?", last) == "How deep is it (runs the port of Tema in Ghana)?"


def test_the_answer_before_is_what_this_company_means():
    last = Turn("", "Công ty nào xây nhà máy điện gió ở Bạc Liêu?", "vi", "Gokin Solar")
    assert asked("Công ty này có bao nhiêu nhân viên?", last) == "Gokin Solar có bao nhiêu nhân viên?"


def test_a_turn_about_nothing_is_passed_over():
    assert asked("and in 2023?", EN, Turn("", "?", "en")) == "How much FDI did Quang Ninh attract in 2023?"


def test_only_the_last_turns_count():
    assert asked("and in 2023?", EN, *[Turn("", "?", "en")] * 6) == "and in 2023?"


@pytest.mark.parametrize("question", ["", "?", "   ", "…", "и", "🙂", "\u202e", "(", "and", "still", "còn", "a" * 3000])
def test_odd_input_never_fails(question):
    assert isinstance(asked(question, VI, EN), str)
