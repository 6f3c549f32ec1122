#!/usr/bin/env bash
# Builds the runtime's Wasm from source and writes it into the chain specs (chain/specs).
#
# Needs a Rust that can build for wasm32v1-none: rustup's stable with that target, or else Debian's
# rustc-web, cargo-web, rust-web-src and lld, whose standard library is built along.
# The node makes the first state of the chain with it: `make runtime` builds that before.
#   ASSENT_CACHE   where the target directory lives (default ~/.cache/assent)
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
node=$(realpath -m "${CARGO_TARGET_DIR:-target}/debug/assent-node")
[ -x "$node" ] || { echo "error: there is no node at $node. Run: make runtime" >&2; exit 1; }
cache=${ASSENT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/assent}
export CARGO_TARGET_DIR=${ASSENT_RUNTIME_TARGET_DIR:-$cache/target-runtime}
target=wasm32v1-none
out=chain/specs
build_std=()

if command -v rustup >/dev/null && rustup target list --installed 2>/dev/null | grep -qx "$target"; then
    echo "==> building with rustup's $(rustc --version)"
else
    . scripts/lib.sh
    need_packages "to build the runtime" rustc-web cargo-web rust-web-src lld-22 zstd
    # Debian ships no standard library for this target: cargo builds it from rust-web-src, and
    # finds the linker under the name that rustc expects.
    mkdir -p "$cache/bin-runtime"
    ln -sf /usr/bin/lld-22 "$cache/bin-runtime/rust-lld"
    export PATH=$cache/bin-runtime:/usr/bin:/bin RUSTC_BOOTSTRAP=1
    build_std=(-Zbuild-std=core,alloc)
    echo "==> building with Debian's $(rustc --version)"
fi

# Paths of this machine must not reach the Wasm: the result is the same in every folder.
cargo_home=${CARGO_HOME:-$HOME/.cargo}
sysroot=$(rustc --print sysroot)
export RUSTFLAGS="-Clink-arg=--export-table -Clink-arg=--export=__heap_base -Clink-arg=--import-memory \
--cfg=substrate_runtime --remap-path-prefix=$root=/assent --remap-path-prefix=$cargo_home=/cargo \
--remap-path-prefix=$sysroot=/rust --remap-path-prefix=$CARGO_TARGET_DIR=/target"
cargo rustc --locked -p assent-runtime --lib --crate-type cdylib --no-default-features \
    --profile runtime --target "$target" "${build_std[@]}"
unset RUSTFLAGS
wasm=$CARGO_TARGET_DIR/$target/runtime/assent_runtime.wasm

# The compressed form that nodes understand: eight magic bytes, then zstd (sp-maybe-compressed-blob).
blob=$CARGO_TARGET_DIR/assent_runtime.compressed.wasm
{ printf '\x52\xbc\x53\x76\x46\xdb\x8e\x05'; zstd -19 -q -c "$wasm"; } >"$blob"
echo "==> runtime: $(stat -c %s "$wasm") bytes, $(stat -c %s "$blob") compressed"

# The code goes in by text: a JSON tool would rewrite the balances as floating-point numbers.
plain=$CARGO_TARGET_DIR/dev.json
{
    sed -n '/"code": "0x"/q;p' "$out/dev.template.json"
    printf '      "code": "0x'
    od -An -v -tx1 "$blob" | tr -d ' \n'
    printf '",\n'
    sed '1,/"code": "0x"/d' "$out/dev.template.json"
} >"$plain"
# As state, not as what to make it of: a node would compile the runtime for that at every start.
"$node" export-chain-spec --chain "$plain" --raw --output "$out/dev.json.new"
mv "$out/dev.json.new" "$out/dev.json"
sha256sum "$wasm" | cut -d' ' -f1 >"$out/runtime.wasm.sha256"
scripts/sources-digest.sh runtime >"$out/sources.sha256"
echo "==> wrote $out/dev.json"
