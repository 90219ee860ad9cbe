"""Mail to the team, and its pages."""
