import pytest

from qa_service.language.weekdays import weekday_of


@pytest.mark.parametrize(
    ("word", "language", "day"),
    [("monday", "en", 0), ("mandag", "nb", 0), ("dienstag", "de", 1), ("chu nhat", "vi", 6), ("may", "en", None)],
)
def test_weekday_is_told_in_every_language(word, language, day):
    assert weekday_of(word, language) == day
