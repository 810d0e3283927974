"""A small fitted reader: how relevant a passage is to a question, and which span of it answers."""
