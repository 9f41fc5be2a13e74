-- Format 1 to format 2: the day of arrival, earlier versions, what was put away, the log of changes, stories.
ALTER TABLE article ADD added TEXT NOT NULL DEFAULT '';
ALTER TABLE article ADD seen TEXT NOT NULL DEFAULT '';
ALTER TABLE article ADD story INTEGER;
ALTER TABLE article ADD signature BLOB;
CREATE INDEX article_published ON article (published);
CREATE INDEX article_story ON article (story);
CREATE INDEX article_unsigned ON article (number) WHERE signature IS NULL;
