#!/usr/bin/env bash
# A doctor anchors a report, and an auditor checks that a patient's access log was not rewritten, with
# cargo-contract alone: a call with a struct as its argument, and views.
#
# Needs cargo-contract 5.0.3, jq, and GNU coreutils.
#   ASSENT_NODE_URL         the node (default ws://127.0.0.1:9944)
#   ASSENT_ARTIFACTS        folder of the bundles (default contracts/artifacts of this checkout)
#   ASSENT_CARGO_CONTRACT   the program (default cargo-contract in PATH)
#   REPORTS, CONSENT        addresses of the two contracts, as in the manifest
#   SURI                    secret of who anchors: an active provider, resource holder or data owner
#                           (default //Charlie)
#   OWNER                   address of whoever SURI is the secret of
#   PATIENT, DOCTOR         addresses of those who may countersign
#   FILE                    the encrypted file: one chunk, at most 64 KiB
#   OPENINGS                folder where the commitment's opening is kept (default openings)
#   KNOWN_SEQUENCE, KNOWN_HEAD   the head of the patient's log that the auditor noted before
#                           (default 0 and zeros: he knows none and reads the log from its start)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
url=${ASSENT_NODE_URL:-ws://127.0.0.1:9944}
artifacts=${ASSENT_ARTIFACTS:-$here/../artifacts}
program=${ASSENT_CARGO_CONTRACT:-cargo-contract}
suri=${SURI:-//Charlie}
zeros=$(printf '0%.0s' {1..64})
declare -A address=(
    [reports]=${REPORTS:?set the address of the reports contract}
    [consent]=${CONSENT:?set the address of the consent contract}
)
: "${OWNER:?set the address that anchors}" "${PATIENT:?set the address of the patient}" "${DOCTOR:?set the address of the doctor}"
: "${FILE:?name a file}"
# shellcheck source=contract.sh
. "$here/contract.sh"

bytes() { # bytes: reads JSON [u8; N] or a list of them, prints each in hexadecimal on a line
    local numbers
    jq -r 'if .Seq.elems[0].UInt then . else .Seq.elems[] end | [.Seq.elems[].UInt] | join(" ")' |
        while read -ra numbers; do printf '%02x' "${numbers[@]}" && echo; done
}

# --- The doctor anchors the file as the first version of a new series.
length=$(stat -c %s "$FILE")
if [ "$length" -eq 0 ] || [ "$length" -gt 65536 ]; then
    echo "error: $FILE has $length bytes; a file of one chunk has 1 to 65536" >&2
    exit 1
fi
# RFC 9162: the root of a tree with one leaf is that leaf, SHA-256(0x00 || chunk).
root=$({ raw 00; cat "$FILE"; } | sha256sum | cut -d' ' -f1)
series=$(random)
# Salted, so that nobody recognises the name by its hash; the doctor keeps what opens it.
metadata=$(commit "${FILE##*/}")
new="{ series: 0x$series, sequence: 1, previous: 0x$zeros, root: 0x$root, chunks: 1, \
byte_length: $length, metadata: $metadata, patient: Some($PATIENT), doctor: $DOCTOR }"
send reports anchor "$OWNER" "$new"
echo "anchored series 0x$series with root 0x$root"

version=$(ask reports head "$OWNER" "0x$series" | jq -c '.Tuple.values[0].Map')
head=$(jq -c .head <<<"$version" | bytes)
echo "version $(jq .sequence.UInt <<<"$version") has head 0x$head"
echo "verify_link: $(ask reports verify_link "$OWNER" "0x$series" 1 "0x$zeros" "0x$head" | jq -c .Bool)"
echo "verify_chunk: $(ask reports verify_chunk "$OWNER" "0x$series" 1 0 "0x$root" '[]' | jq -c .Bool)"
# Whoever gets the opening can check what the commitment on chain stands for.
metadata=0x$(jq -c .metadata <<<"$version" | bytes)
name=$(reveal "$metadata")
echo "metadata $metadata opens: $name"
# What is refused: the same version once more.
ask reports anchor "$OWNER" "$new" || true

# --- The auditor checks that the patient's log continues the one that he knows.
at=${KNOWN_SEQUENCE:-0}
hash=${KNOWN_HEAD:-$zeros}
hash=${hash#0x}
known=$at
latest=$(ask consent log_head "$PATIENT" | jq -c .Map)
sequence=$(jq .sequence.UInt <<<"$latest")
while [ "$at" -lt "$sequence" ]; do
    # At most 256 at once; all of them lie before the head that was read.
    page=$(ask consent log_digests "$PATIENT" $((at + 1)) $((sequence - at)) | bytes)
    [ -n "$page" ] || break
    for digest in $page; do
        hash=$(raw "$hash$digest" | b2sum -l 256 | cut -d' ' -f1)
        at=$((at + 1))
    done
done
if [ "$at" -ne "$sequence" ] || [ "$hash" != "$(jq -c .hash <<<"$latest" | bytes)" ]; then
    echo "error: the log of $PATIENT, $sequence entries, does not continue the one of $known that is known" >&2
    exit 1
fi
echo "the log of $PATIENT, $sequence entries, continues the one of $known: head 0x$hash"
