#!/usr/bin/env bash
# Formatting, clippy with warnings denied, and the licences and sources of all dependencies, of both
# workspaces. The first time it checks what the node depends on, once more than the tests' build does;
# afterwards only what has changed. Where clippy compiles all anyway, as in .ci/run, that is left to it.
#   ASSENT_TOOLS   where cargo-deny is kept (default ~/.cache/assent/tools)
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh
export CARGO_TERM_PROGRESS_WHEN=${CARGO_TERM_PROGRESS_WHEN:-never}

for component in cargo-fmt cargo-clippy; do
    if ! command -v "$component" >/dev/null; then
        echo "error: $component is missing. Run: rustup component add ${component#cargo-}" >&2
        exit 1
    fi
done
for manifest in Cargo.toml contracts/Cargo.toml; do
    echo "==> formatting, $manifest"
    cargo fmt --check --all --manifest-path "$manifest"
done
need_cargo_deny
for manifest in Cargo.toml contracts/Cargo.toml; do
    echo "==> licences, sources and bans, $manifest"
    "$cargo_deny" --locked --manifest-path "$manifest" --config deny.toml --log-level error \
        check bans licenses sources
done
if [ "${RUSTC_WORKSPACE_WRAPPER:-}" = clippy-driver ]; then
    echo "==> clippy: it is the compiler of what is built and tested next"
else
    for manifest in Cargo.toml contracts/Cargo.toml; do
        echo "==> clippy, $manifest"
        cargo clippy --locked --quiet --manifest-path "$manifest" --workspace --all-targets -- -D warnings
    done
fi
echo "==> the client's offline half, without subxt"
offline=(--locked --package assent-client --no-default-features)
cargo clippy "${offline[@]}" --quiet -- -D warnings
if cargo tree "${offline[@]}" --edges normal --prefix none | grep -E '^subxt v'; then
    echo "error: assent-client links subxt without its feature online" >&2
    exit 1
fi
