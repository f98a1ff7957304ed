#!/usr/bin/env bash
# Feeds every decoder mutated vectors, each for ALLONGE_FUZZ_SECONDS (10). What reached new code stays in
# target/fuzz/corpus, so that the next run goes on from there. A crash leaves its input in tests/fuzz/artifacts;
# `cargo fuzz run -s none --fuzz-dir tests/fuzz <target> <input>` runs it again, `cargo fuzz tmin` makes it smaller.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${ALLONGE_FUZZ_SECONDS:-10}

# cargo-fuzz would bring the lock file up to date by itself.
cargo tree --quiet --locked --manifest-path tests/fuzz/Cargo.toml > /dev/null
cargo fuzz build --sanitizer none --fuzz-dir tests/fuzz --target-dir target/fuzz
for target in $(cargo fuzz list --fuzz-dir tests/fuzz); do
    corpus=target/fuzz/corpus/$target artifacts=tests/fuzz/artifacts/$target log=target/fuzz/$target.log
    mkdir -p "$corpus" "$artifacts"
    if ! target/fuzz/*/release/"$target" -max_total_time="$seconds" -timeout=10 -print_final_stats=1 \
        -artifact_prefix="$artifacts/" "$corpus" 2> "$log"; then
        tail -n 60 "$log" >&2
        exit 1
    fi
    awk -v target="$target" '
        /number_of_executed_units/ { inputs = $2 } /average_exec_per_sec/ { rate = $2 }
        END { printf "%-16s %9d inputs, %7d a second\n", target, inputs, rate }' "$log"
done
