"""Ask news collections in any language; every answer is proved by the sentence it came from."""

__version__ = "0.1.0"
