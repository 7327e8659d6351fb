#!/usr/bin/env bash
# The tests of what runs in the image, by itself and built, on the other versions of Node that are promised:
#   dev/other-nodes.sh [version …]
# npx fetches them; nothing is installed.
set -euo pipefail
cd "$(dirname "$0")/.."

# Those of tools and documents need no second run.
suites=()
for folder in src/*/; do
  suite=test/unit/$(basename "$folder")
  if [ -d "$suite" ] && [ "$suite" != test/unit/codegen ]; then suites+=("$suite"); fi
done

mine=$(node --print 'process.versions.node.split(".")[0]')
for version in ${*:-20 24}; do
  if [ "$version" = "$mine" ]; then continue; fi
  npx --yes --package "node@$version" -- bash -c '
    [ "$(node --print process.versions.node.split\(\".\"\)[0])" = "$0" ] || {
      echo "npx did not bring Node $0 but $(node --version)." >&2
      exit 1
    }
    echo "On Node $(node --version): the unit tests of src/, and the service as it is built for the image"
    exec node dev/with-dependencies.mjs dev/test.ts "$@"
  ' "$version" "${suites[@]}" test/e2e/image.test.ts
done
