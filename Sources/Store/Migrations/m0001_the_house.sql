-- One text for both engines. Typed words in braces become each engine's own: see Migrator.swift.
-- Organisation is data from the first table on: rooms, rosters, lines, content and reports belong to one.

CREATE TABLE organisation (
  id {id} PRIMARY KEY,
  name {text} NOT NULL,
  country {text} NOT NULL,
  zone {text} NOT NULL,                          -- IANA name; only for hours and display
  lowest_band {text} NOT NULL,
  parents_rule {text} NOT NULL CHECK (parents_rule IN ('none', 'may_know', 'required')),
  area_on {bool} NOT NULL,
  made_at {time} NOT NULL
){strict};

CREATE TABLE account (
  id {id} PRIMARY KEY,
  organisation {id} NOT NULL REFERENCES organisation,
  kind {text} NOT NULL CHECK (kind IN ('member', 'staff')),
  band {text},                                   -- NULL: unknown, which gets the youngest protections
  band_asked_at {time},
  country {text},
  area {text},
  stage {text} CHECK (stage IN ('preventing', 'waiting', 'alongside', 'after')),
  intent {text} CHECK (intent IN ('talk', 'learn', 'say')),
  content_key {bytes},                           -- wrapped; thrown away on erasure, and the sealed words with it
  look {text} NOT NULL DEFAULT '',
  joined_at {time} NOT NULL,
  seen_day {time} NOT NULL,
  break_until {time},
  erased_at {time}
){strict};
CREATE INDEX account_seen ON account (seen_day);

-- Public. Carries nothing that leads to the account but this row.
CREATE TABLE name (
  id {id} PRIMARY KEY,
  organisation {id} NOT NULL REFERENCES organisation,
  account {id} NOT NULL REFERENCES account,
  place {id} NOT NULL CHECK (place IN (1, 2)),     -- first or second name
  shown {text} NOT NULL,
  changed_at {time} NOT NULL,
  away_until {time},                             -- on a break: this voice's words are hidden from others
  gone_at {time}
){strict};
CREATE UNIQUE INDEX name_once ON name (organisation, shown);
CREATE INDEX name_account ON name (account);

CREATE TABLE way_back (
  account {id} PRIMARY KEY REFERENCES account,
  hash {text} NOT NULL,
  made_at {time} NOT NULL
){strict};

CREATE TABLE session (
  hash {bytes} PRIMARY KEY,
  id {id} NOT NULL UNIQUE,
  account {id} NOT NULL REFERENCES account,
  name {id} NOT NULL REFERENCES name,
  secret {bytes} NOT NULL,                       -- keys the form tokens of this session
  shared_device {bool} NOT NULL,
  passed_second_factor {bool} NOT NULL,
  made_at {time} NOT NULL,
  ends_at {time} NOT NULL
){strict};
CREATE INDEX session_account ON session (account);

CREATE TABLE second_factor (
  account {id} PRIMARY KEY REFERENCES account,
  sealed {bytes} NOT NULL,
  last_step {time} NOT NULL
){strict};

CREATE TABLE check_record (
  id {id} PRIMARY KEY,
  account {id} NOT NULL REFERENCES account,
  kind {text} NOT NULL CHECK (kind <> ''),
  issued_at {time} NOT NULL,
  ends_at {time} NOT NULL,
  first_seen_by {text} NOT NULL,
  second_seen_by {text} NOT NULL,
  CHECK (first_seen_by <> second_seen_by),
  CHECK (ends_at > issued_at)
){strict};
CREATE INDEX check_account ON check_record (account, ends_at);

CREATE TABLE role (
  id {id} PRIMARY KEY,
  organisation {id} NOT NULL REFERENCES organisation,
  code {text} NOT NULL,
  name {text} NOT NULL,
  means {text} NOT NULL,
  powers {text} NOT NULL
){strict};
CREATE UNIQUE INDEX role_once ON role (organisation, code);

CREATE TABLE room (
  id {id} PRIMARY KEY,
  organisation {id} NOT NULL REFERENCES organisation,
  name {text} NOT NULL,
  about {text} NOT NULL,
  not_for {text} NOT NULL,
  colour {text} NOT NULL,
  format {text} NOT NULL,
  readable {text} NOT NULL CHECK (readable IN ('anyone', 'signedIn', 'members')),
  light {bool} NOT NULL,
  invited {bool} NOT NULL,                        -- people come in with a code of the host's
  version {id} NOT NULL,
  made_at {time} NOT NULL,
  opened_at {time},
  closed_at {time},
  cared_for_since {time}                         -- no active volunteer: staff look after it
){strict};
CREATE UNIQUE INDEX room_name ON room (organisation, name);

-- The form is a declared, versioned property: every outcome knows the version it happened under.
CREATE TABLE room_form (
  room {id} NOT NULL REFERENCES room,
  version {id} NOT NULL,
  interaction {text} NOT NULL,
  moderation {text} NOT NULL,
  moderators {text} NOT NULL,
  focus {text} NOT NULL,
  bands {text} NOT NULL,
  size {id} NOT NULL,
  anonymity {bool} NOT NULL,
  opens_minute {id},
  closes_minute {id},
  promise_minutes {id} NOT NULL,
  night {text} NOT NULL,
  made_at {time} NOT NULL,
  made_by {id},
  PRIMARY KEY (room, version)
){strict};

CREATE TABLE membership (
  room {id} NOT NULL REFERENCES room,
  account {id} NOT NULL REFERENCES account,
  joined_at {time} NOT NULL,
  PRIMARY KEY (room, account)
){strict};

CREATE TABLE role_given (
  id {id} PRIMARY KEY,
  account {id} NOT NULL REFERENCES account,
  role {id} NOT NULL REFERENCES role,
  room {id} REFERENCES room,                     -- NULL: every room of the organisation
  given_by {text} NOT NULL,
  given_at {time} NOT NULL,
  ends_at {time} NOT NULL,
  ended_at {time}
){strict};
CREATE INDEX role_given_account ON role_given (account);
CREATE INDEX role_given_room ON role_given (room);

CREATE TABLE invitation (
  hash {bytes} PRIMARY KEY,
  room {id} NOT NULL REFERENCES room,
  uses_left {id} NOT NULL CHECK (uses_left >= 0),
  ends_at {time} NOT NULL
){strict};

-- Every word a person writes for others.
CREATE TABLE item (
  seq {seq},                                     -- order inside the house; never shown
  id {id} NOT NULL UNIQUE,
  organisation {id} NOT NULL REFERENCES organisation,
  kind {text} NOT NULL CHECK (kind IN ('thread', 'question', 'reply', 'message')),
  room {id} REFERENCES room,
  version {id} NOT NULL,
  thread {id},                                   -- the item a reply stands under
  conversation {id},
  account {id} NOT NULL REFERENCES account,
  name {id} NOT NULL REFERENCES name,
  voice {text} NOT NULL CHECK (voice IN ('name', 'anonymous', 'staff')),
  state {text} NOT NULL CHECK (state IN
    ('waiting', 'held', 'shown', 'returned', 'hidden', 'removed', 'withdrawn', 'erased')),
  reason {text},
  wants {text},
  mood {text},
  title {text},
  body {text},                                   -- clear and searchable only while shown
  sealed {bytes},                                -- title and body at all other times
  note {text},                                   -- the author's own content note
  matters {text} NOT NULL DEFAULT '',            -- |self-harm|bullying|: what readers control
  topics {text} NOT NULL DEFAULT '',             -- |exams|sleep|
  covered {bool} NOT NULL,
  heavy {bool} NOT NULL,
  replies {id} NOT NULL DEFAULT 0,               -- shown ones
  answered_back {bool} NOT NULL,                 -- the asker wrote again in it
  request_key {text} NOT NULL,
  retention {text} NOT NULL,
  made_at {time} NOT NULL,
  edited_at {time},
  shown_at {time},
  CHECK (state <> 'shown' OR kind = 'message' OR body IS NOT NULL),
  CHECK (state = 'shown' OR body IS NULL)
){strict};
CREATE UNIQUE INDEX item_key ON item (account, request_key);
CREATE INDEX item_threads ON item (room, seq) WHERE thread IS NULL AND state = 'shown';
CREATE INDEX item_replies ON item (thread, seq) WHERE thread IS NOT NULL;
CREATE INDEX item_author ON item (account, seq);
CREATE INDEX item_conversation ON item (conversation, seq) WHERE conversation IS NOT NULL;
CREATE INDEX item_pending ON item (room, seq) WHERE state IN ('waiting', 'held');
CREATE INDEX item_home ON item (organisation, seq) WHERE thread IS NULL AND state = 'shown';

CREATE TABLE assessment (
  item {id} PRIMARY KEY,
  version {text} NOT NULL,
  level {id} NOT NULL,
  sealed {bytes} NOT NULL                        -- spans point into private words
){strict};

CREATE TABLE mark (
  id {id} PRIMARY KEY,
  item {id} NOT NULL,
  kind {text} NOT NULL CHECK (kind IN ('label', 'cover', 'mask', 'note')),
  value {text} NOT NULL,
  made_by {id},
  made_at {time} NOT NULL
){strict};
CREATE INDEX mark_item ON mark (item);

CREATE TABLE support (
  item {id} NOT NULL,
  name {id} NOT NULL REFERENCES name,
  account {id} NOT NULL REFERENCES account,
  word {text} NOT NULL CHECK (word IN ('hear', 'me-too', 'thank-you', 'thinking')),
  made_at {time} NOT NULL,
  PRIMARY KEY (item, account)
){strict};
CREATE INDEX support_account ON support (account);

-- What one reader chose to see. Their own words are sealed.
CREATE TABLE reader (
  account {id} PRIMARY KEY REFERENCES account,
  choices {text} NOT NULL DEFAULT '',            -- self-harm=cover bullying=show
  words {bytes},
  heavy_limit {id} NOT NULL,
  lighter_until {time},
  heavy_welcome {bool} NOT NULL,
  quiet_from {id} NOT NULL,
  quiet_to {id} NOT NULL
){strict};

-- A name: that voice everywhere. An item: one anonymous voice, in that thread alone.
CREATE TABLE muted (
  id {id} PRIMARY KEY,
  account {id} NOT NULL REFERENCES account,
  kind {text} NOT NULL CHECK (kind IN ('mute', 'block', 'room', 'voice')),
  name {id},
  room {id},
  thread {id},
  voice_account {id},
  made_at {time} NOT NULL
){strict};
CREATE INDEX muted_account ON muted (account);
CREATE INDEX muted_voice ON muted (voice_account);

CREATE TABLE check_in (
  account {id} NOT NULL REFERENCES account,
  day {time} NOT NULL,
  word {text} NOT NULL,
  PRIMARY KEY (account, day)
){strict};

CREATE TABLE exposure (
  account {id} NOT NULL REFERENCES account,
  day {time} NOT NULL,
  kind {text} NOT NULL,
  amount {id} NOT NULL,
  PRIMARY KEY (account, day, kind)
){strict};

CREATE TABLE consent (
  account {id} NOT NULL REFERENCES account,
  purpose {text} NOT NULL,
  given_at {time} NOT NULL,
  ends_at {time} NOT NULL,
  withdrawn_at {time},
  PRIMARY KEY (account, purpose, given_at)
){strict};

CREATE TABLE conversation (
  id {id} PRIMARY KEY,
  organisation {id} NOT NULL REFERENCES organisation,
  account {id} NOT NULL REFERENCES account,
  name {id} NOT NULL REFERENCES name,
  opened_from {text} NOT NULL CHECK (opened_from IN ('case', 'held', 'asked')),
  item {id},                                     -- the words it carries along
  with_account {id},
  made_at {time} NOT NULL,
  last_at {time} NOT NULL,
  answered_at {time},
  closed_at {time}
){strict};
CREATE INDEX conversation_account ON conversation (account, last_at);
CREATE INDEX conversation_open ON conversation (organisation, last_at) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX conversation_item ON conversation (item) WHERE item IS NOT NULL;

CREATE TABLE "case" (
  id {id} PRIMARY KEY,
  organisation {id} NOT NULL REFERENCES organisation,
  kind {text} NOT NULL CHECK (kind IN ('review', 'risk', 'report', 'pattern', 'age', 'appeal', 'asked', 'suspended', 'room')),
  subject {id} NOT NULL,                         -- the item, account or room it is about
  room {id},
  item {id},
  account {id},                                  -- whose words: nobody decides about their own
  conversation {id},
  level {id} NOT NULL,
  urgent {bool} NOT NULL,
  parts {text} NOT NULL,                         -- level=40 reporters=10: why it stands where it stands
  rank {id} NOT NULL,                            -- the sum, with waiting folded in: see Priority
  state {text} NOT NULL CHECK (state IN ('open', 'claimed', 'escalated', 'closed')),
  tier {id} NOT NULL DEFAULT 0,
  claimed_by {id},
  claimed_until {time},
  opened_at {time} NOT NULL,
  due_at {time} NOT NULL,
  first_look_at {time},
  closed_at {time},
  outcome {text},
  version {id} NOT NULL DEFAULT 0,
  head {bytes} NOT NULL,
  events {id} NOT NULL DEFAULT 0
){strict};
CREATE UNIQUE INDEX one_open_case ON "case" (subject) WHERE closed_at IS NULL;
CREATE INDEX case_queue ON "case" (organisation, urgent, rank) WHERE closed_at IS NULL;
CREATE INDEX case_due ON "case" (due_at) WHERE closed_at IS NULL;
CREATE INDEX case_item ON "case" (item);
CREATE INDEX case_account ON "case" (account, opened_at);
CREATE INDEX case_room_delay ON "case" (room, opened_at);

-- Append-only and chained. Ids, codes and salted hashes alone; words sit in a side row that can be deleted.
CREATE TABLE case_event (
  id {id} PRIMARY KEY,
  case_id {id} NOT NULL REFERENCES "case",
  number {id} NOT NULL,
  kind {text} NOT NULL,
  actor {id},
  actor_role {text} NOT NULL,                    -- a role code, 'screen', 'clock' or 'author'
  code {text} NOT NULL,
  words_hash {bytes},
  made_at {time} NOT NULL,
  hash {bytes} NOT NULL
){strict};
CREATE UNIQUE INDEX case_event_order ON case_event (case_id, number);

CREATE TABLE case_words (
  event {id} PRIMARY KEY REFERENCES case_event,
  salt {bytes} NOT NULL,
  sealed {bytes} NOT NULL,
  ends_at {time} NOT NULL
){strict};

CREATE TABLE daily_head (
  organisation {id} NOT NULL,
  day {time} NOT NULL,
  cases {id} NOT NULL,
  hash {bytes} NOT NULL,
  PRIMARY KEY (organisation, day)
){strict};

CREATE TABLE report (
  id {id} PRIMARY KEY,
  case_id {id} NOT NULL REFERENCES "case",
  item {id},
  reporter {id} NOT NULL REFERENCES account,
  kind {text} NOT NULL,
  sealed {bytes},
  made_at {time} NOT NULL,
  outcome {text},
  outcome_at {time}
){strict};
CREATE UNIQUE INDEX report_once ON report (case_id, reporter);
CREATE INDEX report_reporter ON report (reporter, made_at);

CREATE TABLE decision (
  id {id} PRIMARY KEY,
  case_id {id} NOT NULL REFERENCES "case",
  item {id},
  account {id},
  act {text} NOT NULL,
  reason {text},
  rule {text},
  automated {bool} NOT NULL,
  made_by {id},
  role {text} NOT NULL,
  seconds {id} NOT NULL,
  deliberate {bool} NOT NULL,
  made_at {time} NOT NULL,
  told_at {time}
){strict};
CREATE INDEX decision_account ON decision (account, made_at);
CREATE INDEX decision_case ON decision (case_id);
CREATE INDEX decision_month ON decision (made_at);

CREATE TABLE appeal (
  id {id} PRIMARY KEY,
  decision {id} NOT NULL UNIQUE REFERENCES decision,
  case_id {id} NOT NULL REFERENCES "case",
  account {id} NOT NULL REFERENCES account,
  sealed {bytes},
  made_at {time} NOT NULL,
  decided_by {id},
  outcome {text} CHECK (outcome IN ('upheld', 'turned')),
  decided_at {time}
){strict};

CREATE TABLE sanction (
  id {id} PRIMARY KEY,
  account {id} NOT NULL REFERENCES account,
  step {text} NOT NULL,
  decision {id},
  made_at {time} NOT NULL,
  ends_at {time},
  lifted_at {time}
){strict};
CREATE INDEX sanction_account ON sanction (account, made_at);

CREATE TABLE notice (
  id {id} PRIMARY KEY,
  account {id} NOT NULL REFERENCES account,
  kind {text} NOT NULL,
  item {id},
  about {id},
  made_at {time} NOT NULL,
  due_at {time} NOT NULL,
  seen_at {time}
){strict};
CREATE INDEX notice_account ON notice (account, due_at);
CREATE UNIQUE INDEX notice_once ON notice (account, kind, about) WHERE seen_at IS NULL;

CREATE TABLE shift (
  id {id} PRIMARY KEY,
  organisation {id} NOT NULL REFERENCES organisation,
  account {id} NOT NULL REFERENCES account,
  role {text} NOT NULL,
  starts_at {time} NOT NULL,
  ends_at {time} NOT NULL,
  ended_at {time},
  CHECK (ends_at > starts_at)
){strict};
CREATE INDEX shift_now ON shift (organisation, ends_at);

CREATE TABLE alert (
  id {id} PRIMARY KEY,
  organisation {id} NOT NULL REFERENCES organisation,
  case_id {id} REFERENCES "case",
  tier {id} NOT NULL,
  drill {bool} NOT NULL,
  code {text} NOT NULL,
  made_at {time} NOT NULL,
  sent_at {time},
  failed {text},
  acknowledged_at {time},
  acknowledged_by {id}
){strict};
CREATE INDEX alert_open ON alert (organisation, made_at) WHERE acknowledged_at IS NULL;
CREATE INDEX alert_code ON alert (code);

CREATE TABLE job (
  id {id} PRIMARY KEY,
  kind {text} NOT NULL,
  subject {id} NOT NULL,
  due_at {time} NOT NULL,
  tries {id} NOT NULL DEFAULT 0,
  claimed_until {time},
  set_aside {text},
  made_at {time} NOT NULL
){strict};
CREATE INDEX job_due ON job (due_at) WHERE set_aside IS NULL;
CREATE UNIQUE INDEX job_once ON job (kind, subject) WHERE set_aside IS NULL;

CREATE TABLE opening (
  room {id} NOT NULL REFERENCES room,
  kind {text} NOT NULL,
  value {text} NOT NULL,
  made_by {text} NOT NULL,
  made_at {time} NOT NULL,
  invented {bool} NOT NULL,
  PRIMARY KEY (room, kind)
){strict};

CREATE TABLE line_test (
  organisation {id} NOT NULL REFERENCES organisation,
  line {text} NOT NULL,
  tested_at {time} NOT NULL,
  tested_by {text} NOT NULL,
  invented {bool} NOT NULL,
  PRIMARY KEY (organisation, line)
){strict};

CREATE TABLE program_token (
  id {id} PRIMARY KEY,
  organisation {id} NOT NULL REFERENCES organisation,
  hash {bytes} NOT NULL UNIQUE,
  called {text} NOT NULL,
  acts {text} NOT NULL,
  made_at {time} NOT NULL,
  ends_at {time} NOT NULL
){strict};

-- A code that the host gives out, in a class or by letter, and that lets people into a room. Kept as a keyed hash.
CREATE TABLE invite (
  hash {bytes} PRIMARY KEY,
  room {id} NOT NULL REFERENCES room,
  made_at {time} NOT NULL,
  ends_at {time} NOT NULL,
  uses_left {id} NOT NULL CHECK (uses_left >= 0)
){strict};
CREATE INDEX invite_room ON invite (room);

-- Where an account came from in the last fortnight: sealed, for an emergency that two people agree on; and as a keyed
-- mark, which tells a person that somebody who was asked to leave may be back.
CREATE TABLE connection (
  account {id} NOT NULL REFERENCES account,
  mark {bytes} NOT NULL,
  sealed {bytes} NOT NULL,
  seen_at {time} NOT NULL,
  ends_at {time} NOT NULL,
  PRIMARY KEY (account, mark)
){strict};
CREATE INDEX connection_mark ON connection (mark);
CREATE INDEX connection_end ON connection (ends_at);

-- A default of safeguarding that a named person loosened: shown in the public monthly report.
CREATE TABLE loosened (
  id {id} PRIMARY KEY,
  organisation {id} NOT NULL REFERENCES organisation,
  rule {text} NOT NULL,
  by_whom {text} NOT NULL CHECK (by_whom <> ''),
  why {text} NOT NULL CHECK (why <> ''),
  review_at {time} NOT NULL,
  made_at {time} NOT NULL
){strict};

CREATE TABLE setting (
  key {text} PRIMARY KEY,
  value {text} NOT NULL
){strict};

--! sqlite
CREATE VIRTUAL TABLE item_words USING fts5 (title, body, content='', tokenize='porter unicode61 remove_diacritics 2');
CREATE TRIGGER case_event_kept BEFORE UPDATE ON case_event BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END;
CREATE TRIGGER case_event_stays BEFORE DELETE ON case_event BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END;
--! postgresql
CREATE TABLE item_words (seq bigint PRIMARY KEY, words tsvector NOT NULL);
CREATE INDEX item_words_gin ON item_words USING gin (words);
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'case_event is append-only'; END $$;
CREATE TRIGGER case_event_kept BEFORE UPDATE OR DELETE ON case_event FOR EACH ROW EXECUTE FUNCTION append_only();
