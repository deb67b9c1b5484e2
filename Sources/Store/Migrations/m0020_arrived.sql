-- How many of a file's records have come in: a large file comes in parts, so that nobody who writes waits for it. By what it holds the
-- same file is known again, and goes on where it broke off.
ALTER TABLE review_source ADD COLUMN arrived {id} NOT NULL DEFAULT 0;
ALTER TABLE review_source ADD COLUMN digest {text};
UPDATE review_source SET arrived = records;
