# Salted commitments, for the examples in bash. Sourced, not run. Needs jq and GNU coreutils.
#
# A commitment is SHA-256(salt || text), with 32 random bytes as the salt: it says nothing about the
# text, also to somebody who guesses it. The salt and the text are its opening. Whoever has them can
# show what was meant; without them nobody ever can, so they are kept before the commitment is used.
#   OPENINGS   folder of the openings (default openings, in the current folder); one file each, JSON, for
#              the user's eyes only

raw() { # raw <hexadecimal>: the bytes themselves
    # shellcheck disable=SC2059 # the format is nothing but escapes
    printf "$(sed 's/../\\x&/g' <<<"$1")"
}

random() { od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n'; }

# commit <text>: prints a commitment to the text, whose opening is kept under its name.
commit() {
    local folder=${OPENINGS:-openings} salt commitment
    salt=$(random)
    commitment=0x$({ raw "$salt"; printf %s "$1"; } | sha256sum | cut -d' ' -f1)
    (
        umask 077
        mkdir -p "$folder" &&
            jq -n --arg salt "0x$salt" --arg text "$1" '{$salt, $text}' >"$folder/$commitment.json"
    ) || return 1
    echo "$commitment"
}

# reveal <commitment> [<file>]: prints the text behind a commitment, by the opening that was kept or that
# somebody handed over; fails when that opening is of another one.
reveal() {
    local file=${2:-${OPENINGS:-openings}/$1.json} salt found
    salt=$(jq -r .salt "$file") || return 1
    found=0x$({ raw "${salt#0x}"; jq -j .text "$file"; } | sha256sum | cut -d' ' -f1)
    if [ "$found" != "$1" ]; then
        echo "error: $file opens $found, not $1" >&2
        return 1
    fi
    jq -r .text "$file"
}
