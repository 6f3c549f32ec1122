#!/usr/bin/env bash
# Counts how many places a new event, a new field of one, and a new contract touch, by what an existing one
# is named in: outside the contract itself, the plain model of its rules, what plays all contracts
# in-process, and tests.
#   scripts/count-places.sh [REVISION]   of that commit (default: HEAD)
set -euo pipefail
cd "$(dirname "$0")/.."
revision=${1:-HEAD}
git rev-parse --quiet --verify "$revision^{commit}" >/dev/null || {
    echo "error: $revision is no commit of this repository" >&2
    exit 1
}

# lines <word> <contract>: how many lines name the word.
lines() {
    git grep -hw "$1" "$revision" -- '*.rs' '*.sh' '*.mjs' ":!contracts/$2" ':!contracts/model' \
        ':!chain/sandbox' ':!scripts/count-places.sh' \
        ':!*/tests/*' ':!*tests.rs' ':!*/testing/*' | wc -l
}
echo "a new event, lines that name SuspensionProposed: $(lines SuspensionProposed consent)"
echo "a new field, lines that name review_by:          $(lines review_by consent)"

# Lists of the contracts: every run of up to 12 lines in which the names of all stand that there are.
contracts=
for contract in participants consent agreements reports rewards token carbon market; do
    if git cat-file -e "$revision:contracts/$contract/Cargo.toml" 2>/dev/null; then
        contracts+=" $contract"
    fi
done
lists=0
while read -r file; do
    found=$(git show "$revision:$file" | awk -v contracts="$contracts" '
        BEGIN { split(contracts, names) }
        {
            line = tolower($0)
            gsub(/[^a-z]+/, " ", line)
            for (i in names) if (index(" " line " ", " " names[i] " ")) seen[i] = NR
            for (i in names) if (!(i in seen) || seen[i] <= NR - 12) next
            count++
            delete seen
        }
        END { print count + 0 }')
    lists=$((lists + found))
done < <(git ls-tree -r --name-only "$revision" | grep -E '\.(rs|sh|mjs|toml)$' |
    grep -vE '^(contracts/model|chain/sandbox|scripts/count-places)|(^|/)tests(/|\.rs$)|/testing/')
echo "a new contract, lists of all contracts:          $lists"
