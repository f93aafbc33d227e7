-- What a person of the desk signs in with beside her password: codes of an app, one-time backup codes, passkeys.

CREATE TABLE totp (
  staff BLOB PRIMARY KEY REFERENCES staff(id),
  secret BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  confirmed_at INTEGER,              -- NULL: shown, but no code came back yet
  last_step INTEGER                  -- RFC 6238 step of the code that was accepted last
) STRICT, WITHOUT ROWID;

CREATE TABLE backup_code (
  staff BLOB NOT NULL REFERENCES staff(id),
  hash BLOB NOT NULL,                -- SHA-256 of the code
  PRIMARY KEY (staff, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE passkey (
  id BLOB PRIMARY KEY,
  staff BLOB NOT NULL REFERENCES staff(id),
  credential BLOB NOT NULL UNIQUE,   -- its id as the authenticator knows it
  public_key BLOB NOT NULL,          -- COSE_Key
  algorithm TEXT NOT NULL,
  sign_count INTEGER NOT NULL,
  aaguid BLOB NOT NULL,              -- model of the authenticator
  transports TEXT NOT NULL,          -- JSON list
  backup_eligible INTEGER NOT NULL,  -- it may leave its device
  backed_up INTEGER NOT NULL,        -- it has
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX passkey_by_staff ON passkey (staff);

CREATE TABLE passkey_challenge (
  hash BLOB PRIMARY KEY,             -- SHA-256 of the challenge
  staff BLOB,                        -- who registers; NULL: somebody signs in
  address TEXT NOT NULL,             -- of the client
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX passkey_challenge_by_address ON passkey_challenge (address);

CREATE TABLE second_factor_role (    -- whose people must have one of these
  role TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
