"""The simulated language models, in both vendors' dialects."""
