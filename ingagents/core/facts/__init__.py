"""What may be told to people: the team's facts, whether they are fit, and answers out of them."""
