#!/usr/bin/env bash
# Kills, power cuts, failing disks and damage: chaos.sh [--seed S] [--minutes M]. Half of the time
# goes to kills of the real daemon under load, half to the store and the ledger on a simulated disk.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
BUILD=${TRIBUTARY_BUILD:-$BIN_DIR}
seed=$(date +%s)
minutes=2
while [[ $# -gt 0 ]]; do
  case $1 in
    --seed) seed=${2:?"--seed needs a number"} && shift ;;
    --minutes) minutes=${2:?"--minutes needs a number"} && shift ;;
    *) echo "chaos: unknown option '$1'" >&2 && exit 2 ;;
  esac
  shift
done
seconds=$((minutes * 30))
echo "seed $seed, $minutes minutes"
"$BUILD/tests/e2e/kill_driver" "$TRIBUTARYD" "$TRIBUTARY" 1000000 "$seed" "$seconds"
"$BUILD/tests/sim/chaos" "$seed" "$seconds"
