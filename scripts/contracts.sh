#!/usr/bin/env bash
# Builds the contracts, and the fixtures that their tests need, to Wasm and writes
# contracts/artifacts: one .contract bundle each, code-hashes.json, and sources.sha256, the digest of
# what they were built from.
#   scripts/contracts.sh            build and write
#   scripts/contracts.sh --verify   copy the sources elsewhere, build them there in an empty target
#                                   directory, write nothing, and compare the code hashes
#
# Needs cargo-contract 5.0.3, which is installed when it is missing (10 minutes, with whatever Rust
# `cargo` is), and Rust 1.85, because the pallet refuses what later compilers make of a contract:
# rustup's, if it has a 1.85 toolchain with rust-src and clippy, or else Debian's packages, which are
# unpacked beside cargo-contract and do not touch the system's Rust. The first build takes about
# ten minutes on 2 cores, later ones one or two.
#   ASSENT_TOOLS                   where these tools are kept (default ~/.cache/assent/tools)
#   ASSENT_CONTRACTS_TARGET_DIR    target directory (default ~/.cache/assent/target-contracts)
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

contracts=(
    agreements carbon consent market participants reports rewards token
    fixtures/hostile-buyer fixtures/hostile-token fixtures/intruder fixtures/successor fixtures/twin
)
rust_minor=1.85
debian_version=1.85.0+dfsg3-1~deb12u3

cache=$assent_cache
tools=$assent_tools
out=contracts/artifacts
verify=
case "${1:-}" in
"") ;;
--verify) verify=1 ;;
*)
    echo "usage: $0 [--verify]" >&2
    exit 2
    ;;
esac
# What an outer cargo or shell has set for host builds must not reach the contracts.
unset CARGO RUSTC RUSTFLAGS CARGO_ENCODED_RUSTFLAGS RUSTC_WRAPPER RUSTC_WORKSPACE_WRAPPER RUSTUP_TOOLCHAIN RUSTC_BOOTSTRAP
mkdir -p "$tools"

command -v cc >/dev/null || need_packages "to build what runs while contracts are built" build-essential
need_cargo_contract
export CARGO_TARGET_DIR=${ASSENT_CONTRACTS_TARGET_DIR:-$cache/target-contracts}
sources=contracts
if [ -n "$verify" ]; then
    elsewhere=$(mktemp -d)
    trap 'rm -rf "$elsewhere"' EXIT
    cp -a contracts "$elsewhere/sources"
    sources=$elsewhere/sources
    export CARGO_TARGET_DIR=$elsewhere/target
fi

crate_of() { # crate_of <folder>: the name of its crate, and of what is built from it
    local name=${1##*/}
    echo "${name//-/_}"
}

rustup_toolchain() { # prints the name of rustup's 1.85, if it can build contracts
    local name sysroot
    command -v rustup >/dev/null || return 1
    name=$(rustup toolchain list 2>/dev/null | sed -nE "s/^($rust_minor[.-][^ ]*).*/\1/p" | head -n1)
    [ -n "$name" ] || return 1
    sysroot=$(rustc "+$name" --print sysroot)
    [ -d "$sysroot/lib/rustlib/src/rust/library" ] && [ -x "$sysroot/bin/cargo-clippy" ] && echo "$name"
}

if toolchain=$(rustup_toolchain); then
    export RUSTUP_TOOLCHAIN=$toolchain
elif command -v apt-get >/dev/null; then
    rust=$tools/rust-$rust_minor
    if [ ! -e "$rust/depends" ]; then
        echo "==> unpacking Debian's Rust $rust_minor into $rust"
        if ! unpack_packages "$rust" \
            {rustc-web,cargo-web,rust-web-src,rust-web-clippy,libstd-rust-web-1.85,libstd-rust-web-dev}="$debian_version"; then
            echo "error: apt has no rustc-web $debian_version and rustup has no $rust_minor toolchain. Run apt-get update, or: rustup toolchain install $rust_minor --profile minimal -c rust-src -c clippy" >&2
            exit 1
        fi
    fi
    mapfile -t libraries <"$rust/depends"
    need_packages "to build contracts with Debian's Rust $rust_minor" lld-19 "${libraries[@]}"
    mkdir -p "$rust/lld"
    # rustc looks for the linker by this name.
    ln -sfn /usr/bin/lld-19 "$rust/lld/rust-lld"
    export LD_LIBRARY_PATH=$rust/usr/lib/x86_64-linux-gnu
    check_libraries "$rust"
    # cargo searches its own home first for subcommands, unless that is in PATH: it comes last, so
    # that the clippy of this Rust is found and not rustup's.
    export PATH=$rust/usr/bin:$rust/lld:/usr/bin:/bin:${CARGO_HOME:-$HOME/.cargo}/bin
else
    echo "error: no Rust $rust_minor found. Run: rustup toolchain install $rust_minor --profile minimal -c rust-src -c clippy" >&2
    exit 1
fi
echo "==> building with $(rustc --version) and cargo-contract $cargo_contract_version"
cargo fetch --locked --quiet --manifest-path "$sources/Cargo.toml"

# In a workspace cargo-contract ignores the workspace's Cargo.lock and builds all dependencies anew
# for every contract. So it builds from a copy that is none, with the lock file beside each contract.
# The copy always lies in the same place: the absolute path of events/, interface/ and traits/ goes
# into the symbols' hashes, these into the order of functions, and so into the code hash.
stage=/tmp/assent-contracts-stage
if ! mkdir "$stage" 2>/dev/null; then
    echo "error: $stage exists: another build is running, or was killed. In the latter case remove it and run this again." >&2
    exit 1
fi
trap 'rm -rf "$stage" ${elsewhere:+"$elsewhere"}' EXIT
tar -C "$sources" --exclude=./Cargo.toml --exclude=./artifacts --exclude=./target -cf - . | tar -C "$stage" -xf -

number=0
for folder in "${contracts[@]}"; do
    number=$((number + 1))
    name=$(crate_of "$folder")
    echo "==> [$number/${#contracts[@]}] $name"
    cp "$sources/Cargo.lock" "$stage/$folder/Cargo.lock"
    # The metadata is only made anew when there is none, even if an event's documentation changed.
    rm -f "$CARGO_TARGET_DIR/ink/$name".{contract,json,wasm}
    "$cargo_contract" contract build --release --manifest-path "$stage/$folder/Cargo.toml"
done

mkdir -p "$out/fixtures"
hashes=()
failed=0
for folder in "${contracts[@]}"; do
    name=$(crate_of "$folder")
    bundle=$CARGO_TARGET_DIR/ink/$name.contract
    hash=$(sed -nE 's/^\{"source":\{"hash":"(0x[0-9a-f]{64})".*/\1/p' "$bundle")
    if [ -z "$hash" ]; then
        echo "error: no code hash in $bundle; was it built by cargo-contract $cargo_contract_version?" >&2
        exit 1
    fi
    if [ -n "$verify" ]; then
        if grep -q "\"$folder\": \"$hash\"" "$out/code-hashes.json"; then
            echo "same   $hash $folder"
        else
            echo "OTHER  $hash $folder" >&2
            failed=1
        fi
        continue
    fi
    cp "$bundle" "$out/$folder.contract"
    hashes+=("  \"$folder\": \"$hash\"")
done
if [ -n "$verify" ]; then
    [ "$failed" -eq 0 ] || echo "error: what was built here is not what is committed" >&2
    exit "$failed"
fi
{
    echo "{"
    (IFS=$'\n'; echo "${hashes[*]}" | sed '$!s/$/,/')
    echo "}"
} >"$out/code-hashes.json"
scripts/sources-digest.sh contracts >"$out/sources.sha256"
echo "==> wrote $out:"
cat "$out/code-hashes.json"
