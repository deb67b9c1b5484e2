-- Care of supporters: what somebody noted after a heavy one, and the groups in which they are looked after.

CREATE TABLE debrief (
  id {id} PRIMARY KEY,
  account {id} NOT NULL REFERENCES account,
  sealed {bytes} NOT NULL,
  made_at {time} NOT NULL
){strict};
CREATE INDEX debrief_account ON debrief (account, made_at);

CREATE TABLE supervision_group (
  id {id} PRIMARY KEY,
  organisation {id} NOT NULL REFERENCES organisation,
  called {text} NOT NULL,
  lead {id} NOT NULL REFERENCES account,
  meets_at {time},
  made_at {time} NOT NULL,
  ended_at {time}
){strict};

CREATE TABLE supervision_member (
  circle {id} NOT NULL REFERENCES supervision_group,
  account {id} NOT NULL REFERENCES account,
  joined_at {time} NOT NULL,
  left_at {time},
  PRIMARY KEY (circle, account)
){strict};
CREATE INDEX supervision_of ON supervision_member (account) WHERE left_at IS NULL;

-- What a supporter did longer ago than offers are kept: milliseconds, and when it began. For the record of help alone.
ALTER TABLE supporter ADD COLUMN helped {time} NOT NULL DEFAULT 0;
ALTER TABLE supporter ADD COLUMN helped_first {time};
