-- In which language a post is written, where the screening knows it for another than the house's own: offers go to those who write it too.
-- NULL is the house's own, or too short to tell; 'und' one that nothing here knows (ISO 639-2).
ALTER TABLE item ADD COLUMN language {text};

-- A claim is looked for as whole words with a space around each. Earlier ones have their words alone, with a space before and after.
ALTER TABLE evidence ADD COLUMN whole {text} NOT NULL DEFAULT '';
UPDATE evidence SET whole = ' ' || words || ' ';
