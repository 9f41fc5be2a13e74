-- Files as they were when their articles were taken in: what has not changed since is not read again.

CREATE TABLE file (
    number INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,            -- absolute
    pipeline INTEGER NOT NULL,            -- that made the articles; what another one made is read again
    fingerprint BLOB NOT NULL,            -- BLAKE2b of its name and of every byte
    troubles TEXT NOT NULL                -- JSON list of [row, why it was rejected]
);
CREATE TABLE file_article (
    file INTEGER NOT NULL REFERENCES file (number),
    article TEXT NOT NULL,
    digest TEXT NOT NULL,                 -- how the digest of the article began
    PRIMARY KEY (file, article)
) WITHOUT ROWID;
