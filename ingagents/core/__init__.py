"""Everything that judges, as plain functions of values that answer with their reasons.

In the day's order: `identity` and `names` (who is this), `titles`, `lead_classifier`,
`quality_scorer`, `intake` (a profile becomes a lead), `allocator` (who is next),
`message_generator` and `message_checks` (what to write), `rate_limiter` and `sending` (may it go
now), `reconciler` (did it go), `response_analyser` (what does the answer mean), `day_figures`,
`reporter`, `strategy` (how is it going), `schedule` (what is due). For the team's sheet:
`sheet_layout` (tabs), `sheet_rows` (what they show), `sheet_table` (what stands where),
`sheet_words` (what people want), `sheet_sync` (what to write), `sheet_rebuild` (leads from rows).
"""
