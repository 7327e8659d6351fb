#!/bin/sh
# Makes what docker-compose.yml must not hold, each once, into volumes that only its readers are given.
# POSTGRES_PASSWORD, if set at the first start, is taken instead of a random one.
set -eu

random() { head -c 24 /dev/urandom | base64 | tr '+/' '-_'; }

# Writes standard input to a file, unless it is there: whoever holds data sealed or locked with it needs it again.
once() {
  if [ -s "$1" ]; then return; fi
  cat > "$1.new"
  chmod 0444 "$1.new"
  mv "$1.new" "$1"
}

cd /secrets
printf %s "${POSTGRES_PASSWORD:-$(random)}" | once postgres/password
password=$(cat postgres/password)
case $password in
  *[!A-Za-z0-9_-]*)
    rm postgres/password
    echo 'POSTGRES_PASSWORD becomes part of a URL: use letters, digits, - and _ only, and start again.' >&2
    exit 1
    ;;
esac
random | tr -d '\n' | once reader/password
random | tr -d '\n' | once grafana/admin-password
echo "REGISTRY_DATASOURCE_PASSWORD=$password" | once registry/registry.properties
once communications/.env <<END
DATABASE_URL=postgres://chesanto:$password@postgres:5432/communications
PAYLOAD_KEYS=k1:$(head -c 32 /dev/urandom | base64)
END
