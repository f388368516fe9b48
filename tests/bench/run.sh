#!/usr/bin/env bash
# The benchmarks, one table. usage: tests/bench/run.sh [--write]
# --write puts the table into docs/performance.md. Called by `./run bench`, which builds first.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${TRIBUTARY_BUILD:-$root/build/release}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
rows=$scratch/rows.jsonl

echo "settlement sweep ..." >&2
"$build/tests/bench/sweep_bench" | grep '^{' >>"$rows"
echo "settlement and events on the machine ..." >&2
"$build/tests/bench/settlement_bench" >>"$rows"
echo "ingest, restart, audit ..." >&2
"$build/tests/bench/ledger_bench" "$scratch/ledger" >>"$rows"
echo "explanations, small reads at a fixed rate ..." >&2
"$build/tests/bench/read_bench" "$scratch/read" >>"$rows"

/usr/bin/python3 "$root/tests/bench/table.py" "$rows" "$@"
