#!/usr/bin/env bash
# A part of the tests, and the service as it is built, on the other versions of Node that are promised:
#   dev/other-nodes.sh [version …]
# npx fetches them; nothing is installed.
set -euo pipefail
cd "$(dirname "$0")/.."

# Where Node itself matters: buffers, ciphers, compression, files; and all of it, built. The rest is plain JavaScript.
suites=(test/unit/{bus,channels,config,contracts,store} test/e2e/image.test.ts)

mine=$(node --print 'process.versions.node.split(".")[0]')
for version in ${*:-20 24}; do
  if [ "$version" = "$mine" ]; then continue; fi
  npx --yes --package "node@$version" -- bash -c '
    [ "$(node --print process.versions.node.split\(\".\"\)[0])" = "$0" ] || {
      echo "npx did not bring Node $0 but $(node --version)." >&2
      exit 1
    }
    echo "On Node $(node --version): what leans on Node, and the service as it is built for the image"
    exec node dev/with-dependencies.mjs dev/test.ts "$@"
  ' "$version" "${suites[@]}"
done
