-- Studies: a protocol that stands still once people are in, a sealed list made before the first of them, and who took which part.

CREATE TABLE study (
  id {id} PRIMARY KEY,
  organisation {id} NOT NULL REFERENCES organisation,
  code {text} NOT NULL,
  protocol {text} NOT NULL,                      -- as it was given, byte for byte
  hash {text} NOT NULL,                          -- SHA-256 of it
  state {text} NOT NULL CHECK (state IN ('draft', 'open', 'paused', 'closed', 'ended')),
  seed {bytes},                                  -- sealed under the house's key
  list_hash {text},                              -- SHA-256 of the whole list: proof that it was there first
  made_by {id} REFERENCES account,
  made_at {time} NOT NULL,
  opened_at {time},
  ended_at {time},
  CHECK (state = 'draft' OR opened_at IS NOT NULL AND list_hash IS NOT NULL)
){strict};
CREATE UNIQUE INDEX study_code ON study (organisation, code);

CREATE TABLE participant (
  id {id} PRIMARY KEY,
  study {id} NOT NULL REFERENCES study,
  account {id} REFERENCES account,               -- gone on erasure: what stays is a count
  side {text} NOT NULL CHECK (side IN ('seeker', 'supporter')),
  band {text} NOT NULL,
  arm {text},
  asked_before {text} NOT NULL,
  consented_at {time} NOT NULL,
  consent_until {time} NOT NULL,
  adult_code {bytes},                            -- hash of the code that an adult types
  adult_at {time},
  started_at {time},
  opens_at {time},                               -- when the arm's rooms open to them
  let_in_at {time},
  left_at {time},
  left_how {text} CHECK (left_how IN ('keep', 'remove', 'erased', 'lapsed')),
  CHECK ((left_at IS NULL) = (left_how IS NULL))
){strict};
CREATE UNIQUE INDEX participant_once ON participant (study, account);
CREATE INDEX participant_account ON participant (account) WHERE account IS NOT NULL;
CREATE INDEX participant_opens ON participant (opens_at) WHERE let_in_at IS NULL;
CREATE UNIQUE INDEX participant_adult ON participant (adult_code) WHERE adult_code IS NOT NULL;

CREATE TABLE study_place (
  study {id} NOT NULL REFERENCES study,
  stratum {text} NOT NULL,
  place {id} NOT NULL,
  sealed {bytes} NOT NULL,                       -- the arm
  participant {id} REFERENCES participant,
  PRIMARY KEY (study, stratum, place)
){strict};

-- Who said no, or can not say yes without telling who they are: never asked again.
CREATE TABLE study_no (
  study {id} NOT NULL REFERENCES study,
  account {id} NOT NULL REFERENCES account,
  why {text} NOT NULL CHECK (why IN ('no', 'would-unmask')),
  made_at {time} NOT NULL,
  PRIMARY KEY (study, account)
){strict};
CREATE INDEX study_no_account ON study_no (account);

CREATE TABLE study_form (
  form {id} PRIMARY KEY,
  participant {id} NOT NULL REFERENCES participant,
  day {id} NOT NULL
){strict};
CREATE INDEX study_form_participant ON study_form (participant);

-- Which points somebody was told of.
CREATE TABLE study_told (
  participant {id} NOT NULL REFERENCES participant,
  measure {text} NOT NULL,
  day {id} NOT NULL,
  told_at {time} NOT NULL,
  PRIMARY KEY (participant, measure, day)
){strict};

-- What went wrong for somebody: got reliably worse, or came into danger. The watch counts these.
CREATE TABLE study_harm (
  participant {id} NOT NULL REFERENCES participant,
  kind {text} NOT NULL CHECK (kind IN ('worse', 'danger')),
  subject {id} NOT NULL,                         -- the form or the case; nothing once they took theirs out
  made_at {time} NOT NULL,
  PRIMARY KEY (participant, kind, subject)
){strict};

-- Days on which somebody was here, by the day of their own part; only with their yes to it.
CREATE TABLE study_day (
  participant {id} NOT NULL REFERENCES participant,
  day {id} NOT NULL,
  minutes {id} NOT NULL,
  PRIMARY KEY (participant, day)
){strict};

-- What was done to a study, and by whom. Never changed.
CREATE TABLE study_event (
  id {id} PRIMARY KEY,
  study {id} NOT NULL REFERENCES study,
  kind {text} NOT NULL,
  actor {id} REFERENCES account,
  made_at {time} NOT NULL
){strict};
CREATE INDEX study_event_study ON study_event (study, id);

UPDATE role SET powers = powers || ' research' WHERE code = 'researcher' AND powers NOT LIKE '% research';
