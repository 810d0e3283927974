"""Bytes to text, strictly: UTF-8 or an error that says where it is not."""

from __future__ import annotations

from qa_service.errors import ArticleError

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_ALLOWED_CONTROLS = frozenset("\t\n\r\f\v\x85\x1c\x1d\x1e\x1f")
MAX_CONTROL_SHARE = 0.02


def decode_text(data: bytes, spot: str) -> str:
    """The text of `data` read as UTF-8, newlines and a byte-order mark kept; `spot` names the source in errors.

    Raises ArticleError for empty, binary and wrongly encoded data. No other encoding is tried.
    """
    if data.startswith(_UTF16_MARKS):
        raise ArticleError(f"{spot}: the text is UTF-16, not UTF-8, from byte 0 on. Save it again as UTF-8.")
    if b"\0" in data:
        at = data.index(0)
        raise ArticleError(f"{spot}: this is not text (a NUL byte at offset {at}). Give the article as text.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        where = f"byte 0x{data[error.start]:02x} at offset {error.start}"
        raise ArticleError(f"{spot}: the text is not UTF-8: {where}. Save it again as UTF-8.") from error
    check_text(text, spot)
    return text


def check_text(text: str, spot: str) -> None:
    """Raises ArticleError where `text` is empty, or holds control characters as only binary data does."""
    if not text.strip("\ufeff \t\r\n\f\v\xa0\u200b"):
        raise ArticleError(f"{spot}: the article is empty. Give it a text, or remove it.")
    controls = sum(1 for char in text if _is_control(char))
    if "\0" in text or controls > MAX_CONTROL_SHARE * len(text):
        raise ArticleError(f"{spot}: this is not text ({controls} control characters). Give the article as text.")


def _is_control(char: str) -> bool:
    return (char < " " or "\x7f" <= char <= "\x9f") and char not in _ALLOWED_CONTROLS
