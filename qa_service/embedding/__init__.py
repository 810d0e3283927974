"""Embedding models: the bundled default, any other by name or folder, and a language-neutral space for all of them."""
