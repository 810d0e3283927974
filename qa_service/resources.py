"""Where the project's data folders lie, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent


def checkout() -> Path | None:
    """The root of the checkout that this package runs from; None where it is installed as a wheel."""
    root = PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() and (root / "prompts").is_dir() else None


def data_folder(name: str) -> Path:
    """The folder `prompts`, `seeds` or `index` as shipped: the checkout's, else the wheel's copy."""
    root = checkout()
    return root / name if root else PACKAGE / "_data" / name


def default_index_dir() -> Path:
    """Where the index lives unless a setting says otherwise: `index/` of a checkout, else the user's data folder."""
    if root := checkout():
        return root / "index"
    from platformdirs import user_data_path

    return user_data_path("qa-service") / "index"
