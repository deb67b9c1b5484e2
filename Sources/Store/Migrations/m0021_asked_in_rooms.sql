-- A room may ask those who read and write in it how they find it there. Nobody's reading is followed for it: the question stands on
-- the room's own page, and a form says which room it was asked in.
ALTER TABLE room ADD COLUMN asks {bool} NOT NULL DEFAULT {false};
ALTER TABLE form ADD COLUMN room {id} REFERENCES room;
ALTER TABLE form ADD COLUMN put {bool} NOT NULL DEFAULT {false};  -- begun because Today or a room put it before them; `asked` has come to mean "not now"
CREATE UNIQUE INDEX form_refused ON form (account, measure, room) WHERE asked AND room IS NOT NULL;
