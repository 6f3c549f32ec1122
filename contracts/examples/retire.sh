#!/usr/bin/env bash
# A holder of carbon credits passes some on and retires others for good, with cargo-contract alone: calls
# with numbers, accounts and a commitment, and a struct that a view returns.
#
# Needs cargo-contract 5.0.3, jq, and GNU coreutils. Amounts are units: a credit has 1,000.
#   ASSENT_NODE_URL         the node (default ws://127.0.0.1:9944)
#   ASSENT_ARTIFACTS        folder of the bundles (default contracts/artifacts of this checkout)
#   ASSENT_CARGO_CONTRACT   the program (default cargo-contract in PATH)
#   CARBON                  address of the carbon contract, as in the manifest
#   SURI, HOLDER            secret (default //Charlie) and address of the holder, an active participant
#   BATCH                   number of the batch (default 1)
#   TO, TRANSFER            address of an active participant, and how many units he gets (default 1000)
#   RETIRE                  how many units are retired (default 1000)
#   BENEFICIARY             address of the one on whose behalf (default HOLDER)
#   REASON                  what they offset, in words; only a salted commitment to it goes on chain
#   OPENINGS                folder where the commitment's opening is kept (default openings)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
url=${ASSENT_NODE_URL:-ws://127.0.0.1:9944}
artifacts=${ASSENT_ARTIFACTS:-$here/../artifacts}
program=${ASSENT_CARGO_CONTRACT:-cargo-contract}
suri=${SURI:-//Charlie}
declare -A address=([carbon]=${CARBON:?set the address of the carbon contract})
: "${HOLDER:?set the address of the holder}" "${TO:?set the address of the one who gets units}"
batch=${BATCH:-1}
# shellcheck source=contract.sh
. "$here/contract.sh"

holding() { # holding: what the holder has of the batch, by state
    ask carbon balance_of "$batch" "$HOLDER" | jq -r '.Map | "tradable \(.tradable.UInt), retired \(.retired.UInt)"'
}

before=$(holding)
echo "before: $before"
send carbon transfer "$batch" "$TO" "${TRANSFER:-1000}"
reason=$(commit "${REASON:-business travel}")
send carbon retire "$batch" "${RETIRE:-1000}" "$reason" "${BENEFICIARY:-$HOLDER}"
echo "retired ${RETIRE:-1000} units of batch $batch, reason $reason"
# An auditor who gets the opening learns what was offset.
words=$(reveal "$reason")
echo "reason $reason opens: $words"
after=$(holding)
echo "after: $after"
# What is refused: more than there is.
ask carbon retire "$batch" 340282366920938463463374607431768211455 "$reason" "$HOLDER" || true
