-- Letters: a bounded series between a seeker and one befriender. A letter is an item of kind message with a room, sealed for good.

CREATE TABLE series (
  id {id} PRIMARY KEY,
  organisation {id} NOT NULL REFERENCES organisation,
  room {id} NOT NULL REFERENCES room,
  seeker {id} NOT NULL REFERENCES account,
  seeker_name {id} NOT NULL REFERENCES name,
  befriender {id} REFERENCES account,
  befriender_name {id} REFERENCES name,
  from_item {id} REFERENCES item (id),           -- the thread it came from
  course {text},                                 -- by which the befriender came
  state {text} NOT NULL CHECK (state IN ('seeking', 'running', 'ended')),
  why {text},                                    -- how it ended
  since {time} NOT NULL,                         -- since when it is this side's turn
  ends_at {time} NOT NULL,
  next_at {time} NOT NULL,
  reminded_at {time},
  case_id {id} REFERENCES "case",
  made_at {time} NOT NULL,
  ended_at {time},
  CHECK (state <> 'running' OR befriender IS NOT NULL),
  CHECK ((state = 'ended') = (ended_at IS NOT NULL))
){strict};
CREATE INDEX series_next ON series (next_at) WHERE state <> 'ended';
CREATE INDEX series_seeker ON series (seeker);
CREATE INDEX series_befriender ON series (befriender) WHERE befriender IS NOT NULL;
CREATE UNIQUE INDEX series_once ON series (seeker, room) WHERE state <> 'ended';

CREATE TABLE letter (
  item {id} PRIMARY KEY REFERENCES item (id),
  series {id} NOT NULL REFERENCES series,
  side {text} NOT NULL CHECK (side IN ('seeker', 'befriender')),
  delivered_at {time}
){strict};
CREATE INDEX letter_series ON letter (series, item);

-- Who had a series before: nobody is given the same one twice, and their letters stay theirs.
CREATE TABLE series_past (
  series {id} NOT NULL REFERENCES series,
  account {id} NOT NULL REFERENCES account,
  at {time} NOT NULL,
  PRIMARY KEY (series, account)
){strict};
CREATE INDEX series_past_account ON series_past (account);

CREATE TABLE series_review (
  series {id} NOT NULL REFERENCES series,
  account {id} NOT NULL REFERENCES account,
  side {text} NOT NULL CHECK (side IN ('seeker', 'befriender')),
  answer {id} NOT NULL CHECK (answer BETWEEN 1 AND 5),
  sealed {bytes},
  made_at {time} NOT NULL,
  PRIMARY KEY (series, account)
){strict};
