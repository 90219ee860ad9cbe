"""Writing to people and hearing them: the send, what came of it, answers, what is in doubt."""
