"""What all services over HTTP share: bounded bodies, repeats, reading answers."""
