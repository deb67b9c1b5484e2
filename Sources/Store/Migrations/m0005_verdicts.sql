-- "This was wrong": what a moderator said of one rule or model on one item. No words: they stay with the item, and go with it.

CREATE TABLE verdict (
  item {id} NOT NULL REFERENCES item (id),
  source {text} NOT NULL,                        -- the rule's id, or "model." and the model's
  version {text} NOT NULL,                       -- of rules and models that day
  level {id} NOT NULL,
  made_by {id} NOT NULL,
  made_at {time} NOT NULL,
  PRIMARY KEY (item, source)
){strict};
CREATE INDEX verdict_source ON verdict (source, made_at);
