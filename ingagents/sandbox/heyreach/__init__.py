"""HeyReach's HTTP over the simulated market."""
