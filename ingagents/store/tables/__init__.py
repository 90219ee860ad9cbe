"""One table a file, spoken to in the model's nouns."""
