-- What is asked of all leads is answered without reading them: how many stand where is kept with
-- each change, and who is written to next stands in order.

CREATE TABLE lead_counts (
    contact_status TEXT NOT NULL,
    reachable INTEGER NOT NULL,
    quality DOUBLE PRECISION NOT NULL,
    leads INTEGER NOT NULL,
    PRIMARY KEY (contact_status, reachable, quality)
);
INSERT INTO lead_counts (contact_status, reachable, quality, leads)
    SELECT contact_status, CASE WHEN linkedin_url = '' THEN 0 ELSE 1 END,
        coalesce(quality_score, 0), count(*)
    FROM leads GROUP BY 1, 2, 3;

-- Two orders of allocation, each for one kind of people at a time.
CREATE INDEX leads_to_allocate_by_quality
    ON leads (coalesce(classification, 'Other'), (-coalesce(quality_score, 0)), created_at, id)
    WHERE contact_status = 'Not Contacted' AND linkedin_url <> '';
CREATE INDEX leads_to_allocate_by_age
    ON leads (coalesce(classification, 'Other'), created_at, id, coalesce(quality_score, 0))
    WHERE contact_status = 'Not Contacted' AND linkedin_url <> '';
