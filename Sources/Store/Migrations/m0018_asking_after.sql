-- One kind way back: who said that they may be asked once if they go quiet, and what chance decided. The address is sealed under their own
-- key and goes when it was used, taken back, a year old, or with the account; then nothing in the row leads to anybody.
CREATE TABLE asking_after (
  id {id} PRIMARY KEY,
  organisation {id} NOT NULL REFERENCES organisation,
  account {id} UNIQUE REFERENCES account,
  yes {bool} NOT NULL,
  said_at {time} NOT NULL,
  sealed {bytes},
  ends_at {time} NOT NULL,                       -- when the address goes at the latest
  next_at {time},                                -- when to look again whether they went quiet; NULL: never
  lot {text} CHECK (lot IN ('ask', 'leave', 'unreachable')),
  drawn_at {time},
  trying_at {time},                              -- written before the mail leaves: whatever happens then, it leaves once
  sent_at {time},
  returned_at {time}
){strict};
CREATE INDEX asking_after_next ON asking_after (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX asking_after_drawn ON asking_after (organisation, drawn_at);
CREATE INDEX asking_after_ends ON asking_after (ends_at) WHERE sealed IS NOT NULL;

-- Addresses a mail went to, as keyed hashes: one mail each, in however many accounts somebody typed it.
CREATE TABLE asked_once (
  hash {bytes} PRIMARY KEY,
  who {id} NOT NULL,
  ends_at {time} NOT NULL
){strict};

-- "This helped": said by whoever asked about a reply, for themselves alone.
CREATE TABLE helped (
  account {id} NOT NULL REFERENCES account,
  item {id} NOT NULL,
  reply_at {time} NOT NULL,
  made_at {time} NOT NULL,
  PRIMARY KEY (account, item)
){strict};

-- How people leave: a count by month and day of the week, with nothing that leads to anybody. A token stands for one answer after the
-- session has ended; the day on which an account was asked keeps it to one a day.
CREATE TABLE leaving (
  organisation {id} NOT NULL REFERENCES organisation,
  month {text} NOT NULL,
  weekday {id} NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  answer {text} NOT NULL CHECK (answer IN ('lighter', 'same', 'heavier', 'unsaid')),
  people {id} NOT NULL,
  PRIMARY KEY (organisation, month, weekday, answer)
){strict};
CREATE TABLE leaving_token (
  hash {bytes} PRIMARY KEY,
  ends_at {time} NOT NULL
){strict};
CREATE TABLE leaving_asked (
  account {id} PRIMARY KEY REFERENCES account,
  day {time} NOT NULL
){strict};
