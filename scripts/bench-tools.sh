#!/usr/bin/env bash
# Installs the npm packages of the indexer that ours is measured beside (e2e/src/bench/peer), where Node.js
# and npm are there: exactly those of the lock file. Without them the bench leaves that part out.
#   ASSENT_TOOLS   where the packages are kept (default ~/.cache/assent/tools)
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "==> no Node.js with npm: the peer from npm is left out"
    exit
fi
if ! install_npm_packages e2e/src/bench/peer bench-peer; then
    echo "==> its packages are not to be had: the peer from npm is left out"
fi
