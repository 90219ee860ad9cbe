-- What a webhook alone tells: answers at a service without an inbox, until they are taken in.
ALTER TABLE rings ADD COLUMN told TEXT NOT NULL DEFAULT '';
