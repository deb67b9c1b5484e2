-- New six words that nobody proved by the old ones open the record a day later: until then somebody else may have made them.
ALTER TABLE way_back ADD COLUMN counts_from {time};
