#!/bin/sh
# verify-receipt.sh RECEIPT GENESIS: says what a receipt proves, offline. Needs `mvn process-classes`.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
exec java -XX:TieredStopAtLevel=1 -Djna.library.path="${ALLONGE_LIBRARY_PATH:-$here/../../target/debug}" \
    -cp "$here/target/classes:$here/target/lib/*" allonge.VerifyReceipt "$@"
