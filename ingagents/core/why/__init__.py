"""Why nothing is sent: to one person, or to anybody; and a person's story so far."""
