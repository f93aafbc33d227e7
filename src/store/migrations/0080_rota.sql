-- Rotas: who is on call. Layers take turns; overrides change them for a while; a feed is read by its secret link.
CREATE TABLE rota (
  id BLOB PRIMARY KEY,
  version INTEGER NOT NULL,
  name TEXT NOT NULL UNIQUE,
  zone TEXT NOT NULL,
  layers TEXT NOT NULL               -- JSON list of oncall::Layer
) STRICT, WITHOUT ROWID;

CREATE TABLE rota_override (
  id BLOB PRIMARY KEY,
  rota BLOB NOT NULL REFERENCES rota(id),
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  person_in BLOB REFERENCES staff(id),
  person_out BLOB REFERENCES staff(id),
  reason TEXT NOT NULL,
  made_by BLOB NOT NULL,             -- staff
  made_by_name TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX rota_override_by_end ON rota_override (rota, ends_at);

CREATE TABLE rota_feed (
  hash BLOB PRIMARY KEY,             -- SHA-256 of the secret
  rota BLOB UNIQUE REFERENCES rota(id),
  staff BLOB UNIQUE REFERENCES staff(id),
  made_at INTEGER NOT NULL,
  CHECK ((rota IS NULL) <> (staff IS NULL))
) STRICT, WITHOUT ROWID;
