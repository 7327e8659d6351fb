#!/usr/bin/env bash
# Looks at everything that is deployed without deploying it: the Dockerfile, docker-compose.yml, kubernetes/.
#   dev/deployment/check.sh
# Needs Python 3.9 or newer with venv, compose, and Go or a GOPROXY that names a module proxy. What it fetches stays in
# .cache/.
set -euo pipefail
cd "$(dirname "$0")/../.."

tools=.cache/deployment-tools
keda_version=v2.18.0
keda_sum=h1:ttR223fii/4QJ0YvtrhcWHaEoezByb/t5CeFopjl6EI=
failed=0

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
  if ! python3 -c 'import ensurepip, venv'; then
    echo 'Python 3.9 or newer with venv is needed for hadolint and the schemas of Kubernetes.' >&2
    echo 'Debian: apt-get install python3-venv' >&2
    exit 1
  fi
  rm -rf "$tools"
  python3 -m venv "$tools"
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
  local keda rc=0 files=(kubernetes/*.yaml)
  keda=$(python3 dev/deployment/keda-sources.py "$keda_version" "$keda_sum" .cache/keda) || rc=$?
  if [ "$rc" = 3 ]; then
    echo 'So nothing but test/unit/docs looks at kubernetes/scaled-object.yaml here. Install Go, or set GOPROXY.' >&2
    mapfile -t files < <(grep --files-without-match 'apiVersion: keda.sh/' "${files[@]}")
  elif [ "$rc" != 0 ]; then
    return 1
  fi
  "$tools/bin/python" dev/deployment/check-manifests.py "$keda" "${files[@]}"
}

install_tools
check 'Dockerfile' "$tools/bin/hadolint" Dockerfile
check 'docker-compose.yml' compose_config
check 'kubernetes' manifests
exit "$failed"
