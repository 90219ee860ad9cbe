"""How agents hear of each other: `message_queue` rings, `journal` remembers."""
