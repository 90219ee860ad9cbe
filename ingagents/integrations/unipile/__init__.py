"""LinkedIn through Unipile."""
