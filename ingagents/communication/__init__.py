"""How agents hear of each other: `message_queue` wakes, `journal` remembers."""
