"""From a question to what it asks for."""
