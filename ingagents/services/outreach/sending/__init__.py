"""One send: what it rests on, the text, the claim, the act, what came of it."""
