-- What people who read for a study gave shown items: one code a book, coder and item. No words.

CREATE TABLE item_code (
  item {id} NOT NULL,
  coder {id} NOT NULL REFERENCES account,
  book {text} NOT NULL,
  code {text} NOT NULL,
  made_at {time} NOT NULL,
  PRIMARY KEY (item, coder, book)
){strict};
CREATE INDEX item_code_book ON item_code (book, made_at);
CREATE INDEX item_code_coder ON item_code (coder, book);
CREATE INDEX item_thread_made ON item (organisation, made_at) WHERE thread IS NULL AND state = 'shown';
