#!/usr/bin/env bash
# Measures, one benchmark after the other, and prints the rows of the tables in benchmarks/README.md.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/system.sh

count=${MESSAGES:-5000}
for share in 0.05 1; do
    for settings in "--in-flight 50" "--in-flight 1" "--in-flight 50 --wal" "--in-flight 1 --wal"; do
        say "python -m benchmarks.nonebot_peer --messages $count --share $share $settings"
        # shellcheck disable=SC2086  # settings are several words
        .venv/bin/python -m benchmarks.nonebot_peer --messages "$count" --share "$share" $settings
    done
done
