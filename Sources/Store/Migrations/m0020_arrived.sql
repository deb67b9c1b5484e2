-- How many of a file's records have come in: a large file comes in parts, so that nobody who writes waits for it.
ALTER TABLE review_source ADD COLUMN arrived {id} NOT NULL DEFAULT 0;
UPDATE review_source SET arrived = records;
