-- Wrong sign-ins in a row, by what was tried: "account:<address>" (known or not), "address:<of the client>".

CREATE TABLE sign_in_failure (
  subject TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_failure_by_age ON sign_in_failure (last_at);
