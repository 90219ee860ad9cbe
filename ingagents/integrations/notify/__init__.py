"""The team's chat channels and webhooks."""
