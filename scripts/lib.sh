# What the scripts share.

assent_cache=${XDG_CACHE_HOME:-$HOME/.cache}/assent
# Tools that are not Debian packages.
assent_tools=${ASSENT_TOOLS:-$assent_cache/tools}
cargo_contract=$assent_tools/bin/cargo-contract
cargo_contract_version=5.0.3

# need_packages <why> <package>...: installs the Debian packages that are missing, and says so.
need_packages() {
    local why=$1 missing=() package
    shift
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    if ! command -v apt-get >/dev/null; then
        echo "error: missing $why: ${missing[*]} (Debian's names). Install them with your package manager and run this again." >&2
        return 1
    fi
    local sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true 2>/dev/null; then
            echo "error: missing $why: ${missing[*]}. Run: sudo apt-get install ${missing[*]}" >&2
            return 1
        fi
        sudo=(sudo)
    fi
    echo "==> installing $why: ${missing[*]}"
    if ! { "${sudo[@]}" apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; }; then
        echo "error: could not install ${missing[*]}. Run: apt-get install ${missing[*]}" >&2
        return 1
    fi
}

# need_cargo_contract: installs cargo-contract as $cargo_contract when it is missing there.
need_cargo_contract() {
    if "$cargo_contract" --version 2>/dev/null | grep -qF " $cargo_contract_version-"; then
        return
    fi
    echo "==> installing cargo-contract $cargo_contract_version into $assent_tools (about 10 minutes on 2 cores)"
    # What an outer cargo has set for its own build must not reach this one.
    if ! env -u CARGO -u RUSTC -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS -u RUSTC_WRAPPER \
        CARGO_TARGET_DIR="$assent_cache/target-tools" cargo install cargo-contract \
        --version "$cargo_contract_version" --locked --force --root "$assent_tools"; then
        echo "error: could not install cargo-contract $cargo_contract_version; where it is installed already, name its folder's parent in ASSENT_TOOLS" >&2
        return 1
    fi
}
