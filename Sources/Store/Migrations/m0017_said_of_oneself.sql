-- How somebody describes themselves, in their own settings, if they like: a code to count by, shown to nobody.

ALTER TABLE account ADD COLUMN gender {text} CHECK (gender IN ('girl-woman', 'boy-man', 'non-binary', 'another'));

-- After reading: what somebody says of hope, and of the urge to hurt themselves where the piece is about that.
ALTER TABLE felt ADD COLUMN hope {text} CHECK (hope IN ('more', 'same', 'less'));
ALTER TABLE felt ADD COLUMN urge {text} CHECK (urge IN ('weaker', 'same', 'stronger', 'none'));
CREATE INDEX felt_made ON felt (made_at);
