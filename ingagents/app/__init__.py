"""Puts the department together: services by settings, agents, status, doctor, the public object."""
