"""Text that is shared by all who judge: word lists, and what makes text from outside harmless."""
