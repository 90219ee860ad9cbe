"""Unipile's HTTP: requests, answers, errors and lists, in both of its dialects."""
