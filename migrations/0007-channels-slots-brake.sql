-- migrate:up

-- The story of a message, in the row that is rewritten with every step anyway: no second table to insert into.
ALTER TABLE communications_email_log
  ADD COLUMN history jsonb    NOT NULL DEFAULT '[]',
  ADD COLUMN resend  smallint NOT NULL DEFAULT 0,
  DROP CONSTRAINT communications_email_log_identity_key,
  ADD CONSTRAINT communications_email_log_identity_key UNIQUE (event_ref, rule, recipient_key, resend);
ALTER TABLE communications_sms_log
  ADD COLUMN history jsonb    NOT NULL DEFAULT '[]',
  ADD COLUMN resend  smallint NOT NULL DEFAULT 0,
  DROP CONSTRAINT communications_sms_log_identity_key,
  ADD CONSTRAINT communications_sms_log_identity_key UNIQUE (event_ref, rule, recipient_key, resend);
-- For the day when that user is gone.
CREATE INDEX communications_email_log_recipient_id_idx ON communications_email_log (recipient_id)
  WHERE recipient_id IS NOT NULL;
CREATE INDEX communications_sms_log_recipient_id_idx ON communications_sms_log (recipient_id)
  WHERE recipient_id IS NOT NULL;
COMMENT ON COLUMN communications_email_log.history IS 'What held it, and every status after the first, oldest first, with its answer; of very many the first and the last.';
COMMENT ON COLUMN communications_email_log.resend IS 'How often an operator has sent it again: 0 is the message that the event led to.';
COMMENT ON COLUMN communications_sms_log.history IS 'As in communications_email_log.';
COMMENT ON COLUMN communications_sms_log.resend IS 'As in communications_email_log.';

-- A build that knows nothing of channels would claim a text message as an e-mail and write its result to whichever
-- e-mail has that log id. Under this name it finds no column to claim by, and waits until it is replaced.
ALTER TABLE communications_delivery RENAME COLUMN template TO template_path;
-- Channel first: each has connections, and so claims, of its own.
DROP INDEX communications_delivery_due_idx;
CREATE INDEX communications_delivery_due_idx ON communications_delivery (channel, priority, due_at, id);
CREATE INDEX communications_delivery_held_idx ON communications_delivery (rule)
  WHERE due_at = 'infinity' AND last_status <> 'FAILED';
COMMENT ON COLUMN communications_delivery.due_at IS 'Infinity: waits for people, after a failure (last_status FAILED) or held by the brake.';

ALTER TABLE communications_skip
  ADD COLUMN channel varchar(10),
  DROP CONSTRAINT communications_skip_identity_key,
  ADD CONSTRAINT communications_skip_identity_key
    UNIQUE NULLS NOT DISTINCT (event_ref, rule, recipient_key, channel);
COMMENT ON COLUMN communications_skip.channel IS 'Null: all of them.';

CREATE TABLE communications_brake (
  rule       varchar(100) NOT NULL,
  key        bytea        NOT NULL,
  window_end timestamptz  NOT NULL,
  messages   integer      NOT NULL,

  CONSTRAINT communications_brake_pkey PRIMARY KEY (rule, key)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
COMMENT ON TABLE communications_brake IS 'How many messages a rule, and a rule to one person, has led to in the running window.';
COMMENT ON COLUMN communications_brake.key IS 'Empty: the rule as a whole; else a keyed hash of recipient and channel.';

-- migrate:down
DROP TABLE communications_brake;
DELETE FROM communications_skip a USING communications_skip b
 WHERE a.event_ref = b.event_ref AND a.rule = b.rule AND a.recipient_key IS NOT DISTINCT FROM b.recipient_key
   AND a.id > b.id;
ALTER TABLE communications_skip
  DROP CONSTRAINT communications_skip_identity_key,
  DROP COLUMN channel,
  ADD CONSTRAINT communications_skip_identity_key UNIQUE NULLS NOT DISTINCT (event_ref, rule, recipient_key);
ALTER TABLE communications_delivery RENAME COLUMN template_path TO template;
DROP INDEX communications_delivery_held_idx;
DROP INDEX communications_delivery_due_idx;
CREATE INDEX communications_delivery_due_idx ON communications_delivery (priority, due_at, id);
COMMENT ON COLUMN communications_delivery.due_at IS NULL;
DROP INDEX communications_sms_log_recipient_id_idx;
DROP INDEX communications_email_log_recipient_id_idx;
-- What the build before can't tell from the first sending, or from an e-mail.
DELETE FROM communications_delivery WHERE channel <> 'email' OR notification_id IN (
  SELECT notification_id FROM communications_email_log WHERE resend > 0);
DELETE FROM communications_sms_log WHERE resend > 0;
DELETE FROM communications_email_log WHERE resend > 0;
ALTER TABLE communications_sms_log
  DROP CONSTRAINT communications_sms_log_identity_key,
  DROP COLUMN history, DROP COLUMN resend,
  ADD CONSTRAINT communications_sms_log_identity_key UNIQUE (event_ref, rule, recipient_key);
ALTER TABLE communications_email_log
  DROP CONSTRAINT communications_email_log_identity_key,
  DROP COLUMN history, DROP COLUMN resend,
  ADD CONSTRAINT communications_email_log_identity_key UNIQUE (event_ref, rule, recipient_key);
