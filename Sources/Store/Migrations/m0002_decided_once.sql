-- A decision is made once however often it is pressed; a suspension stands beside the account's other cases; every case
-- knows the form of room it arose under; claims that ran out are found without a walk through all that waits.

ALTER TABLE decision ADD COLUMN request_key {text};
ALTER TABLE decision ADD COLUMN before_state {text};  -- of the item: what an undo puts back
ALTER TABLE decision ADD COLUMN undone_at {time};
CREATE UNIQUE INDEX decision_key ON decision (made_by, request_key) WHERE request_key IS NOT NULL;

DROP INDEX one_open_case;
CREATE UNIQUE INDEX one_open_case ON "case" (subject, (kind = 'suspended')) WHERE closed_at IS NULL;
ALTER TABLE "case" ADD COLUMN form_version {id};
ALTER TABLE "case" ADD COLUMN retention {text} NOT NULL DEFAULT 'case';
CREATE INDEX case_claims ON "case" (claimed_until) WHERE claimed_until IS NOT NULL;

-- Came with the first tables and was never used: codes are in `invite`.
DROP TABLE invitation;

-- One first and one second name; one line for each thing that somebody hides.
CREATE UNIQUE INDEX name_place ON name (account, place);
CREATE UNIQUE INDEX muted_name ON muted (account, kind, name) WHERE name IS NOT NULL;
CREATE UNIQUE INDEX muted_room ON muted (account, room) WHERE room IS NOT NULL;
CREATE UNIQUE INDEX muted_thread ON muted (account, thread, voice_account) WHERE thread IS NOT NULL;

-- One open talk that a person asked for out of nothing: two presses meet in it.
CREATE UNIQUE INDEX conversation_asked ON conversation (account)
  WHERE opened_from = 'asked' AND item IS NULL AND closed_at IS NULL;
