-- A note after something heavy is kept once, however often its button is pressed.
ALTER TABLE debrief ADD COLUMN press {text};
CREATE UNIQUE INDEX debrief_press ON debrief (press) WHERE press IS NOT NULL;
