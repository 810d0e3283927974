import pytest

from qa_service.language.scripts import scripts_of


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        ("Quảng Ninh 2024", {"LATIN"}),
        ("Куангнинь", {"CYRILLIC"}),
        ("广宁省 FDI", {"HAN", "LATIN"}),
        ("クアンニン省", {"KANA", "HAN"}),
        ("1 543 %", set()),
    ],
)
def test_a_text_has_the_scripts_of_its_letters(text, scripts):
    assert scripts_of(text) == scripts
