-- What people say on leaving for good of what went badly: counted by month, and of nobody.
CREATE TABLE left_moment (
  organisation {id} NOT NULL REFERENCES organisation,
  month {time} NOT NULL,
  place {id} NOT NULL,                           -- of the question in the form of bad moments, from 1
  yes {id} NOT NULL,
  answered {id} NOT NULL,
  PRIMARY KEY (organisation, month, place)
){strict};

-- Harm in a study can also be told, on leaving it.
CREATE TABLE study_harm_told (
  participant {id} NOT NULL REFERENCES participant,
  kind {text} NOT NULL CHECK (kind IN ('worse', 'danger', 'told')),
  subject {id} NOT NULL,                         -- the form or the case; nothing where it was told, or once they took theirs out
  made_at {time} NOT NULL,
  PRIMARY KEY (participant, kind, subject)
){strict};
INSERT INTO study_harm_told (participant, kind, subject, made_at) SELECT participant, kind, subject, made_at FROM study_harm;
DROP TABLE study_harm;
ALTER TABLE study_harm_told RENAME TO study_harm;

-- A professional who lets somebody help by name says where they were trained; nothing where our own course led to it.
ALTER TABLE standing ADD COLUMN trained {text};
