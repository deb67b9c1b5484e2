-- What one text worried about, as a level beside the sealed assessment: from several within a fortnight a pattern is seen that
-- no single one showed.

ALTER TABLE assessment ADD COLUMN worry {id} NOT NULL DEFAULT 0;
