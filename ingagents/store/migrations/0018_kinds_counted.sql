-- Leads are counted by kind as well, and those nobody has written to are found by their company.

DROP TABLE lead_counts;
CREATE TABLE lead_counts (
    contact_status TEXT NOT NULL,
    reachable INTEGER NOT NULL,
    quality DOUBLE PRECISION NOT NULL,
    kind TEXT NOT NULL,
    leads INTEGER NOT NULL,
    PRIMARY KEY (contact_status, reachable, quality, kind)
);
INSERT INTO lead_counts (contact_status, reachable, quality, kind, leads)
    SELECT contact_status, CASE WHEN linkedin_url = '' THEN 0 ELSE 1 END,
        coalesce(quality_score, 0), coalesce(classification, 'Other'), count(*)
    FROM leads GROUP BY 1, 2, 3, 4;

CREATE INDEX leads_to_allocate_by_company ON leads (company_key)
    WHERE contact_status = 'Not Contacted' AND linkedin_url <> '';
