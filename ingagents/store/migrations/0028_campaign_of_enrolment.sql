-- In which campaign of the service's somebody was put, so that they are stopped and looked for there.

ALTER TABLE deliveries ADD COLUMN campaign_id TEXT NOT NULL DEFAULT '';
