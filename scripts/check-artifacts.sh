#!/usr/bin/env bash
# Fails when contracts or runtime changed and what is built from them was not rebuilt, or when a
# committed bundle is not the one whose hash is listed.
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0

check() { # check <name> <committed digest file> <make target>
    local now then
    now=$(scripts/sources-digest.sh "$1")
    then=$(cat "$2")
    if [ "$now" != "$then" ]; then
        echo "error: the sources of the $1 changed ($now) since they were built ($then). Run: make $3" >&2
        failed=1
    fi
}
check contracts contracts/artifacts/sources.sha256 contracts
check runtime chain/specs/sources.sha256 runtime

while read -r name hash; do
    bundle=contracts/artifacts/$name.contract
    if ! grep -q "\"hash\": *\"$hash\"" "$bundle"; then
        echo "error: $bundle does not carry the code hash $hash that code-hashes.json lists. Run: make contracts" >&2
        failed=1
    fi
done < <(sed -nE 's/^ *"([a-z/-]+)": "(0x[0-9a-f]{64})",?$/\1 \2/p' contracts/artifacts/code-hashes.json)
[ "$failed" -eq 0 ] && echo "==> bundles and runtime are built from these sources"
exit "$failed"
