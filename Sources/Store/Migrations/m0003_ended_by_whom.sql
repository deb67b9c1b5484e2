-- Whoever makes a loosened default firm again before its day is named beside it, as whoever loosened it is.

ALTER TABLE loosened ADD COLUMN ended_by {text};
