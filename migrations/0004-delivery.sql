-- migrate:up

-- Queues that are filled and emptied all day: without a fixed threshold the dead rows
-- outnumber the live ones before autovacuum looks, and every claim walks over them.
-- Half of each page stays free: neighbours are claimed together, and at 70 only 3 of 5 updates stayed heap-only.
CREATE TABLE communications_delivery (
  id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  notification_id    uuid         NOT NULL,
  channel            varchar(10)  NOT NULL,
  log_id             bigint       NOT NULL,
  event_ref          bigint       NOT NULL,
  priority           smallint     NOT NULL,
  due_at             timestamptz  NOT NULL,
  expires_at         timestamptz  NOT NULL,
  attempt            integer      NOT NULL DEFAULT 0,
  module             varchar(50)  NOT NULL,
  rule               varchar(100) NOT NULL,
  template           varchar(120) NOT NULL,
  template_version   integer      NOT NULL,
  provider           varchar(50)  NOT NULL,
  recipient          varchar(320) NOT NULL,
  sealed             bytea        NOT NULL,
  status_facts       jsonb        NOT NULL,
  sequence           integer      NOT NULL,
  last_status        varchar(20)  NOT NULL,
  possible_duplicate boolean      NOT NULL DEFAULT false,
  claimed_by         uuid,
  claimed_epoch      integer,
  claimed_at         timestamptz,
  claim_id           uuid,
  created_at         timestamptz  NOT NULL DEFAULT now(),

  CONSTRAINT communications_delivery_notification_id_key UNIQUE (notification_id),
  CONSTRAINT communications_delivery_last_status_check
    CHECK (last_status IN ('QUEUED', 'RETRYING', 'UNCONFIRMED', 'SENT', 'DELIVERED', 'OPENED', 'CLICKED',
                           'BOUNCED', 'COMPLAINED', 'FAILED', 'REJECTED', 'CANCELLED')),
  CONSTRAINT communications_delivery_priority_check CHECK (priority BETWEEN 0 AND 2),
  CONSTRAINT communications_delivery_claim_check
    CHECK (num_nulls(claimed_by, claimed_epoch, claimed_at, claim_id) IN (0, 4))
) WITH (
  fillfactor = 50,
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000,
  autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 10000,
  autovacuum_vacuum_cost_delay = 0,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 1000,
  toast.autovacuum_vacuum_cost_delay = 0
);
-- No claim column in an index, so that a claim stays a heap-only update.
CREATE INDEX communications_delivery_due_idx ON communications_delivery (priority, due_at, id);
CREATE INDEX communications_delivery_expires_at_idx ON communications_delivery (expires_at);
-- Ciphertext doesn't compress: don't try.
ALTER TABLE communications_delivery ALTER COLUMN sealed SET STORAGE EXTERNAL;
COMMENT ON TABLE communications_delivery IS 'What is still to be delivered; the row goes when the notification is settled.';
COMMENT ON COLUMN communications_delivery.log_id IS 'In the log table of the channel.';
COMMENT ON COLUMN communications_delivery.attempt IS 'Attempts claimed so far.';
COMMENT ON COLUMN communications_delivery.template IS 'Path form, such as auth/otp.';
COMMENT ON COLUMN communications_delivery.sealed IS 'Context of the message, AES-256-GCM.';
COMMENT ON COLUMN communications_delivery.status_facts IS 'What every DeliveryStatus of it repeats; no secrets, masked recipient.';
COMMENT ON COLUMN communications_delivery.sequence IS 'Of the last DeliveryStatus written.';
COMMENT ON COLUMN communications_delivery.claimed_epoch IS 'Of the worker.';
COMMENT ON COLUMN communications_delivery.claim_id IS 'New with each claim; a result or a release under another one is refused.';

CREATE TABLE communications_outbox (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic      varchar(249) NOT NULL,
  key        bytea,
  value      bytea        NOT NULL,
  subject    varchar(255),
  headers    jsonb        NOT NULL,
  created_at timestamptz  NOT NULL DEFAULT now()
) WITH (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000,
  autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 10000,
  autovacuum_vacuum_cost_delay = 0,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 1000,
  toast.autovacuum_vacuum_cost_delay = 0
);
-- Topic first: a backlog of one must not be read through to find that another has nothing.
CREATE INDEX communications_outbox_topic_idx ON communications_outbox (topic, id);
COMMENT ON TABLE communications_outbox IS 'What is to be published, lowest id first; the row goes when the broker has acknowledged it.';
COMMENT ON COLUMN communications_outbox.topic IS 'Without KAFKA_TOPIC_PREFIX.';
COMMENT ON COLUMN communications_outbox.subject IS 'Set when value is an Avro body that still wants the registry''s id in front.';
COMMENT ON COLUMN communications_outbox.headers IS 'Name to base64.';

CREATE TABLE communications_worker (
  id          uuid         NOT NULL,
  epoch       integer      NOT NULL,
  instance    varchar(120) NOT NULL,
  connections integer      NOT NULL,
  started_at  timestamptz  NOT NULL DEFAULT now(),
  beat_at     timestamptz  NOT NULL DEFAULT now(),
  dead_at     timestamptz,

  CONSTRAINT communications_worker_pkey PRIMARY KEY (id, epoch)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);
COMMENT ON TABLE communications_worker IS 'Who delivers; without a beat for some seconds its claims are free.';
COMMENT ON COLUMN communications_worker.connections IS 'Most claims it can hold at once.';
COMMENT ON COLUMN communications_worker.dead_at IS 'Declared dead: it claims and records nothing more under this epoch, and goes when its claims are freed.';

-- migrate:down
DROP TABLE communications_worker;
DROP TABLE communications_outbox;
DROP TABLE communications_delivery;
