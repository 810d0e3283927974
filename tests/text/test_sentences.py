from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.text.sentences import MAX_UNSTOPPED, split_sentences

# One row a trap; "|" stands where a sentence ends.
TABLE = [
    ("en", "The U.S. economy grew.| It shrank later."),
    ("en", "He moved to the U.S.| The plan failed."),
    ("en", "J. P. Morgan said so.| T. Revathi agreed."),
    ("en", "George W. Bush met him in Vitamin C.| It is good."),
    ("en", "It went to Foxconn Singapore PTE LTD.| The two projects were approved."),
    ("en", "See No. 5 for more.| No.| He left."),
    ("en", '"We are done," she said.| "It is 5.5 percent."| He left.'),
    ("en", '"Is it true?" asked the man.| Yes!'),
    ("en", "Prices rose to $1.4 billion.| That was enough."),
    ("en", "It fell in February 2024.| 23 projects came."),
    ("en", "It began at 9 a.m. on Monday.| It ended at 5 p.m.| The crowd left."),
    ("en", "one of the best in the country./."),
    ("en", "the best in the country./.| Next one."),
    ("en", "(He left.| She stayed.)| They agreed.[12]| Then he left."),
    ("en", "no capitals here. | none at all."),
    ("en", "Baker House was built by J . Baker .| It was nice ."),
    ("de", "Es war am 16. Juli 2024.| Danach kam der 80. Jahrestag.| Die Provinz wuchs."),
    ("de", "Es kostet 12,5 Mrd. US-Dollar.| Das sind 59 Mio. Zloty, z. B. für Straßen."),
    ("de", "Fahrzeuge aller Art …| Bemerkenswert ist das.| 10/14 Produkte."),
    ("de", "Strom, Abfall...) und der Bau.| „Bis März ist es voll“, sagte sie am 21. Oktober."),
    ("de", "Auf Platz 5. |Bayern liegt vorn, seit 430 v. Chr. Rom fiel."),
    ("de", "Im frühen 16. Jahrhundert und vom 5. bis 7. Mai in St. Gallen."),
    ("de", "Das Plus betrug 15.| Danach fiel es auf 1.000.| Dann stieg es."),
    ("nb", "Det er resolusjon nr. 20-NQ/TU (datert 27. november 2023) fra partiet.| Den 17. mai kom."),
    ("nb", "– Prisene hjalp, men de kan ikke erstatte snø, sier Ragnhild Bøe."),
    ("nb", "Det kostet 1,3 mill. kroner.| Ca. 20 personer, bl.a. Per, kom kl. 10.| Han gikk."),
    ("nb", "Det var 66 prosent.| 9. februar 2026 fanget Khomas opp noe 3. – 4. juli."),
    ("nb", "Planter og potensialet for prosjekter ...| Det er fra 9000 år f.Kr.| Landbruket vokste."),
    ("vi", "Ở TP. Hồ Chí Minh có 1.000 dự án.| Tại Hà Nội.| Tỉnh cũng vậy."),
    ("vi", "PGS. TS. Nguyễn Văn A nói cần chú ý.| Bộ đồng tình."),
    ("vi", "1. Công tác thông tin, đối ngoại:"),
    ("vi", "Ở tỉnh Quảng Yên.| Công suất 930 tấn/năm; tổng 57 triệu USD..."),
    ("vi", "Dự án tại Deep C.| Dự án có vốn từ Singapore….| Ngoài ra, phối hợp với Sở."),
    ("vi", "Vốn đạt 796 triệu USD.| Chỉ trong quý III.| Ba thị trường."),
    ("zh", "他来了。|她说：“好！”|然后走了。|完"),
    ("ja", "東京です。|大阪！"),
    ("ru", "В 2024 г. Москва выросла.| Это 5 млн руб. в год."),
    ("fr", "M. Dupont est venu.| Il a dit oui."),
    ("es", "EE. UU. creció.| El país también."),
    ("hi", "वह गया।| वह आया।"),
    ("en", "First line\n|- item one\n|- item two"),
]


@pytest.mark.parametrize(("language", "marked"), TABLE)
def test_sentences_end_where_the_bars_stand(language: str, marked: str) -> None:
    text = marked.replace("|", "")
    spans = split_sentences(text, language)
    assert [text[s.start : s.end] for s in spans] == [piece.strip() for piece in marked.split("|")]


def test_newline_ends_a_sentence_unless_the_text_is_wrapped() -> None:
    text = "The port handled\nmore in 2024.\n\nIt grew."
    assert len(split_sentences(text)) == 3
    assert [text[s.start : s.end] for s in split_sentences(text, wrapped=True)] == [text[:30], "It grew."]


def test_very_long_sentence_is_parted_at_semicolons() -> None:
    clause = "the province builds a mechanism between agencies " * 5
    text = f"{clause}; {clause}; {clause}."
    spans = split_sentences(text)
    assert len(text) > MAX_UNSTOPPED
    assert len(spans) == 3
    assert all(text[s.end - 1] in ";." for s in spans)


@pytest.mark.parametrize("text", ["." * 99_999 + "x", "a. " * 9999, "U.S. " * 9999, "? ! " * 9999, "(" * 99_999])
def test_hostile_text_takes_time_in_proportion(text: str) -> None:
    assert split_sentences(text)[-1].end == len(text.rstrip())


@given(
    st.text(alphabet="aB.!?…。 \n\u2028\u00a05\"'“”()/;-", max_size=120),
    st.sampled_from(["en", "de", "nb", "vi", "zh", "xx", "no-NO"]),
    st.booleans(),
)
def test_every_visible_character_lies_in_exactly_one_sentence(text: str, language: str, wrapped: bool) -> None:
    spans = split_sentences(text, language, wrapped=wrapped)
    covered = [at for s in spans for at in range(s.start, s.end)]
    assert covered == sorted(set(covered))
    assert {at for at, char in enumerate(text) if not char.isspace()} <= set(covered)
    assert all(text[s.start : s.end] == text[s.start : s.end].strip() != "" for s in spans)
