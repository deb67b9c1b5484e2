-- Reappraisal: what answers a situation, and what two people say of it before it goes out.

CREATE TABLE response (
  item {id} PRIMARY KEY REFERENCES item (id),
  kind {text} NOT NULL CHECK (kind IN ('support', 'distortion', 'view')),
  pattern {text},                                -- which way of thinking, for a distortion
  next_at {time},                                -- when nobody judged: one of the staff looks
  staff_at {time},
  outcome {text} CHECK (outcome IN ('deliver', 'give-back')),
  decided_at {time},
  CHECK ((kind = 'distortion') = (pattern IS NOT NULL)),
  CHECK ((outcome IS NULL) = (decided_at IS NULL))
){strict};
CREATE INDEX response_next ON response (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE judgement (
  item {id} NOT NULL REFERENCES response,
  account {id} NOT NULL REFERENCES account,
  judgement {text} NOT NULL CHECK (judgement IN ('good', 'not-yet', 'worried')),
  made_at {time} NOT NULL,
  PRIMARY KEY (item, account)
){strict};
CREATE INDEX judgement_account ON judgement (account);
