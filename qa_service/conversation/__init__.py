"""From a follow-up to a question that stands alone."""
