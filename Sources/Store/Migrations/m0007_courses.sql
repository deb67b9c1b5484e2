-- Becoming a supporter: what somebody has done of a course, how their role-play was rated, what a professional signed.

-- A course of the host's, in one version, may lead to standing: a professional signed it by name.
CREATE TABLE course_signed (
  organisation {id} NOT NULL REFERENCES organisation,
  course {text} NOT NULL,
  version {id} NOT NULL,
  account {id} NOT NULL REFERENCES account,
  signed_at {time} NOT NULL,
  PRIMARY KEY (organisation, course, version)
){strict};

CREATE TABLE course_taken (
  account {id} NOT NULL REFERENCES account,
  course {text} NOT NULL,
  choice {text} CHECK (choice IN ('taken', 'refused')),
  begun_at {time} NOT NULL,
  chosen_at {time},
  PRIMARY KEY (account, course)
){strict};

CREATE TABLE lesson_taken (
  account {id} NOT NULL REFERENCES account,
  course {text} NOT NULL,
  lesson {text} NOT NULL,
  version {id} NOT NULL,                         -- of the course: another version is learned anew
  read_at {time},
  practised_at {time},
  passed_at {time},
  PRIMARY KEY (account, course, lesson, version)
){strict};

-- Answers to invented people, sealed under the key of whoever learns; read by raters, who are not told whose they are.
CREATE TABLE role_play (
  id {id} PRIMARY KEY,
  account {id} NOT NULL REFERENCES account,
  organisation {id} NOT NULL REFERENCES organisation,
  course {text} NOT NULL,
  version {id} NOT NULL,
  moment {text} NOT NULL CHECK (moment IN ('before', 'after')),
  sealed {bytes} NOT NULL,
  made_at {time} NOT NULL
){strict};
CREATE UNIQUE INDEX role_play_once ON role_play (account, course, version, moment);
CREATE INDEX role_play_house ON role_play (organisation, made_at);

CREATE TABLE rating (
  role_play {id} NOT NULL REFERENCES role_play,
  rater {id} NOT NULL REFERENCES account,
  professional {bool} NOT NULL,
  scores {text} NOT NULL,                        -- 2 3 1: in the order of the course's skills
  sealed {bytes},                                -- a kind word to whoever learns
  made_at {time} NOT NULL,
  PRIMARY KEY (role_play, rater)
){strict};

-- Who of the staff ended it; empty where it was given back. What was taken is not taken again by finishing a course.
ALTER TABLE standing ADD COLUMN taken_by {id};
