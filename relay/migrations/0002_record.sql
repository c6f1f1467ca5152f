-- Which record this is. Posts note it with the ordinal and the head that they have come to: those count in this record alone,
-- and a record that takes the place of another has another id.
CREATE TABLE record (
    -- 16 random bytes, read as a UUID. One row, made here.
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16)
) STRICT, WITHOUT ROWID;
INSERT INTO record (id) VALUES (randomblob(16));
