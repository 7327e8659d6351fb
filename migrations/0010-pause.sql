-- migrate:up
CREATE TABLE communications_pause (
  what       varchar(50)  PRIMARY KEY,
  note       varchar(500) NOT NULL DEFAULT '',
  paused_by  varchar(100) NOT NULL,
  since      timestamptz  NOT NULL DEFAULT now()
);
COMMENT ON TABLE communications_pause IS 'What people let nothing be sent by until they say otherwise.';
COMMENT ON COLUMN communications_pause.what IS 'A channel, for whoever provides it, or a provider.';

-- migrate:down
DROP TABLE communications_pause;
