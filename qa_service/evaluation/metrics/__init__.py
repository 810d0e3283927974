"""The metrics, each in a file of its own with its source."""
