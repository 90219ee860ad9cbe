"""Asking a human and doing what they say."""
