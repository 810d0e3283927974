"""The chat page, the panel and the REST API."""
