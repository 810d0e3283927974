"""From articles to an index: passages, generations, publication."""
