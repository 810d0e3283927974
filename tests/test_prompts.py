import pytest

from qa_service.errors import SettingsError
from qa_service.prompts import REQUIRED, answer_templates, render, template_language
from qa_service.resources import data_folder


@pytest.mark.parametrize("language", ["en", "de", "nb", "vi"])
def test_every_language_has_every_template(language):
    assert answer_templates()[language].keys() == REQUIRED


def test_a_language_without_templates_is_served_in_english():
    assert render("not_found", "fi") == render("not_found", "en")


def test_values_are_filled_in():
    text = render("value_period", "de", value="1.543 Millionen US-Dollar", period="Juni 2024", markers="[1]")
    assert text == "Laut den Artikeln: 1.543 Millionen US-Dollar (Juni 2024) [1]."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace("not_found =", "notfound ="), "lacks the template 'not_found'"),
        (lambda text: text.replace("{value}", "{valeu}"), "uses {valeu}"),
        (lambda text: text + "\n= broken", "cannot be read"),
    ],
)
def test_a_broken_template_file_is_named(tmp_path, change, message):
    original = (data_folder("prompts") / "answer" / "en.toml").read_text(encoding="utf-8")
    (tmp_path / "en.toml").write_text(change(original), encoding="utf-8")
    with pytest.raises(SettingsError, match=message.replace("{", r"\{")):
        answer_templates(tmp_path)


def test_a_language_without_templates_is_answered_in_english_throughout():
    assert template_language("nb") == "nb"
    assert template_language("fr") == "en"
    assert render("not_found", "fr") == render("not_found", template_language("fr"))
