-- migrate:up
CREATE TABLE communications_dead_letter (
  id          uuid         PRIMARY KEY,
  topic       varchar(249) NOT NULL,
  partition   integer      NOT NULL,
  "offset"    bigint       NOT NULL,
  rule        varchar(100) NOT NULL DEFAULT '',
  reason      varchar(30)  NOT NULL,
  detail      text         NOT NULL DEFAULT '',
  sealed      bytea        NOT NULL,
  headers     jsonb        NOT NULL DEFAULT '{}',
  event_type  varchar(120) NOT NULL,
  source      varchar(255),
  event_id    varchar(255),
  record_time timestamptz  NOT NULL,
  created_at  timestamptz  NOT NULL DEFAULT now(),
  retried_at  timestamptz,
  resolved_at timestamptz,
  note        text,

  -- With record_time: a topic that was made anew counts its offsets from 0 again.
  CONSTRAINT communications_dead_letter_identity_key UNIQUE (topic, partition, "offset", record_time, rule),
  CONSTRAINT communications_dead_letter_reason_check
    CHECK (reason IN ('undecodable', 'unknown_schema', 'schema_mismatch', 'empty_value', 'too_large',
                      'mapping_error', 'unstorable', 'event_id_conflict', 'no_rule'))
);
CREATE INDEX communications_dead_letter_open_idx ON communications_dead_letter (created_at)
  WHERE resolved_at IS NULL;
-- Ciphertext doesn't compress: don't try.
ALTER TABLE communications_dead_letter ALTER COLUMN sealed SET STORAGE EXTERNAL;
COMMENT ON TABLE communications_dead_letter IS 'Events, or single rules of an event, that could not become rows.';
COMMENT ON COLUMN communications_dead_letter.topic IS 'Without KAFKA_TOPIC_PREFIX.';
COMMENT ON COLUMN communications_dead_letter.rule IS 'Empty: the whole event.';
COMMENT ON COLUMN communications_dead_letter.sealed IS 'Key, value, headers and timestamp of the record, AES-256-GCM: they may hold secrets.';
COMMENT ON COLUMN communications_dead_letter.headers IS 'Only those that cannot hold secrets.';
COMMENT ON COLUMN communications_dead_letter.note IS 'Why a person closed it without its being taken in.';
COMMENT ON COLUMN communications_dead_letter.record_time IS 'Timestamp of the record, from 1970 to 9999; what it was is in sealed.';

-- migrate:down
DROP TABLE communications_dead_letter;
