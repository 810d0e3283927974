"""Small articles, questions about them, a true claim of an LLM, and what an LLM may get wrong in it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    question: str
    language: str
    text: str
    claim: str
    # true fragment -> false ones
    false: dict


CASES = (
    Case(
        "How much FDI did Quang Ninh attract by June 2024?",
        "nb",
        "Provinsen Quang Ninh har fornyet seg. Quang Ninh tiltrakk seg 1 543 millioner amerikanske dollar innen "
        "utgangen av juni 2024. Målet for hele året er 3 milliarder dollar.",
        "Quang Ninh attracted US$1,543 million by the end of June 2024 [1].",
        {"1,543 million": ("1,453 million", "1,543 billion", "832 million"), "2024": ("2023",), "Ninh": ("Nam",)},
    ),
    Case(
        "Wie viel FDI hatte Quang Ninh bis Ende Juni 2023 angezogen?",
        "en",
        "By the end of June 2023, Quang Ninh had attracted more than 832 million USD, reaching 69.3% of the target.",
        "Bis Ende Juni 2023 hatte Quang Ninh mehr als 832 Millionen US-Dollar angezogen [1].",
        {"832 Millionen": ("823 Millionen", "832 Milliarden"), "2023": ("2024",), "Ninh": ("Nam",)},
    ),
    Case(
        "Hvor mange prosjekter godkjente Quang Nam i 2022?",
        "vi",
        "Năm 2022, tỉnh Quảng Nam cấp phép 3 dự án FDI với tổng vốn đăng ký 19,943 triệu USD.",
        "Quang Nam godkjente 3 prosjekter i 2022 [1].",
        {"3 prosjekter": ("5 prosjekter", "30 prosjekter"), "2022": ("2021", "2023"), "Nam": ("Ninh",)},
    ),
    Case(
        "Diện tích dự án Foxconn là bao nhiêu?",
        "en",
        "The Foxconn project covers 21.5 hectares and will employ 4,200 people.",
        "Dự án Foxconn có diện tích 21,5 ha [1].",
        {"21,5 ha": ("25,1 ha", "215 ha", "21,5 km2"), "Foxconn": ("Autoliv",)},
    ),
    Case(
        "How many passengers did Flesland have in 2023?",
        "nb",
        "Flesland hadde 6,4 millioner passasjerer i 2023. Det er 12 prosent flere enn i 2022.",
        "Flesland had 6.4 million passengers in 2023 [1].",
        {"6.4 million": ("6.4 billion", "4.6 million", "64 million"), "2023": ("2021",)},
    ),
    Case(
        "Wie hoch war der Umsatz der Werft Brodara im Jahr 2021?",
        "de",
        "Die Werft Brodara meldete für 2021 einen Umsatz von 263,7 Millionen Euro. Der Gewinn lag bei "
        "12 Millionen Euro.",
        "Der Umsatz der Werft Brodara lag 2021 bei 263,7 Millionen Euro [1].",
        {"263,7 Millionen": ("236,7 Millionen", "263,7 Milliarden"), "Euro": ("Dollar",), "2021": ("2022", "2020")},
    ),
    Case(
        "Hvor mye koster broen over Skarvsundet?",
        "nb",
        "Broen over Skarvsundet koster 1,2 milliarder kroner og åpner i mai 2026.",
        "Broen over Skarvsundet koster 1,2 milliarder kroner [1].",
        {"1,2 milliarder": ("1,2 millioner", "2,1 milliarder", "12 milliarder"), "kroner": ("euro",)},
    ),
    Case(
        "Lâm Đồng xuất khẩu bao nhiêu tấn cà phê năm 2023?",
        "vi",
        "Năm 2023, Lâm Đồng xuất khẩu 85.000 tấn cà phê, trị giá 210 triệu USD.",
        "Năm 2023, Lâm Đồng xuất khẩu 85.000 tấn cà phê [1].",
        {"85.000 tấn": ("58.000 tấn", "850.000 tấn"), "2023": ("2022", "2024"), "Lâm Đồng": ("Đắk Lắk",)},
    ),
    Case(
        "What share of Bremen's households has fibre?",
        "de",
        "In Bremen haben 47 Prozent der Haushalte einen Glasfaseranschluss.",
        "In Bremen 47% of the households have fibre [1].",
        {"47%": ("74%", "4.7%", "47 percentage points"), "Bremen": ("Hamburg",)},
    ),
    Case(
        "When did the museum in Bergen open?",
        "nb",
        "Museet i Bergen åpnet 14. mars 2019 og hadde 80 000 besøkende det første året.",
        "The museum in Bergen opened on 14 March 2019 [1].",
        {"14 March 2019": ("41 March 2019", "14 May 2019", "14 March 2018", "24 March 2019")},
    ),
)

# Sentences that an LLM adds of its own; nothing of them stands in any article.
INVENTED = (
    "It will rise to 9,876 million in 2031 [1].",
    "That is 77% more than a year earlier.",
    "Experts expect 5,500 new jobs [2].",
    "The total is 4,321 [9].",
    "As reported in [1] and [7], 66 people died.",
)
