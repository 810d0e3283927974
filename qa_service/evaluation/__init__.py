"""Question sets, metrics, reports."""
