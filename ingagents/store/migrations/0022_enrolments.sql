-- What a campaign of the service's was given to send to a person, step by step.

ALTER TABLE deliveries ADD COLUMN texts TEXT NOT NULL DEFAULT '{}';
