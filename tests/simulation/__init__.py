"""The department under a simulation in which one seed decides everything: see `__main__`."""
