-- migrate:up

-- Headers as text: nobody asks for anything inside them, so they need not be taken apart to be kept. A build before this
-- one writes and reads them as it did. One index for what two were for: rows are read and deleted topic by topic.
ALTER TABLE communications_outbox
  ALTER COLUMN headers TYPE json,
  DROP CONSTRAINT communications_outbox_pkey,
  ADD CONSTRAINT communications_outbox_pkey PRIMARY KEY (topic, id);
DROP INDEX communications_outbox_topic_idx;

-- migrate:down
ALTER TABLE communications_outbox
  DROP CONSTRAINT communications_outbox_pkey,
  ADD CONSTRAINT communications_outbox_pkey PRIMARY KEY (id),
  ALTER COLUMN headers TYPE jsonb;
CREATE INDEX communications_outbox_topic_idx ON communications_outbox (topic, id);
