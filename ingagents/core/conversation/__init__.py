"""The way of a conversation: its steps, who is asked again, what is taken back, what rings, what was said before us."""
