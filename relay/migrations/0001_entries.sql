-- The record of every post, exactly as the posts wrote it. Rows are only ever added.
--
-- AUTOINCREMENT keeps the highest ordinal ever given in sqlite_sequence, so that a removed tail shows: an ordinal is
-- never given twice, and a rolled-back transaction gives its ordinals back. A hole is therefore evidence of a removal.
CREATE TABLE entries (
    -- The relay's order over all posts, from 1 without holes. The feed resumes by it.
    ordinal     INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Whose chain: the 16 bytes of the post's UUID.
    post        BLOB    NOT NULL CHECK (length(post) = 16),
    -- Place in that chain, from 1 without gaps.
    seq         INTEGER NOT NULL CHECK (seq >= 1),
    -- SHA-256 of the entry before; 32 zero bytes for the first.
    prev        BLOB    NOT NULL CHECK (length(prev) = 32),
    -- When the post wrote it, milliseconds since the Unix epoch on the post's clock.
    at_ms       INTEGER NOT NULL,
    -- JSON text of the record, byte for byte as hashed.
    record      TEXT    NOT NULL,
    -- SHA-256 over post, seq, prev, at_ms and record.
    hash        BLOB    NOT NULL CHECK (length(hash) = 32),
    -- When the relay took it, milliseconds since the Unix epoch on the relay's clock. Not part of the chain.
    received_ms INTEGER NOT NULL,
    -- One entry per place; also the index by which a post's head is found.
    UNIQUE (post, seq)
) STRICT;
