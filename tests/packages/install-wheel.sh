#!/usr/bin/env bash
# install-wheel.sh FOLDER: the wheel in a folder installs in an empty environment, without an index, and brings
# the package and the command.
set -euo pipefail
wheel=$(ls -t "$1"/allonge-*.whl | head -n 1)
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
python3 -m venv "$empty/venv"
"$empty/venv/bin/pip" install --quiet --disable-pip-version-check --no-index "$wheel"
cd "$empty"
test "$(venv/bin/pip list --format=freeze | grep -cvE '^(pip|setuptools|wheel)==')" = 1
venv/bin/allonge init ledger --clock manual >/dev/null
venv/bin/python -c '
import allonge
with allonge.Ledger.open("ledger") as ledger:
    outcome = ledger.operator().submit(allonge.OpenAccount(account="operator/USD/issue"))
    outcome.committed().receipt.save("receipt")
'
venv/bin/allonge verify receipt --trust ledger/genesis.json >/dev/null
echo "The wheel installs in an empty environment and brings the package and the command."
