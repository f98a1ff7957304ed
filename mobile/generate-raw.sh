#!/bin/sh
# Writes the raw Kotlin and Swift layers from the built, unstripped library.
set -eu
cd "$(dirname "$0")/.."
bindgen=${1:?usage: generate-raw.sh UNIFFI_BINDGEN LIBRARY}
library=${2:?usage: generate-raw.sh UNIFFI_BINDGEN LIBRARY}
kotlin=mobile/kotlin/target/generated-sources/uniffi
swift=mobile/swift/Sources

raw=$(mktemp -d)
trap 'rm -rf "$raw"' EXIT
(cd bindings/mobile && "$bindgen" generate --no-format --language kotlin --language swift --out-dir "$raw" "$library")

# A file that did not change keeps its time, so that nothing is compiled again for it.
place() {
    mkdir -p "$(dirname "$2")"
    cmp -s "$1" "$2" || cp "$1" "$2"
}
place "$raw/allonge/raw/allonge_mobile.kt" "$kotlin/allonge/raw/allonge_mobile.kt"
place "$raw/AllongeRaw.swift" "$swift/AllongeRaw/AllongeRaw.swift"
place "$raw/AllongeFFI.h" "$swift/AllongeFFI/AllongeFFI.h"
place "$raw/AllongeFFI.modulemap" "$swift/AllongeFFI/module.modulemap"
