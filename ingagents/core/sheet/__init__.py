"""The team's sheet as values: tabs, rows, what people wrote, what has to be changed."""
