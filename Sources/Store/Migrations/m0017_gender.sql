-- How somebody describes themselves, in their own settings, if they like: a code to count by, shown to nobody.

ALTER TABLE account ADD COLUMN gender {text} CHECK (gender IN ('girl-woman', 'boy-man', 'non-binary', 'another'));
