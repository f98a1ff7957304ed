#!/usr/bin/env bash
# One letter of credit from Python, its receipt checked offline from Python, Node and Kotlin, and a claim that is sold on.
# `make demo` builds what this needs.
set -euo pipefail
cd "$(dirname "$0")/../.."

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
receipt=$directory/ledger/receipt.allonge
genesis=$directory/ledger/genesis.json

# Where the system lets us, without any network: in a name space that has none.
offline=()
if unshare --map-root-user --net true 2>/dev/null; then
    offline=(unshare --map-root-user --net)
fi

python() { "${offline[@]}" .venv/bin/python python/examples/verify_receipt.py "$1" "$genesis"; }
node() { "${offline[@]}" node node/examples/verify-receipt.mjs "$1" "$genesis"; }
kotlin() { "${offline[@]}" mobile/kotlin/verify-receipt.sh "$1" "$genesis"; }

echo "A letter of credit from tests/vectors/fin/mt700_usance.fin to its payment:"
echo
.venv/bin/python python/examples/letter_of_credit.py tests/vectors/fin/mt700_usance.fin "$directory/ledger"
echo
echo "The receipt of the payment, $(wc -c <"$receipt") bytes, checked offline with the genesis alone:"
for language in python node kotlin; do
    proved=$($language "$receipt")
    printf '  %-7s %s\n' "$language" "$proved"
done

# One byte in the middle of the file, changed.
flipped=$directory/flipped.allonge
cp "$receipt" "$flipped"
middle=$(($(wc -c <"$receipt") / 2))
byte=$(od -An -tu1 -j "$middle" -N 1 "$receipt")
printf "\\x$(printf %x $((byte ^ 1)))" | dd of="$flipped" bs=1 seek="$middle" conv=notrunc status=none

echo
echo "The same file with one bit of byte $middle flipped:"
codes=()
for language in python node kotlin; do
    if code=$($language "$flipped" 2>&1); then
        echo "  $language accepted a forged receipt: $code" >&2
        exit 1
    fi
    printf '  %-7s refused: %s\n' "$language" "$code"
    codes+=("${code%%:*}")
done
if [[ ${codes[0]} != "${codes[1]}" || ${codes[0]} != "${codes[2]}" ]]; then
    echo "the languages do not agree why" >&2
    exit 1
fi

page=target/demo
mkdir -p "$page"
echo
echo "A claim, sold on the market and sold on, delivery against payment; a double sale and a double financing refused:"
echo
.venv/bin/python python/examples/forfaiting.py "$directory/market"
cp "$directory/market/deal.html" "$page/deal.html"
echo
echo "The same as a page with a diagram: $page/deal.html"
