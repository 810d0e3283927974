"""Languages: detection, tokens, numbers, dates, names, and their forms in the asker's language."""
