#!/usr/bin/env bash
# Runs the tests with what is on this machine, and names what is left out. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/system.sh

without=()
find_browser >/dev/null || without+=("browser")
[ -e tests/puppet/node_modules/.ready ] && .venv/bin/python -c 'import wechaty_puppet' 2>/dev/null || without+=("puppet")

chosen=""
for mark in "${without[@]}"; do
    miss "what the tests marked '$mark' need, so they are left out"
    chosen="${chosen:+$chosen and }not $mark"
done
exec .venv/bin/python -m pytest ${chosen:+-m "$chosen"} "$@"
