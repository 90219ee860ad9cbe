"""The market as Unipile shows it."""
