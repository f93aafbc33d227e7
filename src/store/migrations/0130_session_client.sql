-- What a person needs to recognise her sessions.
ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT '';  -- from which it was begun
ALTER TABLE session ADD COLUMN agent TEXT NOT NULL DEFAULT '';    -- what the browser called itself
