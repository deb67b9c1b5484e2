-- In which language a post is written, where the screening tells: offers go to those who write it too.
-- NULL is too short to tell, or written before this was kept; 'und' is one that nothing here knows (ISO 639-2).
ALTER TABLE item ADD COLUMN language {text};

-- A claim is looked for as whole words with a space around each; earlier ones are written so beside this.
ALTER TABLE evidence ADD COLUMN whole {text} NOT NULL DEFAULT '';
CREATE INDEX evidence_whole ON evidence (organisation, whole);
