#!/usr/bin/env bash
# Installs what the tests of contracts/examples and of the READMEs' commands need, where it is missing:
# Node.js with npm, jq, curl, openssl, cargo-contract, and the JavaScript packages, exactly those of the
# lock file.
#   ASSENT_TOOLS   where cargo-contract and the packages are kept (default ~/.cache/assent/tools)
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh
oldest_node=18

node_is_new_enough() {
    local major
    major=$(node --version 2>/dev/null | sed -nE 's/^v([0-9]+)\..*/\1/p')
    [ "${major:-0}" -ge "$oldest_node" ]
}

if ! node_is_new_enough; then
    need_packages "to run the JavaScript example" nodejs npm
    if ! node_is_new_enough; then
        echo "error: $(command -v node || echo "node (which is not in PATH)") is older than Node.js $oldest_node. Install a newer one from https://nodejs.org and run this again." >&2
        exit 1
    fi
fi
command -v npm >/dev/null || need_packages "to install the JavaScript example's packages" npm
for program in jq curl openssl; do
    command -v "$program" >/dev/null || need_packages "to run the commands of the READMEs" "$program"
done
need_cargo_contract

install_npm_packages contracts/examples/javascript javascript
