"""What an answer does to the plan: it ends it, puts it off, or names somebody."""
