-- migrate:up
ALTER TABLE communications_skip ADD COLUMN slot_holder bigint;
COMMENT ON COLUMN communications_skip.slot_holder IS 'Inbox id of the event that had the slot which this one asked for.';

-- migrate:down
ALTER TABLE communications_skip DROP COLUMN slot_holder;
