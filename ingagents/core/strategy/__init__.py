"""Proposed changes of strategy, and the small ones that apply themselves."""
