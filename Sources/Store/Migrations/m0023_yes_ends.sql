-- A yes to letters holds for a year, like standing in a room; what one of the staff ended comes back through the staff alone.
ALTER TABLE course_taken ADD COLUMN ended_by {id} REFERENCES account;
