-- Stories and short pieces: what each has beside its words, who said yes to them, when they go up.

CREATE TABLE piece (
  item {id} PRIMARY KEY REFERENCES item (id),
  form {text} NOT NULL CHECK (form IN ('story', 'article', 'poem', 'piece')),
  narrator_band {text},
  since {text},
  now_is {text},
  reference_kind {text},
  reference {bytes},                             -- what it hangs on and its description, sealed under the narrator's key
  interview {bool} NOT NULL,                     -- written by one of the staff from a talk
  narrator_at {time},                            -- yes to the words as they stand
  editor_at {time},
  editor {id} REFERENCES account,
  publish_at {time},
  proposal {bytes},                              -- an editor's version, for the narrator alone
  CHECK (form <> 'story' OR narrator_band IS NOT NULL AND since IS NOT NULL AND now_is IS NOT NULL),
  CHECK ((reference_kind IS NULL) = (reference IS NULL))
){strict};
CREATE INDEX piece_day ON piece (publish_at) WHERE publish_at IS NOT NULL;
CREATE INDEX piece_band ON piece (narrator_band);

CREATE TABLE felt (
  item {id} NOT NULL REFERENCES item (id),
  account {id} NOT NULL REFERENCES account,
  answer {text} NOT NULL CHECK (answer IN ('lighter', 'same', 'heavier')),
  made_at {time} NOT NULL,
  PRIMARY KEY (item, account)
){strict};
CREATE INDEX felt_account ON felt (account);

-- A week's themes of a room: what comes on which day, and what parents read of it.
CREATE TABLE rhythm (
  room {id} NOT NULL REFERENCES room,
  weekday {id} NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  minute {id} NOT NULL CHECK (minute BETWEEN 0 AND 1439),
  theme {text} NOT NULL,
  parents {text} NOT NULL,
  PRIMARY KEY (room, weekday)
){strict};

-- Young people who are paid to write: how many pieces a month, and what a piece is paid.
CREATE TABLE ambassador (
  room {id} NOT NULL REFERENCES room,
  account {id} NOT NULL REFERENCES account,
  quota {id} NOT NULL CHECK (quota BETWEEN 1 AND 31),
  pays {text} NOT NULL,
  given_by {id} NOT NULL REFERENCES account,
  given_at {time} NOT NULL,
  ended_at {time}
){strict};
CREATE UNIQUE INDEX ambassador_once ON ambassador (room, account) WHERE ended_at IS NULL;

-- How staff look after one thread.
CREATE TABLE thread_care (
  item {id} PRIMARY KEY REFERENCES item (id),
  note {text},
  host {text},                                   -- the shown name of who looks after it
  summary {text},
  summary_by {text},
  skill {text},                                  -- a tool of the host's that the thread leads to
  slow_minutes {id},
  slow_until {time},
  made_at {time} NOT NULL,
  CHECK ((slow_minutes IS NULL) = (slow_until IS NULL))
){strict};

-- A claim about a condition or a treatment, what a professional said of it, and where it stands.
CREATE TABLE evidence (
  id {id} PRIMARY KEY,
  organisation {id} NOT NULL REFERENCES organisation,
  words {text} NOT NULL,                         -- as it is looked for: small letters, single spaces
  mark {text} NOT NULL CHECK (mark IN ('none', 'checked', 'corrected')),
  note {text},
  checked_by {text},
  checked_at {time},
  case_id {id} REFERENCES "case",
  made_at {time} NOT NULL,
  CHECK (mark = 'none' OR note IS NOT NULL)
){strict};
CREATE UNIQUE INDEX evidence_once ON evidence (organisation, words);

CREATE TABLE evidence_item (
  evidence {id} NOT NULL REFERENCES evidence,
  item {id} NOT NULL REFERENCES item (id),
  thread {id} NOT NULL,
  PRIMARY KEY (evidence, item)
){strict};
CREATE INDEX evidence_thread ON evidence_item (thread);
CREATE INDEX evidence_of_item ON evidence_item (item);
CREATE INDEX notice_invited ON notice (item) WHERE kind = 'invited';

-- A question for the published column, and the words that went out.
CREATE TABLE column_question (
  item {id} PRIMARY KEY REFERENCES item (id),
  published {id} REFERENCES item (id)
){strict};

-- What people say of a room after having used it.
CREATE TABLE room_review (
  item {id} PRIMARY KEY REFERENCES item (id),
  room {id} NOT NULL REFERENCES room,
  account {id} NOT NULL REFERENCES account,
  answer {id} NOT NULL CHECK (answer BETWEEN 1 AND 5)
){strict};
CREATE UNIQUE INDEX room_review_once ON room_review (room, account);

ALTER TABLE room ADD COLUMN guests {bool} NOT NULL DEFAULT {false};    -- professionals are here as members, and treat nobody
ALTER TABLE room ADD COLUMN videos {bool} NOT NULL DEFAULT {false};    -- a piece may hang on a video
