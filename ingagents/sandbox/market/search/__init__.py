"""Whom a search of the market finds."""
