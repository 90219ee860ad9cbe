"""Measurements on real data that does not ship with the project; none of them is a test."""
