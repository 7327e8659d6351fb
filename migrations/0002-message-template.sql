-- migrate:up
CREATE TABLE communications_message_template (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name             varchar(100) NOT NULL,
  type             varchar(20)  NOT NULL,
  subject          varchar(255) NOT NULL DEFAULT '',
  template_path    varchar(255) NOT NULL,
  description      text         NOT NULL DEFAULT '',
  version          integer      NOT NULL DEFAULT 1,
  is_active        boolean      NOT NULL DEFAULT true,
  created_at       timestamptz  NOT NULL DEFAULT now(),
  updated_at       timestamptz  NOT NULL DEFAULT now(),
  required_context jsonb        NOT NULL DEFAULT '[]',
  content_hash     varchar(64)  NOT NULL DEFAULT '',

  CONSTRAINT communications_message_template_name_key UNIQUE (name),
  CONSTRAINT communications_message_template_type_check CHECK (type IN ('EMAIL', 'SMS'))
);
COMMENT ON TABLE communications_message_template IS 'Follows the template files; only is_active belongs to people.';
COMMENT ON COLUMN communications_message_template.name IS '<module>_<name>, such as auth_otp';
COMMENT ON COLUMN communications_message_template.version IS 'Goes up by one when content_hash changes.';
COMMENT ON COLUMN communications_message_template.is_active IS 'false: what arrives is recorded as REJECTED, template_inactive.';
COMMENT ON COLUMN communications_message_template.required_context IS 'Names of the variables that the template uses.';

-- migrate:down
DROP TABLE communications_message_template;
