"""What an index was built with: the settings that force a rebuild, and the embedding model."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class StoreIdentity:
    """The choices an index depends on; two indexes with equal identities are interchangeable."""

    settings: Mapping[str, str]
    model_id: str
    dimension: int

    @property
    def settings_hash(self) -> str:
        """A short hash of the settings."""
        plain = json.dumps(dict(self.settings), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(plain.encode()).hexdigest()[:16]

    def differences(self, other: StoreIdentity) -> list[str]:
        """Each setting that is not the same in both, as "name: mine, not theirs"."""
        mine, theirs = self._named_values(), other._named_values()
        return [
            f"{name}: {mine.get(name, 'unset')}, not {theirs.get(name, 'unset')}"
            for name in sorted(mine.keys() | theirs.keys())
            if mine.get(name) != theirs.get(name)
        ]

    def to_json(self) -> str:
        """The identity as JSON text, keys sorted."""
        record = {"settings": dict(self.settings), "model_id": self.model_id, "dimension": self.dimension}
        return json.dumps(record, sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> StoreIdentity:
        """The identity that `to_json` wrote; ValueError or KeyError for anything else."""
        record = json.loads(text)
        settings = {str(name): str(value) for name, value in record["settings"].items()}
        return cls(settings, str(record["model_id"]), int(record["dimension"]))

    def _named_values(self) -> dict[str, str]:
        return {**self.settings, "embedding model": self.model_id, "vector dimension": str(self.dimension)}
