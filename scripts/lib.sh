# What the scripts share.

assent_cache=${XDG_CACHE_HOME:-$HOME/.cache}/assent
# Tools that are not Debian packages.
assent_tools=${ASSENT_TOOLS:-$assent_cache/tools}
cargo_contract=$assent_tools/bin/cargo-contract
cargo_contract_version=5.0.3
cargo_deny=$assent_tools/bin/cargo-deny
cargo_deny_version=0.20.2

# need_packages <why> <package>...: Debian packages that have to be there. As root, or with ASSENT_SUDO=1
# through sudo, the missing ones are installed, with a line that says so; anybody else gets the command.
need_packages() {
    local why=$1 missing=() package sudo=()
    shift
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    if ! command -v apt-get >/dev/null; then
        echo "error: missing $why: ${missing[*]} (Debian's names). Install them with your package manager and run this again." >&2
        return 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if [ "${ASSENT_SUDO:-}" != 1 ]; then
            echo "error: missing $why: ${missing[*]}. Run this, and then the same again (ASSENT_SUDO=1 lets this script run it):" >&2
            echo "    sudo apt-get install --no-install-recommends ${missing[*]}" >&2
            return 1
        fi
        sudo=(sudo)
    fi
    echo "==> installing $why: ${missing[*]}"
    if ! { "${sudo[@]}" apt-get update -qq &&
        "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; }; then
        echo "error: could not install ${missing[*]}. Run: apt-get install ${missing[*]}" >&2
        return 1
    fi
}

# unpack_packages <folder> <package[=version]>...: unpacks Debian packages into a folder without installing
# them, complete or not at all; <folder>/depends lists the packages of the system that they need.
unpack_packages() {
    local folder=$1 part=$1.part package
    shift
    rm -rf "$part"
    mkdir -p "$part/packages"
    # apt reads as another user, who may not see this folder; its warning of that says nothing here.
    (cd "$part/packages" && apt-get download -qq -o APT::Sandbox::User="$(id -un)" "$@") || return 1
    for package in "$part"/packages/*.deb; do
        dpkg -x "$package" "$part"
    done
    declared_libraries "$part"/packages/*.deb >"$part/depends"
    rm -rf "$part/packages" "$folder"
    mv "$part" "$folder"
}

# declared_libraries <file.deb>...: the libraries that these packages say they need and do not bring; of
# alternatives the first.
declared_libraries() {
    local package brought
    brought=$(for package in "$@"; do dpkg-deb -f "$package" Package; done)
    for package in "$@"; do dpkg-deb -f "$package" Depends Pre-Depends; done |
        sed -E 's/^(Pre-)?Depends://' | tr ',' '\n' | sed -E 's/\|.*//; s/\(.*//; s/:[a-z0-9]+//; s/[[:space:]]//g' |
        grep -E '^(lib|zlib)' | grep -v -e '-dev$' | grep -vxF "$brought" | sort -u
}

# check_libraries <folder>: fails when a program or library below the folder needs a shared library that
# neither the system nor LD_LIBRARY_PATH has; names each, and the Debian package that should have it.
check_libraries() {
    local file library missing
    missing=$(find "$1" -type f \( -perm -u+x -o -name '*.so' -o -name '*.so.*' \) -print0 |
        xargs -0 -r -n 1 sh -c 'ldd "$0" 2>/dev/null || true' | sed -nE 's/^[[:space:]]*(.*) => not found$/\1/p' | sort -u)
    [ -z "$missing" ] && return
    for library in $missing; do
        echo "error: what is in $1 needs $library, which is missing. Debian should have it in $(package_of "$library"): apt-get install $(package_of "$library")" >&2
    done
    return 1
}

# package_of <shared library>: the Debian package that holds it, by Debian's rule for the names of such
# packages: libhttp_parser.so.2.9 is in libhttp-parser2.9, libgit2.so.1.5 in libgit2-1.5.
package_of() {
    local name=${1%%.so*} version=${1#*.so}
    name=${name,,}
    name=${name//_/-}
    version=${version#.}
    case $1 in
    libz.so.1) echo zlib1g ;;
    # Of these the package is named by a part of the version.
    libLLVM*) echo "libllvm${version%%.*}" ;;
    *) case $name in *[0-9]) echo "$name-$version" ;; *) echo "$name$version" ;; esac ;;
    esac
}

# need_cargo_contract: installs cargo-contract as $cargo_contract when it is missing there.
need_cargo_contract() {
    "$cargo_contract" --version 2>/dev/null | grep -qF " $cargo_contract_version-" ||
        install_tool cargo-contract "$cargo_contract_version" "about 10 minutes on 2 cores"
}

# need_cargo_deny: installs cargo-deny as $cargo_deny when it is missing there.
need_cargo_deny() {
    [ "$("$cargo_deny" --version 2>/dev/null)" = "cargo-deny $cargo_deny_version" ] ||
        install_tool cargo-deny "$cargo_deny_version" "some minutes on 2 cores"
}

# install_tool <crate> <version> <how long>: installs a program of cargo's into $assent_tools.
install_tool() {
    local crate=$1 version=$2
    echo "==> installing $crate $version into $assent_tools ($3)"
    # What an outer cargo has set for its own build must not reach this one. Optimised a little: all of it
    # takes twice as long to build, and these programs run for seconds.
    if ! env -u CARGO -u RUSTC -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS -u RUSTC_WRAPPER \
        -u RUSTC_WORKSPACE_WRAPPER CARGO_TARGET_DIR="$assent_cache/target-tools" \
        CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
        cargo install "$crate" --version "$version" --locked --force --root "$assent_tools"; then
        echo "error: could not install $crate $version; where it is installed already, name its folder's parent in ASSENT_TOOLS" >&2
        return 1
    fi
}

# install_npm_packages <folder> <name>: the packages of a folder's lock file, exactly those, into
# $assent_tools/<name>: not in the checkout, which stays as it is. Complete or not at all.
install_npm_packages() {
    local folder=$1 installed=$assent_tools/$2
    cmp -s "$folder/package-lock.json" "$installed/package-lock.json" && return
    echo "==> installing the packages of $folder into $installed"
    rm -rf "$installed.part"
    mkdir -p "$installed.part"
    cp "$folder"/{package.json,package-lock.json,.npmrc} "$installed.part"
    (cd "$installed.part" && npm ci --no-audit --no-fund --loglevel=error) || return 1
    rm -rf "$installed"
    mv "$installed.part" "$installed"
}
