-- A yes to letters holds for a year, like standing in a room; what one of the staff ended comes back through the staff alone.
ALTER TABLE course_taken ADD COLUMN ended_by {id} REFERENCES account;

-- A piece goes on from an earlier one of the same voice: all parts name the first.
ALTER TABLE piece ADD COLUMN part_of {id};
CREATE INDEX piece_part ON piece (part_of) WHERE part_of IS NOT NULL;
