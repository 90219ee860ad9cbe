-- What a look at the journal or at a day's finds needs stands in an index: no row is read for it.

CREATE INDEX journal_waited_for ON journal (consumer, seq) WHERE consumer <> '';
DROP VIEW inbox;
CREATE VIEW inbox AS
    SELECT consumer, seq, state, attempts, error FROM retries
    UNION ALL
    SELECT r.consumer, j.seq, 'waiting', CASE WHEN j.seq <= c.taken THEN 1 ELSE 0 END, ''
    FROM (
        SELECT 'sales_manager' AS consumer
        UNION ALL SELECT 'lead_finder'
        UNION ALL SELECT 'outreach'
    ) r
    LEFT JOIN places c ON c.name = r.consumer
    CROSS JOIN journal j
    WHERE j.seq > coalesce(c.handled, 0) AND j.consumer = r.consumer AND j.consumer <> '';

DROP INDEX leads_by_creation;
CREATE INDEX leads_by_creation ON leads (created_at, id, classification, quality_score);
