-- migrate:up

-- Beside the beat, which rewrites the row anyway: who looks from outside learns why nothing goes out.
ALTER TABLE communications_worker ADD COLUMN provider_pauses jsonb NOT NULL DEFAULT '[]';
COMMENT ON COLUMN communications_worker.provider_pauses IS 'Providers that this worker leaves alone for now, with why and since when.';

-- migrate:down
ALTER TABLE communications_worker DROP COLUMN provider_pauses;
