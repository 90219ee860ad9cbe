"""The team's sheet in Google Sheets."""
