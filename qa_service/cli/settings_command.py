"""`qa-service settings`."""

from __future__ import annotations

import argparse
import json
import os
from typing import Any

from qa_service.cli.common import settings_of
from qa_service.resources import data_folder
from qa_service.settings import PREFIX, IndexSettings, Settings, load_index_settings


def run(options: argparse.Namespace) -> int:
    """Lists every setting, its value, where it came from and what it does."""
    rows = setting_rows(settings_of(options), load_index_settings())
    if options.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    for row in rows:
        print(f"{row['variable']}={row['value']}  ({row['source']})\n    {row['description']}")
    return 0


def setting_rows(settings: Settings, index_settings: IndexSettings) -> list[dict[str, Any]]:
    """Name, environment variable, value, source and description of every setting; secrets are masked."""
    rows = [_row(name, settings, Settings, "default") for name in Settings.model_fields]
    toml = str(data_folder("index") / "settings.toml")
    return rows + [_row(name, index_settings, IndexSettings, toml) for name in IndexSettings.model_fields]


def _row(
    name: str, values: Settings | IndexSettings, kind: type[Settings] | type[IndexSettings], default: str
) -> dict[str, Any]:
    variable = f"{PREFIX}{name.upper()}"
    source = "environment" if variable in os.environ else default
    if source == "default" and name in values.model_fields_set:
        source = "option or environment"
    value = getattr(values, name)
    shown = value if isinstance(value, (int, float, bool)) or value is None else str(value)
    return {
        "name": name,
        "variable": variable,
        "value": shown,
        "source": source,
        "description": kind.model_fields[name].description,
    }
