-- Reviews of studies: what searches found, what readers said of each record, what was charted. Published literature, nobody's words
-- from the rooms. A reader is an account's id; when somebody leaves it becomes a random one, so that two readers stay two.

CREATE TABLE review (
  id {id} NOT NULL PRIMARY KEY,
  organisation {id} NOT NULL REFERENCES organisation,
  name {text} NOT NULL,
  press {text} UNIQUE,
  made_at {time} NOT NULL
){strict};
CREATE INDEX review_organisation ON review (organisation, made_at);

CREATE TABLE review_source (
  id {id} NOT NULL PRIMARY KEY,
  review {id} NOT NULL REFERENCES review,
  -- When it was searched, as the review says: "2024-01". Where: the database, or how it was found by hand.
  search {text} NOT NULL,
  source {text} NOT NULL,
  by_hand {bool} NOT NULL,
  records {id} NOT NULL,
  refused {id} NOT NULL,
  odd_lines {id} NOT NULL,
  press {text} UNIQUE,
  made_at {time} NOT NULL
){strict};
CREATE INDEX review_source_review ON review_source (review, made_at);

CREATE TABLE review_record (
  id {id} NOT NULL PRIMARY KEY,
  review {id} NOT NULL REFERENCES review,
  source {id} NOT NULL REFERENCES review_source,
  -- Where it comes among the review's records.
  place {id} NOT NULL,
  line {id} NOT NULL,
  title {text} NOT NULL,
  authors {text} NOT NULL,
  year {id},
  journal {text},
  doi {text},
  pmid {text},
  abstract {text},
  duplicate_of {id},
  duplicate_rule {text},
  -- A person called it no duplicate: it is not joined again.
  apart {bool} NOT NULL,
  -- Folded from the readings, for lists and counts; by whom, while one alone has read it.
  titles {text} NOT NULL CHECK (titles IN ('undecided', 'conflict', 'in', 'out')),
  titles_by {id},
  full_text {text} CHECK (full_text IN ('undecided', 'conflict', 'in', 'out')),
  full_text_by {id},
  reason {text}
){strict};
CREATE UNIQUE INDEX review_record_place ON review_record (review, place);
CREATE INDEX review_record_titles ON review_record (review, titles, titles_by, place) WHERE duplicate_of IS NULL;
CREATE INDEX review_record_full_text ON review_record (review, full_text, full_text_by, place) WHERE duplicate_of IS NULL AND titles = 'in';
CREATE INDEX review_record_duplicates ON review_record (review, place) WHERE duplicate_of IS NOT NULL;
CREATE INDEX review_record_flow ON review_record (review, source, duplicate_rule, titles, full_text, reason);

CREATE TABLE review_reading (
  id {id} NOT NULL PRIMARY KEY,
  record {id} NOT NULL REFERENCES review_record,
  stage {text} NOT NULL CHECK (stage IN ('titles', 'full-text')),
  reader {id} NOT NULL,
  verdict {text} NOT NULL CHECK (verdict IN ('in', 'out', 'unsure')),
  reason {text},
  -- In the order of time.
  turn {id} NOT NULL,
  made_at {time} NOT NULL
){strict};
CREATE UNIQUE INDEX review_reading_turn ON review_reading (record, stage, turn);
CREATE INDEX review_reading_reader ON review_reading (reader, record, stage);

CREATE TABLE review_chart (
  record {id} NOT NULL REFERENCES review_record,
  field {text} NOT NULL,
  value {text} NOT NULL,
  reader {id} NOT NULL,
  made_at {time} NOT NULL,
  PRIMARY KEY (record, field)
){strict};
