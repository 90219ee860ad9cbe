-- For which track of the event's programme a person is written to.

ALTER TABLE leads ADD COLUMN track TEXT NOT NULL DEFAULT '';
