#!/usr/bin/env bash
# Prints the digest of the sources that a committed artifact is built from.
#   scripts/sources-digest.sh contracts   contracts/**/*.{rs,toml} and its Cargo.lock, but no tests
#   scripts/sources-digest.sh runtime     chain/runtime/** and the exact versions of its dependencies
# `make check-artifacts` compares it with the digest that was written when the artifact was built.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C

files() { # files <path>...: one "sha256  path" line a file, in a fixed order
    find "$@" \( -name target -o -name tests -o -path contracts/model \) -prune -o \
        -type f \( -name '*.rs' -o -name '*.toml' -o -name 'Cargo.lock' \) ! -name tests.rs -print |
        sort | xargs sha256sum
}

case "${1:-}" in
contracts)
    files contracts | sha256sum | cut -d' ' -f1
    ;;
runtime)
    # The root Cargo.lock also holds what only hosts use; the tree lists what the runtime links.
    tree=$(cargo tree --locked --quiet -p assent-runtime --no-default-features -e normal \
        --target wasm32v1-none --prefix none --format '{p}' | sed 's/ (.*//' | sort -u)
    { files chain/runtime; printf '%s\n' "$tree"; cat chain/specs/dev.template.json; sed -n '/^\[profile.runtime/,$p' Cargo.toml; } |
        sha256sum | cut -d' ' -f1
    ;;
*)
    echo "usage: $0 contracts|runtime" >&2
    exit 2
    ;;
esac
