#!/usr/bin/env bash
# A large chain: time, memory and disk of records, revenue, settlement, restart and audit.
# usage: tests/bench/scale.sh [--records N] [--events N] [--dir DIR] [--write]
# Default: a million records with three parents each, and as many events; with 10000000 it is the
# full case, which wants 16 GB of memory and 20 GB of disk. DIR, if given, is kept; else everything
# is in a scratch directory. --write puts the table into docs/performance.md. Called by ./run scale,
# which builds first.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bench=${TRIBUTARY_BUILD:-$root/build/release}/tests/bench/scale_bench
records=1000000 events="" dir="" write=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --records) records=${2:?"--records needs a number"} && shift ;;
    --events) events=${2:?"--events needs a number"} && shift ;;
    --dir) dir=${2:?"--dir needs a directory"} && shift ;;
    --write) write=(--write) ;;
    *) echo "scale: unknown option '$1'" >&2 && exit 2 ;;
  esac
  shift
done
events=${events:-$records}
if [[ -z $dir ]]; then
  dir=$(mktemp -d)
  trap 'rm -rf "$dir"' EXIT
fi
mkdir -p "$dir"
rows=$dir/rows.jsonl

echo "$records records, $events events ..." >&2
"$bench" fill "$dir/node" "$records" "$events" >"$rows"
echo "restart ..." >&2
"$bench" restart "$dir/node" >>"$rows"
echo "settlement ..." >&2
"$bench" settle "$dir/node" >>"$rows"
echo "compaction ..." >&2
"$bench" compact "$dir/node" >>"$rows"
echo "audit ..." >&2
"$bench" audit "$dir/node" >>"$rows"

/usr/bin/python3 "$root/tests/bench/table.py" "$rows" --table scale "${write[@]}"
