"""Everything that judges, as plain functions of values that answer with their reasons.

The files here are a lead's way, one verdict each: `identity` and `names` (who is this),
`lead_classifier`, `quality_scorer`, `allocator` (who is next), `message_generator` (what to write),
`gates` over `send_facts` (may it go now: every gate in one table; of it `campaign_gate`,
`rate_limiter`, `send_policy`), `reconciler` (did it go),
`response_analyser` (what does the answer mean), `review_policy` (what a human decides),
`lead_status` (where a lead stands), `reporter` (how is it going), `schedule` (what is due).
What they are made of stands in the folders, a subject each.
"""
