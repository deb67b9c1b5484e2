-- Questionnaires as people fill them in. Answers are sealed under their own key and go with it; totals are derived and not kept.

CREATE TABLE form (
  id {id} PRIMARY KEY,
  organisation {id} NOT NULL REFERENCES organisation,
  account {id} NOT NULL REFERENCES account,
  measure {text} NOT NULL,
  rules {text} NOT NULL,                         -- version of the measure
  wording {text} NOT NULL,                       -- version of the pack
  language {text} NOT NULL,
  asked {bool} NOT NULL,                         -- put before them, or opened of their own wish
  withheld {text} NOT NULL,                      -- places not asked: nobody was there to read the answer
  part {text} NOT NULL CHECK (part IN ('writer', 'reader')),
  band {text} NOT NULL,
  begun_at {time} NOT NULL,
  finished_at {time},
  sealed {bytes} NOT NULL
){strict};
CREATE UNIQUE INDEX form_open ON form (account, measure) WHERE finished_at IS NULL;
CREATE INDEX form_of ON form (account, begun_at);
CREATE INDEX form_measure ON form (organisation, measure, finished_at);
