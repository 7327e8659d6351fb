-- migrate:up
CREATE TABLE communications_contact (
  user_id        bigint       PRIMARY KEY,
  name           text,
  email          varchar(254),
  email_verified boolean      NOT NULL DEFAULT false,
  phone          varchar(20),
  other_phones   jsonb        NOT NULL DEFAULT '[]',
  role           varchar(50),
  department     varchar(100),
  active         boolean      NOT NULL DEFAULT true,
  approved       boolean      NOT NULL DEFAULT false,
  locale         varchar(35),
  timezone       varchar(64),
  updated_at     timestamptz  NOT NULL,
  deleted_at     timestamptz
);
CREATE INDEX communications_contact_role_idx ON communications_contact (role)
  WHERE active AND approved AND deleted_at IS NULL;
COMMENT ON TABLE communications_contact IS 'Latest profile of each user, from profile.updated.';
COMMENT ON COLUMN communications_contact.phone IS 'E.164';
COMMENT ON COLUMN communications_contact.updated_at IS 'The profile''s own time; an older profile never replaces a newer one.';
COMMENT ON COLUMN communications_contact.deleted_at IS 'The person is gone and the personal columns are null; the row stays so that a late profile can''t bring them back.';

-- migrate:down
DROP TABLE communications_contact;
