"""The team's sheet: read, obeyed, written, put right, and a department restored from it."""
