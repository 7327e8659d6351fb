-- migrate:up

-- As text: written once, read once and never asked for anything inside, they need not be taken apart for storing. A build
-- before this one writes and reads them all the same.
ALTER TABLE communications_outbox ALTER COLUMN headers TYPE json;
ALTER TABLE communications_delivery ALTER COLUMN status_facts TYPE json;

-- One index for what two were for: rows are read and deleted topic by topic.
ALTER TABLE communications_outbox
  DROP CONSTRAINT communications_outbox_pkey,
  ADD CONSTRAINT communications_outbox_pkey PRIMARY KEY (topic, id);
DROP INDEX communications_outbox_topic_idx;

-- migrate:down
CREATE INDEX communications_outbox_topic_idx ON communications_outbox (topic, id);
ALTER TABLE communications_outbox
  DROP CONSTRAINT communications_outbox_pkey,
  ADD CONSTRAINT communications_outbox_pkey PRIMARY KEY (id);
ALTER TABLE communications_delivery ALTER COLUMN status_facts TYPE jsonb;
ALTER TABLE communications_outbox ALTER COLUMN headers TYPE jsonb;
