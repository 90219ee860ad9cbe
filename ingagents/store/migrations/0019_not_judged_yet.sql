-- Whoever there is nothing to judge by is of no kind until somebody looks at them, and not Other.

UPDATE leads SET classification = NULL, classification_confidence = NULL
    WHERE contact_status = 'Not Contacted' AND classification = 'Other'
        AND classification_confidence = 0.2 AND position = '' AND provider_id = ''
        AND id NOT IN (SELECT lead_id FROM journal
            WHERE type = 'lead_updated' AND lead_id IS NOT NULL);

DELETE FROM lead_counts;
INSERT INTO lead_counts (contact_status, reachable, quality, kind, leads)
    SELECT contact_status, CASE WHEN linkedin_url = '' THEN 0 ELSE 1 END,
        coalesce(quality_score, 0), coalesce(classification, ''), count(*)
    FROM leads GROUP BY 1, 2, 3, 4;

DROP INDEX leads_to_allocate_by_quality;
DROP INDEX leads_to_allocate_by_age;
CREATE INDEX leads_to_allocate_by_quality
    ON leads (coalesce(classification, ''), (-coalesce(quality_score, 0)), created_at, id)
    WHERE contact_status = 'Not Contacted' AND linkedin_url <> '';
CREATE INDEX leads_to_allocate_by_age
    ON leads (coalesce(classification, ''), created_at, id, coalesce(quality_score, 0))
    WHERE contact_status = 'Not Contacted' AND linkedin_url <> '';
