-- What evaluators from outside get of a study, as it was made once: two that differ would tell who took a yes back in between.

CREATE TABLE study_set (
  study {id} PRIMARY KEY REFERENCES study,
  made_at {time} NOT NULL,
  shared {id} NOT NULL,                          -- how many had said yes to it then
  sealed {bytes} NOT NULL                        -- the signed text
){strict};
