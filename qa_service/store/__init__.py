"""The store: SQLite holds the truth, generations of search structures are built from it and published whole."""
