-- Nobody left without an answer: who may be asked, which posts wait, and who was asked about which.

-- Who may be offered open posts in a room, and until when. Given by a professional by name, given back in one press.
CREATE TABLE standing (
  id {id} PRIMARY KEY,
  account {id} NOT NULL REFERENCES account,
  room {id} NOT NULL REFERENCES room,
  given_by {id} NOT NULL REFERENCES account,
  given_at {time} NOT NULL,
  ends_at {time} NOT NULL,
  ended_at {time},
  CHECK (ends_at > given_at)
){strict};
CREATE UNIQUE INDEX standing_once ON standing (account, room) WHERE ended_at IS NULL;
CREATE INDEX standing_room ON standing (room, ends_at);

-- How one supporter helps. Theirs alone to set.
CREATE TABLE supporter (
  account {id} PRIMARY KEY REFERENCES account,
  matters {text} NOT NULL DEFAULT '',            -- |loss|bullying|: the hard matters they take
  languages {text} NOT NULL DEFAULT '|en|',
  per_day {id} NOT NULL CHECK (per_day BETWEEN 1 AND 5),
  per_week {id} NOT NULL CHECK (per_week BETWEEN 1 AND 15),
  from_minute {id} CHECK (from_minute BETWEEN 0 AND 1439),
  to_minute {id} CHECK (to_minute BETWEEN 0 AND 1439),
  paused_until {time},                           -- by themselves
  heavy_rests_until {time},                      -- by the house, after a low answer
  plan {bytes},                                  -- their own plan against burning out, sealed
  made_at {time} NOT NULL,
  CHECK ((from_minute IS NULL) = (to_minute IS NULL))
){strict};

-- What a supporter has been through, in topics of the house's list, sealed. Only the matching uses it.
CREATE TABLE self_map (
  account {id} PRIMARY KEY REFERENCES account,
  sealed {bytes} NOT NULL,
  made_at {time} NOT NULL
){strict};

-- A shown thread that asks for an answer. Closed when a person answered, or when it is not shown any more.
CREATE TABLE open_post (
  item {id} PRIMARY KEY REFERENCES item (id),
  organisation {id} NOT NULL REFERENCES organisation,
  room {id} NOT NULL REFERENCES room,
  account {id} NOT NULL REFERENCES account,
  from_at {time} NOT NULL,
  due_at {time} NOT NULL,
  ring {id} NOT NULL CHECK (ring BETWEEN 0 AND 3),
  next_at {time} NOT NULL,                       -- when it is looked at again
  taken_by {id} REFERENCES account,
  taken_until {time},
  handed_over {bool} NOT NULL,
  case_id {id} REFERENCES "case",                -- who owns that the promise was not kept
  escalated_at {time},
  answered_at {time},
  closed_at {time},
  CHECK ((taken_by IS NULL) = (taken_until IS NULL))
){strict};
CREATE INDEX open_post_next ON open_post (next_at) WHERE closed_at IS NULL;
CREATE INDEX open_post_room ON open_post (room, due_at) WHERE closed_at IS NULL;
CREATE INDEX open_post_time ON open_post (organisation, from_at);
CREATE INDEX open_post_taken ON open_post (taken_by) WHERE taken_by IS NOT NULL;

CREATE TABLE offer (
  id {id} PRIMARY KEY,
  item {id} NOT NULL REFERENCES open_post,
  account {id} NOT NULL REFERENCES account,
  ring {id} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('offered', 'accepted', 'passed', 'handed-over', 'answered', 'lapsed')),
  parts {text} NOT NULL,                         -- free=40 near=12: why it was put before them
  heavy {bool} NOT NULL,
  made_at {time} NOT NULL,
  taken_at {time},
  ended_at {time},
  CHECK (state NOT IN ('accepted', 'answered') OR taken_at IS NOT NULL)
){strict};
CREATE UNIQUE INDEX offer_once ON offer (item, account);
CREATE UNIQUE INDEX offer_held ON offer (account) WHERE state = 'accepted';  -- one at a time, whatever is pressed at once
CREATE INDEX offer_before ON offer (account) WHERE state IN ('offered', 'accepted');
CREATE INDEX offer_taken ON offer (account, taken_at) WHERE taken_at IS NOT NULL;

-- The weekly question to a supporter: 1 (too much) to 5 (good).
CREATE TABLE supporter_week (
  account {id} NOT NULL REFERENCES account,
  day {time} NOT NULL,
  answer {id} NOT NULL CHECK (answer BETWEEN 1 AND 5),
  made_at {time} NOT NULL,
  PRIMARY KEY (account, day)
){strict};
