-- What a moderator suggests to the author beside the reason, sealed under the author's key.
ALTER TABLE decision ADD COLUMN suggestion {bytes};
