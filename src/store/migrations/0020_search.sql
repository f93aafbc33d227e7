-- Full text. The FTS5 table `search_text` (rowid = search_document.key) is made by src/search when the desk starts,
-- because its tokenizer lives there.

CREATE TABLE search_document (       -- one thing that can be found; keys grow with time
  key INTEGER PRIMARY KEY,
  type TEXT NOT NULL CHECK (type IN ('ticket', 'entry', 'article')),
  ticket INTEGER NOT NULL DEFAULT 0, -- number, 0 for articles
  seq INTEGER NOT NULL DEFAULT 0,    -- of the entry; of the first message for tickets
  article INTEGER NOT NULL DEFAULT 0,
  for_customers INTEGER NOT NULL,    -- 1: the organisation's own people may find it
  language TEXT NOT NULL,            -- in which its words were stemmed; '' for none
  at INTEGER NOT NULL,
  title TEXT NOT NULL,               -- as indexed, where it can change
  body TEXT NOT NULL                 -- as indexed, where it can change (articles)
) STRICT;
CREATE UNIQUE INDEX search_document_of_ticket ON search_document (ticket, type, seq) WHERE ticket <> 0;
CREATE UNIQUE INDEX search_document_of_article ON search_document (article) WHERE article <> 0;

CREATE TABLE search_indicator (      -- what is looked for as it stands: addresses, hashes, CVE ids, ticket numbers
  value TEXT NOT NULL,
  document INTEGER NOT NULL,
  PRIMARY KEY (value, document)
) STRICT, WITHOUT ROWID;
