"""Dripify's HTTP over the simulated market."""
