-- A message of ours that the service showed and whose text is none of ours may be a human's own.

ALTER TABLE deliveries ADD COLUMN by_hand INTEGER NOT NULL DEFAULT 0;
