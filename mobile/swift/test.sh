#!/bin/sh
# Runs the Swift tests where a toolchain exists, and says so where not.
set -eu
cd "$(dirname "$0")"
# What C alone can say of the raw layer: an argument must not be a keyword of its.
header=Sources/AllongeFFI/AllongeFFI.h
if [ -f "$header" ] && command -v cc >/dev/null 2>&1; then
    printf '#include "%s"\n' "$header" | cc -D_Nonnull= -D_Nullable= -I. -fsyntax-only -x c -
fi
if ! command -v swift >/dev/null 2>&1; then
    echo "Swift tests: SKIPPED, there is no swift toolchain on this machine"
    exit 0
fi
if [ ! -f Sources/AllongeRaw/AllongeRaw.swift ]; then
    echo "Swift tests: generate the raw layer first" >&2
    exit 1
fi
ALLONGE_LIBRARY_PATH="${ALLONGE_LIBRARY_PATH:-$PWD/../../target/debug}"
export ALLONGE_LIBRARY_PATH
exec swift test
