"""Questions to a language model: one file a question, `ask_` makes it and `accept_` judges the answer."""
