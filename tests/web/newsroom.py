"""A few invented articles in four languages, and what is answered about them."""

from fake_service import Script

PORT_NB = """Havnen i Vikfjord mottok 412 millioner euro

Publisert: 3. juli 2024

Vikfjord har passert halvveis i året. Innen utgangen av juni 2024 hadde havnen tiltrukket seg 412 millioner euro i utenlandske investeringer. Kommunen venter mer.

Det bygges to nye kaier i Vikfjord, og den første åpner i mars 2025.
"""  # noqa: E501 - an article's paragraph is one line
PORT_EN = """Port of Vikfjord attracted 275 million euros

By the end of June 2023 the port had attracted 275 million euros of foreign investment, the mayor said.

A second quay is planned for the years to come.
"""
FACTORY_DE = """Neues Werk in Sandau

Das Werk in Sandau hat eine Fläche von 21,5 Hektar. Es beschäftigt 1.200 Menschen und wurde im Mai 2024 eröffnet.
"""
SCHOOL_VI = """Trường học mới ở Hòa Sơn

Tỉnh Hòa Sơn khánh thành trường học mới vào tháng 9 năm 2024 với 36 phòng học.
"""
ARTICLES = {"port-nb.txt": PORT_NB, "port-en.txt": PORT_EN, "factory-de.txt": FACTORY_DE, "school-vi.txt": SCHOOL_VI}

QUESTION = "How much foreign investment did Vikfjord attract by June 2024?"
QUOTE = "Innen utgangen av juni 2024 hadde havnen tiltrukket seg 412 millioner euro i utenlandske investeringer."
UNANSWERED = "Who won the football World Cup in 2022?"

POISON = (
    "<script>window.ran=1</script> <img src=http://evil.example/a.png onerror=window.ran=2> "
    "![a](http://evil.example/b.png) [c](javascript:window.ran=3) "
    "<form action=http://evil.example/><input name=q></form> "
    "<iframe src=http://evil.example/></iframe> <svg onload=window.ran=4> $$\\href{javascript:window.ran=5}{x}$$ "
    "<style>@import 'http://evil.example/c.css'</style> <a href='javascript:window.ran=6'>d</a> `x` **bold** "
    "\u202eevil\u202c \u200bzero [9] [1](http://evil.example) {{7*7}} ${7*7} {% raw %} </mark></article><base href=http://evil.example/>"
)

SCRIPTS = [
    Script(
        "foreign investment did Vikfjord",
        quote=QUOTE,
        headline="€412 million",
        text="According to the articles: €412 million (by the end of June 2024) [1].",
        values=(("412000000", "EUR", None, "../2024-06-30", 1),),
    ),
    Script("slowly", seconds=3.0, quote=QUOTE, headline="late", text="It came late [1]."),
    Script("poison", quote=POISON, headline=POISON[:60], text=f"They say: “{POISON}” [1]."),
    Script("broken", error=RuntimeError("a secret of the server")),
    Script(
        "June 2022", quote=QUOTE, reason="other_period", text="They give it for June 2024: “412 millioner euro” [1]."
    ),
]
DEFAULT = Script("", reason="not_found", text="The articles do not answer this.")


def write_articles(folder, articles=ARTICLES):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in articles.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
