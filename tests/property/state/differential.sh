#!/usr/bin/env bash
# Random histories through the real state machine and through the model, for as long as one likes.
# usage: differential.sh [--seed S] [--minutes M | --histories N] [--jobs J] [--replay FILE]
# Without a time or number: one minute. Prints the smallest failing history. Called by ./run
# differential, which builds first.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
driver=${TRIBUTARY_BUILD:-$root/build/release}/tests/property/state/history_driver

bounded=
for argument in "$@"; do
  case $argument in --minutes | --histories | --replay) bounded=1 ;; esac
done
if [[ -z $bounded ]]; then set -- "$@" --minutes 1; fi

exec /usr/bin/python3 "$root/tests/property/state/run_differential.py" --driver "$driver" "$@"
