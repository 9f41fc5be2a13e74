-- The hash of what was embedded of a passage (its title and text), by which its vector is found wherever it stands.

ALTER TABLE passage ADD embedded INTEGER;
ALTER TABLE version_passage ADD embedded INTEGER;
CREATE INDEX passage_embedded ON passage (embedded);
CREATE INDEX version_passage_embedded ON version_passage (embedded);
