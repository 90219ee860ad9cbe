"""The three agents, thin: they wake up for an event or a job that is due, and call `services`.

base_agent            the loop, the lease, restarts, health
sales_manager_agent   allocates, watches, reports
lead_finder_agent     searches, reads profiles, keeps leads
outreach_agent        writes and listens
"""
