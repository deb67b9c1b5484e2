-- Closing a case asks which alarms and which posts hang on it: without these it read all of them.
CREATE INDEX alert_case ON alert (case_id);
CREATE INDEX open_post_case ON open_post (case_id) WHERE case_id IS NOT NULL;
