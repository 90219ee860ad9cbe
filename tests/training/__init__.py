"""Training of the second net: `python -m tests.training` writes the weights of the package anew."""
