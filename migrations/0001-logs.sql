-- migrate:up

-- event_ref has no foreign key: the inbox is cleaned long before the logs.
CREATE TABLE communications_email_log (
  id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recipient           varchar(254) NOT NULL,
  cc                  jsonb,
  bcc                 jsonb,
  subject             varchar(255) NOT NULL,
  template            varchar(100) NOT NULL,
  sent_by             bigint,
  sent_at             timestamptz  NOT NULL DEFAULT now(),
  delivered_at        timestamptz,
  opened_at           timestamptz,
  clicked_at          timestamptz,
  status              varchar(20)  NOT NULL DEFAULT 'PENDING',
  error_message       text         NOT NULL DEFAULT '',
  retry_count         integer      NOT NULL DEFAULT 0,
  context_data        jsonb,
  provider            varchar(50)  NOT NULL,
  provider_message_id varchar(255) NOT NULL DEFAULT '',

  notification_id     uuid         NOT NULL,
  event_ref           bigint       NOT NULL,
  rule                varchar(100) NOT NULL,
  recipient_key       varchar(320) NOT NULL,
  recipient_id        bigint,
  reason              varchar(30),
  priority            smallint     NOT NULL,
  template_version    integer      NOT NULL DEFAULT 1,
  attempts            integer      NOT NULL DEFAULT 0,
  sequence            integer      NOT NULL DEFAULT 0,
  last_status         varchar(20)  NOT NULL,
  possible_duplicate  boolean      NOT NULL DEFAULT false,
  accepted_at         timestamptz,
  finished_at         timestamptz,

  CONSTRAINT communications_email_log_notification_id_key UNIQUE (notification_id),
  CONSTRAINT communications_email_log_identity_key UNIQUE (event_ref, rule, recipient_key),
  CONSTRAINT communications_email_log_status_check
    CHECK (status IN ('PENDING', 'SENT', 'FAILED', 'BOUNCED', 'REJECTED')),
  CONSTRAINT communications_email_log_last_status_check
    CHECK (last_status IN ('QUEUED', 'RETRYING', 'UNCONFIRMED', 'SENT', 'DELIVERED', 'OPENED', 'CLICKED',
                           'BOUNCED', 'COMPLAINED', 'FAILED', 'REJECTED', 'CANCELLED')),
  CONSTRAINT communications_email_log_priority_check CHECK (priority BETWEEN 0 AND 2)
);
-- The first three also serve look-ups by their first column alone.
CREATE INDEX communications_email_log_recipient_idx ON communications_email_log (recipient, sent_at DESC);
CREATE INDEX communications_email_log_status_idx ON communications_email_log (status, sent_at DESC);
CREATE INDEX communications_email_log_template_idx ON communications_email_log (template, sent_at DESC);
CREATE INDEX communications_email_log_sent_at_idx ON communications_email_log (sent_at);
-- For the day when that user is gone.
CREATE INDEX communications_email_log_sent_by_idx ON communications_email_log (sent_by) WHERE sent_by IS NOT NULL;

COMMENT ON TABLE communications_email_log IS 'One row per e-mail; what never became a message is in communications_skip.';
COMMENT ON COLUMN communications_email_log.subject IS 'As rendered, secrets masked.';
COMMENT ON COLUMN communications_email_log.sent_by IS 'User who caused it; null once that user is gone.';
COMMENT ON COLUMN communications_email_log.sent_at IS 'Accepted for sending (set at insert, so failed ones have it); the provider''s yes is accepted_at.';
COMMENT ON COLUMN communications_email_log.context_data IS 'Variables of the template; SECRET and PII values masked.';
COMMENT ON COLUMN communications_email_log.event_ref IS 'communications_inbox.id, which may be cleaned away.';
COMMENT ON COLUMN communications_email_log.rule IS 'module/rule';
COMMENT ON COLUMN communications_email_log.recipient_key IS 'user:<id>, else mail:<lower-case address>, else tel:<E.164>';
COMMENT ON COLUMN communications_email_log.priority IS '0 high, 1 medium, 2 low';
COMMENT ON COLUMN communications_email_log.sequence IS 'Of the last DeliveryStatus; from 1, without gaps.';
COMMENT ON COLUMN communications_email_log.last_status IS 'Of the last DeliveryStatus; finer than status.';
COMMENT ON COLUMN communications_email_log.possible_duplicate IS 'An attempt''s answer was lost and it was sent again.';
COMMENT ON COLUMN communications_email_log.accepted_at IS 'The provider took it.';
COMMENT ON COLUMN communications_email_log.finished_at IS 'Settled: nothing but a receipt follows.';

CREATE TABLE communications_sms_log (
  id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  phone_number        varchar(20)  NOT NULL,
  message             text         NOT NULL,
  template            varchar(100) NOT NULL,
  sent_by             bigint,
  sent_at             timestamptz  NOT NULL DEFAULT now(),
  delivered_at        timestamptz,
  status              varchar(20)  NOT NULL DEFAULT 'PENDING',
  error_message       text         NOT NULL DEFAULT '',
  retry_count         integer      NOT NULL DEFAULT 0,
  provider            varchar(50)  NOT NULL,
  provider_message_id varchar(255) NOT NULL DEFAULT '',
  cost                numeric(10, 2),
  currency            varchar(3),

  notification_id     uuid         NOT NULL,
  event_ref           bigint       NOT NULL,
  rule                varchar(100) NOT NULL,
  recipient_key       varchar(320) NOT NULL,
  recipient_id        bigint,
  reason              varchar(30),
  priority            smallint     NOT NULL,
  template_version    integer      NOT NULL DEFAULT 1,
  attempts            integer      NOT NULL DEFAULT 0,
  sequence            integer      NOT NULL DEFAULT 0,
  last_status         varchar(20)  NOT NULL,
  possible_duplicate  boolean      NOT NULL DEFAULT false,
  accepted_at         timestamptz,
  finished_at         timestamptz,

  CONSTRAINT communications_sms_log_notification_id_key UNIQUE (notification_id),
  CONSTRAINT communications_sms_log_identity_key UNIQUE (event_ref, rule, recipient_key),
  CONSTRAINT communications_sms_log_status_check
    CHECK (status IN ('PENDING', 'SENT', 'DELIVERED', 'FAILED', 'UNDELIVERED')),
  CONSTRAINT communications_sms_log_last_status_check
    CHECK (last_status IN ('QUEUED', 'RETRYING', 'UNCONFIRMED', 'SENT', 'DELIVERED', 'OPENED', 'CLICKED',
                           'BOUNCED', 'COMPLAINED', 'FAILED', 'REJECTED', 'CANCELLED')),
  CONSTRAINT communications_sms_log_priority_check CHECK (priority BETWEEN 0 AND 2)
);
CREATE INDEX communications_sms_log_phone_number_idx ON communications_sms_log (phone_number, sent_at DESC);
CREATE INDEX communications_sms_log_status_idx ON communications_sms_log (status, sent_at DESC);
CREATE INDEX communications_sms_log_sent_by_idx ON communications_sms_log (sent_by) WHERE sent_by IS NOT NULL;

COMMENT ON TABLE communications_sms_log IS 'One row per SMS; columns as in communications_email_log.';
COMMENT ON COLUMN communications_sms_log.message IS 'As sent, secrets masked.';
COMMENT ON COLUMN communications_sms_log.cost IS 'What the provider charged, in currency.';
COMMENT ON COLUMN communications_sms_log.currency IS 'ISO 4217';

-- migrate:down
DROP TABLE communications_sms_log;
DROP TABLE communications_email_log;
