"""The simulated people: who they are, how they behave, what has happened."""
