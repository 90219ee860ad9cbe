"""Use cases, one commit each: what agents, commands, sheet and notebooks call. They act, `core` decides."""
