import re
from pathlib import Path

from qa_service.cli.parser import build_parser
from qa_service.settings import PREFIX, known_names

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands():
    return next(action.choices for action in build_parser()._actions if action.choices)


def test_the_readme_is_short():
    assert README.count("\n") <= 250


def test_every_command_stands_in_the_readme_and_every_command_of_the_readme_exists():
    named = set(re.findall(r"qa-service ([a-z]+)", README))
    assert named == set(commands())


def test_every_option_in_the_readme_exists():
    known = set(re.findall(r"--[a-z-]+", " ".join(parser.format_help() for parser in commands().values())))
    for line in README.splitlines():
        if "qa-service " in line:
            assert set(re.findall(r"(?<![\w-])--[a-z-]+", line)) <= known, line


def test_every_setting_in_the_readme_exists():
    used = {name.lower() for name in re.findall(rf"{PREFIX}([A-Z_]+)", README)}
    assert used <= known_names()


def test_every_make_target_in_the_readme_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`?make ([a-z-]+)", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_metrics_are_defined_as_the_registry_defines_them():
    from qa_service.evaluation.registry import definitions_table

    page = (ROOT / "qa_service" / "evaluation" / "METRICS.md").read_text(encoding="utf-8")
    assert definitions_table().strip() in page
