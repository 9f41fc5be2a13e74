CREATE TABLE IF NOT EXISTS conversation (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    title TEXT NOT NULL,
    changed TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS conversation_owner ON conversation (owner, changed);
CREATE TABLE IF NOT EXISTS turn (
    conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    question TEXT NOT NULL,
    asked TEXT NOT NULL,
    answer BLOB,
    trouble TEXT NOT NULL DEFAULT '',
    searched TEXT,
    verdict TEXT,
    in_tests INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation, number)
) STRICT;
CREATE TABLE IF NOT EXISTS article (
    digest TEXT PRIMARY KEY,
    record BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS used (
    conversation TEXT NOT NULL,
    number INTEGER NOT NULL,
    digest TEXT NOT NULL REFERENCES article (digest),
    PRIMARY KEY (conversation, number, digest),
    FOREIGN KEY (conversation, number) REFERENCES turn (conversation, number) ON DELETE CASCADE
) STRICT;
CREATE INDEX IF NOT EXISTS used_digest ON used (digest);
