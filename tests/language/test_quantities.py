from __future__ import annotations

import unicodedata
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.language.quantities import find_quantities
from qa_service.models import QuantityKind

MONEY, SHARE, COUNT, AREA = QuantityKind.MONEY, QuantityKind.SHARE, QuantityKind.COUNT, QuantityKind.AREA
RANK, RATIO, FRACTION, MEASURE = QuantityKind.RANK, QuantityKind.RATIO, QuantityKind.FRACTION, QuantityKind.MEASURE

SPANS = [
    ("nb", "fikk 1 543 millioner amerikanske dollar i år", "1 543 millioner amerikanske dollar", "1543000000", "USD"),
    ("nb", "fikk 1\u00a0543 millioner dollar i år", "1\u00a0543 millioner dollar", "1543000000", "USD"),
    ("nb", "fikk 1\u202f543 millioner kroner i år", "1\u202f543 millioner kroner", "1543000000", "NOK"),
    ("en", "It drew US$1.543 billion last year.", "US$1.543 billion", "1543000000", "USD"),
    ("en", "It drew 1,543 million dollars.", "1,543 million dollars", "1543000000", "USD"),
    ("vi", "thu hút 1,56 tỷ USD vốn", "1,56 tỷ USD", "1560000000", "USD"),
    ("vi", "giải ngân 1.543 tỷ đồng trong năm", "1.543 tỷ đồng", "1543000000000", "VND"),
    ("vi", "đạt 1,543 tỷ USD", "1,543 tỷ USD", "1543000000", "USD"),
    ("en", "a 3.773 trillion VND (154 million USD) plant", "3.773 trillion VND", "3773000000000", "VND"),
    ("de", "für 3.3 Milliarden Zloty", "3.3 Milliarden Zloty", "3300000000", "PLN"),
    ("en", "approving PLN 960 million for it", "PLN 960 million", "960000000", "PLN"),
    ("en", "spends RM14.2 billion", "RM14.2 billion", "14200000000", "MYR"),
    ("en", "grants C$1.97 billion", "C$1.97 billion", "1970000000", "CAD"),
    ("en", "raised £5m in May", "£5m", "5000000", "GBP"),
    ("en", "worth Rs 12,500 crore", "Rs 12,500 crore", "125000000000", "INR"),
    ("zh", "吸引外资15.43亿美元。", "15.43亿美元", "1543000000", "USD"),
    ("zh", "共15亿4300万美元", "15亿4300万美元", "1543000000", "USD"),
    ("ja", "投資額は1兆2000億円だった", "1兆2000億円", "1200000000000", "JPY"),
    ("vi", "khoảng 1 tỷ 200 triệu đồng", "1 tỷ 200 triệu đồng", "1200000000", "VND"),
    ("vi", "hơn 3 nghìn tỷ đồng", "3 nghìn tỷ đồng", "3000000000000", "VND"),
    ("vi", "263,7 triệu USD", "263,7 triệu USD", "263700000", "USD"),
    ("fr", "près de 1,3 milliard d'euros", "1,3 milliard d'euros", "1300000000", "EUR"),
    ("es", "unos 2.300 millones de pesos", "2.300 millones de pesos", "2300000000", "peso"),
    ("de", "die 640 Millionen Dirham", "640 Millionen Dirham", "640000000", "dirham"),
    ("de", "1 Billion Euro", "1 Billion Euro", "1000000000000", "EUR"),
    ("en", "half a million euros", "half a million euros", "500000", "EUR"),
    ("en", "a billion dollars", "a billion dollars", "1000000000", "USD"),
    ("nb", "ga 3,5 mill. kr til", "3,5 mill. kr", "3500000", "NOK"),
    ("de", "um 32,09 % gegenüber", "32,09 %", "32.09", "%"),
    ("nb", "51,6 % av 2024-planen", "51,6 %", "51.6", "%"),
    ("vi", "tăng 44% so với", "44%", "44", "%"),
    ("en", "rose two percentage points", "two percentage points", "2", "percentage point"),
    ("en", "the share (-1.2%) fell", "-1.2%", "-1.2", "%"),
    ("vi", "diện tích 21,5 ha", "21,5 ha", "21.5", "ha"),
    ("en", "the 44-hectare site", "44-hectare", "44", "ha"),
    ("en", "put in 1,240 new hectares since", "1,240 new hectares", "1240", "ha"),
    ("nb", "produserte 1,92 terawattimer fra", "1,92 terawattimer", "1.92", "TWh"),
    ("vi", "đạt 1.127 triệu kWh,", "1.127 triệu kWh", "1127000000", "kWh"),
    ("de", "2,3 Millionen Tonnen Weizen", "2,3 Millionen Tonnen", "2300000", "t"),
    ("vi", "cấp cho 03 dự án của", "03 dự án", "3", ""),
    ("de", "über 1.000 Autos der Marke", "1.000 Autos", "1000", ""),
    ("en", "for 17 FDI projects, which", "17 FDI projects", "17", ""),
    ("vi", "có 1,543 dự án", "1,543 dự án", "1543", ""),
    ("en", "Six million pairs are made", "Six million pairs", "6000000", ""),
    ("nb", "eies av ni kommuner.", "ni kommuner", "9", ""),
    ("vi", "bàn giao năm con tàu, nhiều hơn", "năm con tàu", "5", ""),
    ("en", "a dividend of 2.10 zloty per share", "2.10 zloty per share", "2.1", "PLN"),
    ("nb", "en pris på 58 øre per kilowattime, mer", "58 øre per kilowattime", "58", "øre"),
    ("vi", "công suất 930 tấn sản phẩm/năm;", "930 tấn sản phẩm/năm", "930", "t"),
    ("vi", "công suất 8,78 triệu sản phẩm/năm.", "8,78 triệu sản phẩm/năm", "8780000", ""),
    ("en", "cost 1'543'200 francs", "1'543'200 francs", "1543200", "franc"),
    ("en", "it cost 1,543.20 dollars", "1,543.20 dollars", "1543.2", "USD"),
]


@pytest.mark.parametrize(("language", "text", "span", "amount", "unit"), SPANS)
def test_amount_is_read_exactly_with_its_span(language: str, text: str, span: str, amount: str, unit: str) -> None:
    found = find_quantities(text, language)
    assert (span, Decimal(amount), unit) in [(text[q.start : q.end], q.amount, q.unit) for q in found]


KINDS = [
    ("en", "2.5 times higher", RATIO, "2.5", None),
    ("vi", "cao gấp 2,2 lần so với", RATIO, "2.2", None),
    ("nb", "2,5 ganger så mye", RATIO, "2.5", None),
    ("de", "10/14 Basisprodukte", FRACTION, "10", "14"),
    ("vi", "có 4/10 chỉ tiêu đạt", FRACTION, "4", "10"),
    ("en", "a third of the land", FRACTION, "1", "3"),
    ("vi", "khoảng 400ha đến 500ha trên", AREA, "400", "500"),
    ("vi", "khoảng 2.300 đến 2.900 tỷ đồng", MONEY, "2300000000000", "2900000000000"),
    ("en", "US$5–6 billion", MONEY, "5000000000", "6000000000"),
    ("en", "between 400 and 500 hectares", AREA, "400", "500"),
    ("de", "10 bis 15 Prozent", SHARE, "10", "15"),
    ("en", "seven months late", MEASURE, "7", None),
]


@pytest.mark.parametrize(("language", "text", "kind", "amount", "high"), KINDS)
def test_kind_and_both_ends_are_read(
    language: str, text: str, kind: QuantityKind, amount: str, high: str | None
) -> None:
    (found,) = find_quantities(text, language)
    assert (found.kind, found.amount, found.high) == (kind, Decimal(amount), Decimal(high) if high else None)


RANKS = [
    ("en", "ranks number three nationwide", 3),
    ("en", "enough for sixth place in India", 6),
    ("en", "and is now third.", 3),
    ("en", "remains second in the market", 2),
    ("en", "it was ranked 14th in the country", 14),
    ("en", "Poland's second-largest insurer", 2),
    ("nb", "Quang Ninh er nummer tre på landsbasis", 3),
    ("nb", "kom på tredjeplass", 3),
    ("nb", "den nest største byen", 2),
    ("de", "auf Platz zwei", 2),
    ("de", "auf Rang acht", 8),
    ("de", "an die zweite Stelle, vor", 2),
    ("de", "die drittgrößte Stadt", 3),
    ("vi", "đứng thứ 2 toàn quốc", 2),
    ("vi", "đứng thứ hai cả nước", 2),
    ("vi", "xếp hạng ba", 3),
    ("vi", "vị trí thứ tư", 4),
    ("zh", "排名第3位", 3),
]


@pytest.mark.parametrize(("language", "text", "rank"), RANKS)
def test_rank_is_told_from_other_ordinals(language: str, text: str, rank: int) -> None:
    assert [(q.kind, q.amount) for q in find_quantities(text, language)] == [(RANK, Decimal(rank))]


NOTHING = [
    ("vi", "Kế hoạch số 11/ KH-KKTCN ngày 28/3/2022"),
    ("vi", "đến thời điểm hiện tại (20/8), tháng 7/2024"),
    ("vi", "quý II năm 2024"),
    ("vi", "tháng 6/2024 tỷ lệ này thấp"),
    ("vi", "6 tháng đầu năm 2024"),
    ("vi", "thứ Năm, 8/5"),
    ("vi", "Trong năm qua, Ba Lan"),
    ("vi", "chi hàng chục tỷ USD"),
    ("vi", "lần thứ hai"),
    ("vi", "dịch Covid- 19"),
    ("en", "on Thursday, 12 December 2024, in 2024"),
    ("en", "the FT 150 and ISO 9001"),
    ("en", "Tel: +84 203 3835 678 at 14:30"),
    ("en", "in the first half of 2024"),
    ("en", "for the first time"),
    ("en", "the 2024/25 season and 2017-2022"),
    ("en", "see https://news.example/2024/article-3374966.html"),
    ("en", "2.\tA list\n3. Another"),
    ("de", "am Mittwoch, dem 12. November 2025"),
    ("de", "zum 80. Jahrestag der Stadt"),
    ("de", "den 9-Monats-Plan"),
    ("de", "im dritten Quartal 2025"),
    ("de", "Vier-Säulen-Resolutionen"),
    ("nb", "resolusjon nr. 20-NQ/TU (datert 27. november 2023)"),
    ("nb", "9. februar 2026 klokka 14"),
    ("nb", "vant 3-1 i går"),
    ("nb", "de sju første månedene av 2024"),
    ("zh", "2024年6月30日"),
]


@pytest.mark.parametrize(("language", "text"), NOTHING)
def test_dates_names_and_labels_are_no_quantities(language: str, text: str) -> None:
    assert [text[q.start : q.end] for q in find_quantities(text, language)] == []


QUALIFIERS = [
    ("en", "more than 832 million USD", "more than"),
    ("en", "nearly 14 billion dollars", "nearly"),
    ("en", "up to 40 percent", "at most"),
    ("en", "about US$205 million", "about"),
    ("de", "über 1.000 Autos", "more than"),
    ("de", "ein Vertrag über 4 Milliarden Euro", None),
    ("de", "knapp 60 Prozent", "nearly"),
    ("de", "mindestens 3 Milliarden Euro", "at least"),
    ("nb", "om lag 3 200 lysår", "about"),
    ("nb", "nesten 9 %", "nearly"),
    ("nb", "minst 3 milliarder dollar", "at least"),
    ("vi", "gần 551 triệu USD", "nearly"),
    ("vi", "hơn 20 dự án", "more than"),
    ("vi", "cao hơn 2,5 lần", None),
    ("vi", "nằm trên 1.180 ha đất", None),
    ("vi", "300 dự án trở lên", "at least"),
    ("zh", "超过15亿美元", "more than"),
]


@pytest.mark.parametrize(("language", "text", "qualifier"), QUALIFIERS)
def test_qualifier_is_canonical_in_every_language(language: str, text: str, qualifier: str | None) -> None:
    (found,) = find_quantities(text, language)
    assert found.qualifier == qualifier


def test_change_is_two_quantities_that_share_scale_and_unit() -> None:
    found = find_quantities("Die Importe sanken von 2,9 auf 2,3 Millionen Tonnen.", "de")
    assert [(q.amount, q.unit, q.high) for q in found] == [(2900000, "t", None), (2300000, "t", None)]


def test_article_scale_is_kept_beside_the_amount() -> None:
    (found,) = find_quantities("1 543 millioner kroner", "nb")
    assert (found.digits, found.scale) == (Decimal(1543), 10**6)


def test_bare_dollar_is_assumed_and_named_dollar_is_not() -> None:
    assert [q.unit_assumed for q in find_quantities("$5 million or US$5 million", "en")] == [True, False]


def test_large_number_after_money_is_money_of_the_same_sentence() -> None:
    text = "Hai Phong got 4.7 billion dollars, Hung Yen 1.35 billion. It has 2 million people."
    assert [(q.unit, q.kind) for q in find_quantities(text, "en")] == [("USD", MONEY), ("USD", MONEY), ("", COUNT)]


def test_per_is_a_unit_or_a_time() -> None:
    texts = (("58 øre per kilowattime", "nb"), ("8,78 triệu sản phẩm/năm", "vi"), ("9,8 Millionen Dong im Monat", "de"))
    assert [find_quantities(text, language)[0].per for text, language in texts] == ["kWh", "year", "month"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_offsets_hold_for_composed_and_decomposed_text(form: str) -> None:
    text = unicodedata.normalize(form, "Tỉnh thu hút hơn 1,56 tỷ đồng vốn")  # type: ignore[arg-type]
    (found,) = find_quantities(text, "vi")
    assert unicodedata.normalize("NFC", text[found.start : found.end]) == "1,56 tỷ đồng"
    assert (found.amount, found.qualifier) == (Decimal(1560000000), "more than")


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet="0123456789 .,-–/%$€₫năm tỷ million kr hađ\n()İ第", max_size=60),
    st.sampled_from(["en", "de", "nb", "vi", "zh", "fr"]),
)
def test_quantities_of_any_text_are_ordered_and_within_it(text: str, language: str) -> None:
    found = find_quantities(text, language)
    assert all(0 <= q.start < q.end <= len(text) for q in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.sampled_from(["en", "de", "nb", "vi", "zh", "ru", "xx"]))
def test_any_text_in_any_language_is_read_without_error(text: str, language: str) -> None:
    assert isinstance(find_quantities(text, language), tuple)
