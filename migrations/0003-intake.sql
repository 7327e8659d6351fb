-- migrate:up
CREATE TABLE communications_inbox (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source      varchar(255) NOT NULL,
  event_id    varchar(255) NOT NULL,
  event_type  varchar(120) NOT NULL,
  topic       varchar(249) NOT NULL,
  partition   integer      NOT NULL,
  "offset"    bigint       NOT NULL,
  digest      bytea        NOT NULL,
  event_time  timestamptz  NOT NULL,
  subject     varchar(255),
  traceparent varchar(64),
  actor_id    bigint,
  received_at timestamptz  NOT NULL DEFAULT now(),

  CONSTRAINT communications_inbox_identity_key UNIQUE (source, event_id)
);
-- Rows arrive in the order of received_at, so block ranges are enough for the cleanup.
CREATE INDEX communications_inbox_received_at_idx ON communications_inbox USING brin (received_at);
COMMENT ON TABLE communications_inbox IS 'Every event seen, once; its row is inserted before anything is made of it.';
COMMENT ON COLUMN communications_inbox.topic IS 'Without KAFKA_TOPIC_PREFIX.';
COMMENT ON COLUMN communications_inbox.digest IS 'Keyed hash of the value: tells a duplicate from another event under the same identity.';
COMMENT ON COLUMN communications_inbox.subject IS 'ce_subject: the module''s own key, handed back in every status.';

CREATE TABLE communications_skip (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_ref     bigint       NOT NULL,
  rule          varchar(100) NOT NULL,
  recipient_key varchar(320),
  reason        varchar(30)  NOT NULL,
  detail        varchar(500),
  created_at    timestamptz  NOT NULL DEFAULT now(),

  CONSTRAINT communications_skip_identity_key UNIQUE NULLS NOT DISTINCT (event_ref, rule, recipient_key)
);
CREATE INDEX communications_skip_created_at_idx ON communications_skip USING brin (created_at);
COMMENT ON TABLE communications_skip IS 'What never became a message, and why.';
COMMENT ON COLUMN communications_skip.recipient_key IS 'Null: the rule as a whole.';

-- No index on until: it changes with every renewal, and would end heap-only updates.
CREATE TABLE communications_slot (
  rule       varchar(100) NOT NULL,
  key        bytea        NOT NULL,
  until      timestamptz,
  value      numeric,
  event_time timestamptz  NOT NULL,
  event_ref  bigint       NOT NULL,
  created_at timestamptz  NOT NULL DEFAULT now(),

  CONSTRAINT communications_slot_pkey PRIMARY KEY (rule, key)
) WITH (fillfactor = 80);
COMMENT ON TABLE communications_slot IS 'What is collapsed, sent once, or replaced by the newest.';
COMMENT ON COLUMN communications_slot.key IS 'Keyed hash where the key holds personal data.';
COMMENT ON COLUMN communications_slot.until IS 'Null: for ever.';
COMMENT ON COLUMN communications_slot.value IS 'Of newest-wins rules that compare a figure.';
COMMENT ON COLUMN communications_slot.event_ref IS 'Holder: its notifications are found in the logs by (event_ref, rule).';

CREATE TABLE communications_parked (
  id         uuid         PRIMARY KEY,
  event_ref  bigint       NOT NULL,
  rule       varchar(100) NOT NULL,
  wait_for   varchar(60)  NOT NULL,
  sealed     bytea        NOT NULL,
  expires_at timestamptz  NOT NULL,
  created_at timestamptz  NOT NULL DEFAULT now(),

  CONSTRAINT communications_parked_identity_key UNIQUE (event_ref, rule, wait_for)
);
CREATE INDEX communications_parked_wait_for_idx ON communications_parked (wait_for);
CREATE INDEX communications_parked_expires_at_idx ON communications_parked (expires_at);
-- Ciphertext doesn't compress: don't try.
ALTER TABLE communications_parked ALTER COLUMN sealed SET STORAGE EXTERNAL;
COMMENT ON TABLE communications_parked IS 'Rules that have no recipient yet, woken by the contact that they wait for.';
COMMENT ON COLUMN communications_parked.wait_for IS 'user:<id> or role:<ROLE>';

-- migrate:down
DROP TABLE communications_parked;
DROP TABLE communications_slot;
DROP TABLE communications_skip;
DROP TABLE communications_inbox;
