-- When the person of a session last showed that it is she: by signing in, or once more since.
ALTER TABLE session ADD COLUMN verified_at INTEGER NOT NULL DEFAULT 0;
UPDATE session SET verified_at = created_at;
