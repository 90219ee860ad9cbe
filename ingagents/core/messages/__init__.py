"""The texts we write: templates, values, and every reason why one is not fit to be sent."""
