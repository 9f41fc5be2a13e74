-- What an article said before it was edited, and what was put away (removed, but not yet for good).
CREATE TABLE version (
    number INTEGER PRIMARY KEY,
    article INTEGER NOT NULL,    -- its number when it was the current one
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    url TEXT,
    source TEXT NOT NULL,
    published TEXT,
    authors TEXT NOT NULL,
    origin TEXT NOT NULL,
    digest TEXT NOT NULL,
    removed TEXT NOT NULL,
    added TEXT NOT NULL,
    seen TEXT NOT NULL,
    signature BLOB,
    until TEXT NOT NULL,         -- when it was edited or put away
    lines TEXT NOT NULL,         -- JSON list of [digest, words]: its rows in `line`
    removal INTEGER REFERENCES removal (token)   -- NULL: edited
);
CREATE INDEX version_id ON version (id);
CREATE INDEX version_removal ON version (removal);
CREATE TABLE version_passage (
    id INTEGER PRIMARY KEY,      -- the id that it had, and has again when it is brought back
    version INTEGER NOT NULL REFERENCES version (number),
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    vector BLOB NOT NULL
);
CREATE INDEX version_passage_version ON version_passage (version);
CREATE VIRTUAL TABLE version_text USING fts5 (
    text, title, content = '', tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TABLE removal (
    token INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    kind TEXT NOT NULL           -- 'removed' by the user, or 'pruned' because its source no longer has it
);
-- What the user removed and gave up for good: a sync leaves it out.
CREATE TABLE unwanted (id TEXT PRIMARY KEY) WITHOUT ROWID;

-- What happened, for people: added, changed, removed, brought back.
CREATE TABLE change (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    article TEXT NOT NULL,
    title TEXT NOT NULL
);
CREATE INDEX change_article ON change (article);

-- Bands of MinHash signatures: articles that share one may be copies.
CREATE TABLE band (band INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (band, article)) WITHOUT ROWID;
