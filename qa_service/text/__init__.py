"""From files to clean text: loading, furniture, sentences, metadata, verbatim matching."""
