-- A role that reads the view of failures and nothing else, for the data source of the dashboards. Run it after
-- "comms migrate", with the password from outside; again after "comms migrate down", which drops the view, and to
-- change the password. Who may: a superuser, or the owner of the database and its tables if it has CREATEROLE (from
-- PostgreSQL 16 on, only who made the role may change it again):
--   PGOPTIONS="-c communications.reader_password=$GRAFANA_DB_PASSWORD" psql "$DATABASE_URL" -f grafana/read-only-role.sql
DO $role$
DECLARE
  password text := current_setting('communications.reader_password', true);
BEGIN
  IF coalesce(password, '') = '' THEN
    RAISE EXCEPTION 'no password: give it as the setting communications.reader_password, by PGOPTIONS (see the head of this file)';
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'communications_reader') THEN
    CREATE ROLE communications_reader;
  END IF;
  EXECUTE format('ALTER ROLE communications_reader LOGIN CONNECTION LIMIT 5 PASSWORD %L', password);
  -- What a panel asks for is small; whatever isn't must not slow the queue down.
  ALTER ROLE communications_reader SET default_transaction_read_only = on;
  ALTER ROLE communications_reader SET statement_timeout = '10s';
  ALTER ROLE communications_reader SET idle_in_transaction_session_timeout = '10s';

  EXECUTE format('GRANT CONNECT ON DATABASE %I TO communications_reader', current_database());
  GRANT USAGE ON SCHEMA public TO communications_reader;
  REVOKE ALL ON ALL TABLES IN SCHEMA public FROM communications_reader;
  GRANT SELECT ON communications_failure TO communications_reader;
END
$role$;
