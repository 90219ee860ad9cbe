"""The three agents, thin: take an event or a due job, ask the core, act through a port, commit.

base_agent            the loop, the lease, restarts, health
sales_manager_agent   allocates, watches, reports; `mailroom` posts the team's mail once
team_sheet            keeps the team's sheet: `sheet_orders` carries out what people wrote there,
                      `sheet_rebuild` fills an empty database from it
lead_finder_agent     searches, reads profiles, keeps leads
outreach_agent        writes and listens: `contact` (one person, one act),
`correspondence` (answers), `doubts` (acts that may have happened)
"""
