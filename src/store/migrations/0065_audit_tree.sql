-- The audit log as a Merkle tree (RFC 9162): how far it has grown, its large subtrees, and what was signed.

CREATE TABLE audit_tree (            -- one row
  one INTEGER PRIMARY KEY CHECK (one = 1),
  size INTEGER NOT NULL,             -- entries taken in
  last_seq INTEGER NOT NULL,         -- of the newest of them
  peaks BLOB NOT NULL                -- hashes of its complete subtrees, the largest first
) STRICT;

CREATE TABLE audit_node (            -- complete subtrees of 256 entries and more
  level INTEGER NOT NULL,
  position INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (level, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_checkpoint (      -- the newest of each minute
  size INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  note TEXT NOT NULL                 -- C2SP tlog-checkpoint, signed
) STRICT;
