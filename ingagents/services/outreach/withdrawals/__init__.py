"""Invitations nobody took."""
