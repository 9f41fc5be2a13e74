-- The library on disk: SQLite is the record, `dense.faiss` beside it only a view.
-- Offsets count characters of article.text. Texts are packed by zlib where that is shorter; vectors are signed bytes,
-- the largest component 127, and stand for the vector of unit length in their direction.

CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

CREATE TABLE article (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    text TEXT NOT NULL,          -- packed: `unpacked(text)` reads it
    url TEXT,
    source TEXT NOT NULL,
    published TEXT,              -- ISO 8601 date
    authors TEXT NOT NULL,       -- JSON list
    origin TEXT NOT NULL,        -- the file, feed or page it was read from
    digest TEXT NOT NULL,        -- of what was read; an equal one means unchanged
    removed TEXT NOT NULL,       -- JSON list of [line number, line] that cleaning took out
    added TEXT NOT NULL DEFAULT '',   -- when it first came: UTC, as YYYY-MM-DDTHH:MM:SSZ
    seen TEXT NOT NULL DEFAULT '',    -- since when it reads as it does
    story INTEGER,               -- the same number for wire copies of one story
    signature BLOB               -- MinHash of its words; NULL until it was looked at
);
CREATE INDEX article_source ON article (source);
CREATE INDEX article_origin ON article (origin);
CREATE INDEX article_published ON article (published);
CREATE INDEX article_story ON article (story);
CREATE INDEX article_unsigned ON article (number) WHERE signature IS NULL;

CREATE TABLE passage (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used twice: the FAISS view relies on it
    article INTEGER NOT NULL REFERENCES article (number),
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    vector BLOB NOT NULL,
    revision INTEGER NOT NULL
);
CREATE INDEX passage_article ON passage (article);
CREATE INDEX passage_revision ON passage (revision);

-- What a view made at an earlier revision has to forget.
CREATE TABLE removed_passage (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL);
CREATE INDEX removed_passage_revision ON removed_passage (revision);

CREATE VIRTUAL TABLE passage_text USING fts5 (
    text, title, content = '', tokenize = 'porter unicode61 remove_diacritics 2'
);

-- Lines that may turn out to be boilerplate because they come back in many articles of one source.
CREATE TABLE line (
    article INTEGER NOT NULL REFERENCES article (number),
    digest INTEGER NOT NULL,
    words INTEGER NOT NULL,
    PRIMARY KEY (article, digest)
) WITHOUT ROWID;
CREATE TABLE recurring_line (source TEXT NOT NULL, digest INTEGER NOT NULL, PRIMARY KEY (source, digest)) WITHOUT ROWID;
CREATE TABLE unsettled_source (source TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE uncleaned_article (id TEXT PRIMARY KEY) WITHOUT ROWID;
