"""`qa-service index`."""
