-- What `sync` without arguments brings up to date, and what is known of what was visited.

CREATE TABLE remembered_source (
    source TEXT PRIMARY KEY,              -- an absolute path or a URL
    added TEXT NOT NULL,                  -- UTC, as YYYY-MM-DDTHH:MM:SSZ
    checked TEXT,                         -- when it was last read or tried
    due REAL NOT NULL DEFAULT 0,          -- seconds since 1970: a watch asks again then
    failures INTEGER NOT NULL DEFAULT 0,  -- in a row
    trouble TEXT NOT NULL DEFAULT ''      -- why the last one failed
) WITHOUT ROWID;

-- A page, a feed, or the page of a feed's entry.
CREATE TABLE visit (
    url TEXT PRIMARY KEY,
    pipeline INTEGER NOT NULL,            -- that made the articles; what another one made is read again
    etag TEXT NOT NULL,
    modified TEXT NOT NULL,               -- the server's Last-Modified
    fingerprint TEXT NOT NULL,            -- of what a feed said of it
    articles TEXT NOT NULL,               -- JSON list of the ids of what was read there
    failures INTEGER NOT NULL,            -- in a row
    due REAL NOT NULL,                    -- seconds since 1970: what failed is not asked again before
    trouble TEXT NOT NULL
) WITHOUT ROWID;
