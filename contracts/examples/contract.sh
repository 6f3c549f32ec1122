# What the examples in bash call contracts with, through cargo-contract. Sourced, not run; it takes the
# variables $program, $artifacts, $url, $suri, $here (this folder), and ${address[<contract>]}.

# shellcheck source=commitment.sh
. "$here/commitment.sh"

# Traces of the tool's own code say nothing about the call.
export RUST_BACKTRACE=0

call() { # call <contract> <message> <options and arguments of cargo-contract>...
    local contract=$1 message=$2
    shift 2
    "$program" contract call "$artifacts/$contract.contract" --url "$url" \
        --contract "${address[$contract]}" --suri "$suri" --message "$message" --output-json "$@"
}

# ask <contract> <message> <argument>...: a dry run. Prints what the message returned, as JSON.
ask() {
    local contract=$1 message=$2 answer
    shift 2
    answer=$(call "$contract" "$message" --args "$@")
    # cargo-contract succeeds when the contract refuses: its answer says so.
    if [ "$(jq .reverted <<<"$answer")" = true ]; then
        echo "$contract.$message refuses: $(jq -r '[.. | objects | select(has("ident")) | .ident] | last' <<<"$answer")" >&2
        return 1
    fi
    # The outer Ok is ink!'s own, on every message.
    jq -c '.data.Tuple.values[0]' <<<"$answer"
}

# send <contract> <message> <argument>...: a dry run, which names the error, then a transaction; waits
# until it is in a block, not until that is final.
send() {
    ask "$@" >/dev/null
    local contract=$1 message=$2
    shift 2
    call "$contract" "$message" --execute --skip-confirm --args "$@" >/dev/null
}
