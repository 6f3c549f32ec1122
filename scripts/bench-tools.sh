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
# Not in the checkout, which stays as it is. Complete or not at all.
peer=e2e/src/bench/peer
installed=$assent_tools/bench-peer
if ! cmp -s "$peer/package-lock.json" "$installed/package-lock.json"; then
    echo "==> installing the peer's packages into $installed"
    rm -rf "$installed.part"
    mkdir -p "$installed.part"
    cp "$peer"/{package.json,package-lock.json,.npmrc} "$installed.part"
    if ! (cd "$installed.part" && npm ci --no-audit --no-fund --loglevel=error); then
        echo "==> its packages are not to be had: the peer from npm is left out"
        exit
    fi
    rm -rf "$installed"
    mv "$installed.part" "$installed"
fi
