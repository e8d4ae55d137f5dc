#!/usr/bin/env bash
# Measures, one benchmark after the other, and prints the rows of the tables in benchmarks/README.md.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/system.sh

count=${MESSAGES:-5000}
for share in 0.05 1; do
    say "python -m benchmarks.path --messages $count --share $share"
    .venv/bin/python -m benchmarks.path --messages "$count" --share "$share"
    for settings in "--in-flight 50" "--in-flight 1" "--in-flight 50 --wal" "--in-flight 1 --wal"; do
        say "python -m benchmarks.nonebot_peer --messages $count --share $share $settings"
        # shellcheck disable=SC2086  # settings are several words
        .venv/bin/python -m benchmarks.nonebot_peer --messages "$count" --share "$share" $settings
    done
done

for part in "understanding --messages 20000" "startup" "path --messages 100000 --share 0.05 --speed 20" "storage" "auditor" "exporting" "broadcast" "cap"; do
    say "python -m benchmarks.$part"
    # shellcheck disable=SC2086  # a part is several words
    .venv/bin/python -m benchmarks.$part
done
if [ -e tests/puppet/node_modules/.ready ] && .venv/bin/python -c 'import wechaty_puppet' 2>/dev/null; then
    say "python -m benchmarks.puppet"
    .venv/bin/python -m benchmarks.puppet
else
    miss "what the benchmark through the real puppet server needs, so it is left out"
fi
