"""From ranked passages to a proved answer, or an abstention."""
