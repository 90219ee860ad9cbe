"""What the report counts and shows, and when the team is told at once."""
