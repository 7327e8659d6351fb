-- migrate:up

-- For eyes on a dashboard: what failed, for whom only as far as a colleague needs to recognise it. Masks as
-- src/domain/mask.ts does; an answer of a provider may quote anybody, so every address and number in it goes,
-- save for a reply code.
CREATE VIEW communications_failure WITH (security_barrier) AS
WITH failed AS (
  SELECT 'email' AS channel, CASE
           WHEN recipient ~ '^.+@[[:alnum:].-]+$'
           THEN coalesce(substring(recipient FROM '^[[:alnum:]]'), '') || '***@' || substring(recipient FROM '[^@]+$')
           ELSE '***'
         END AS recipient,
         sent_at, finished_at, rule, template, priority, last_status, reason, error_message, provider, attempts,
         possible_duplicate, notification_id
    FROM communications_email_log
   WHERE status IN ('FAILED', 'BOUNCED', 'REJECTED') AND last_status <> 'CANCELLED'
  UNION ALL
  SELECT 'sms', CASE
           WHEN length(regexp_replace(phone_number, '\D', '', 'g')) < 7 THEN '***'
           WHEN length(regexp_replace(phone_number, '\D', '', 'g')) < 11
           THEN '***' || right(regexp_replace(phone_number, '\D', '', 'g'), 3)
           ELSE coalesce(substring(phone_number FROM '^\s*(\+)'), '')
             || left(regexp_replace(phone_number, '\D', '', 'g'), 4) || '***'
             || right(regexp_replace(phone_number, '\D', '', 'g'), 3)
         END,
         sent_at, finished_at, rule, template, priority, last_status, reason, error_message, provider, attempts,
         possible_duplicate, notification_id
    FROM communications_sms_log
   WHERE status IN ('FAILED', 'UNDELIVERED') AND last_status <> 'CANCELLED'
)
SELECT coalesce(finished_at, sent_at) AS ended_at,
       sent_at AS begun_at,
       channel,
       split_part(rule, '/', 1) AS module,
       rule,
       template,
       (ARRAY['high', 'medium', 'low'])[priority + 1] AS priority,
       recipient,
       last_status AS status,
       coalesce(reason, '') AS reason,
       regexp_replace(
         regexp_replace(
           regexp_replace(error_message, '([a-z][a-z0-9+.-]{0,30}://)(?:[^\s/?#]*@)?([^\s/?#<>"''`]+)[^\s<>"''`]*', '\1\2', 'gi'),
           '(?:"(?:[^"\\]|\\.){1,64}"|[^\s<>"''`(),:;\[\]\\]*)(?:@|＠|%40)[^\s<>"''`(),:;\[\]\\]*', '(address)', 'gi'),
         '(?<!\d)(?![245]\d\d[ -][245]\.\d{1,3}\.\d{1,3}(?!\d))(?:\+|\((?=\d{1,4}\)))?\d(?:[ ./()-]{0,3}\d){6,}', '(number)', 'g') AS answer,
       provider,
       attempts,
       possible_duplicate,
       notification_id
  FROM failed;
COMMENT ON VIEW communications_failure IS 'Messages that failed, came back or were refused, without an address in clear; what people cancelled is none. For grafana/read-only-role.sql.';
COMMENT ON COLUMN communications_failure.recipient IS 'Masked.';
COMMENT ON COLUMN communications_failure.answer IS 'What the provider, or we, said of it; addresses, numbers and the telling parts of links taken out.';

-- migrate:down
DROP VIEW communications_failure;
