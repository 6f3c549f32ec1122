#!/usr/bin/env bash
# Checks for a Rust that is new enough and for the Debian packages that are needed (need_packages).
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

if ! command -v cargo >/dev/null; then
    echo "error: no Rust found. Install the stable toolchain from https://rustup.rs and run this again." >&2
    exit 1
fi
wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
found=$(rustc --version | cut -d' ' -f2)
if [ "$(printf '%s\n' "$wanted" "${found%%-*}" | sort -V | head -n1)" != "$wanted" ]; then
    echo "error: Rust $found is too old, $wanted or newer is needed. Run: rustup update stable" >&2
    exit 1
fi
# perl: a copy of OpenSSL is built from source for the network library.
need_packages "to build and run Assent" build-essential perl pkg-config protobuf-compiler clang postgresql util-linux
