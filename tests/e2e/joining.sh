#!/usr/bin/env bash
# Four validators with load; a fifth node joins by state sync and a sixth by replay of all blocks. Both
# come to the same roots as the others; the fifth fetches what lies before its snapshot, and the log of
# each is audited. Where the client can propose changes, the fifth becomes a validator, the network goes
# on without one of the others, and the fifth leaves again.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/e2e/network.sh
source "$E2E_DIR/network.sh"
FIRST_ADDRESS=${FIRST_ADDRESS:-31}
LOAD_PID=""

# One registration after the other, so that blocks go on.
load() {
  local number=0
  while :; do
    on 0 account register "load-$number" --key "$KEYS/steward.key" >/dev/null 2>&1 || true
    number=$((number + 1))
    sleep 0.3
  done
}
end_load() {
  [[ -n $LOAD_PID ]] || return 0
  kill "$LOAD_PID" 2>/dev/null || true
  wait "$LOAD_PID" 2>/dev/null || true
  LOAD_PID=""
}
joining_cleanup() {
  local status=$?
  end_load
  (exit "$status") || true
  return "$status"
}

# The newest block of CometBFT's at node 0, as "height:hash".
trusted_block() {
  python3 - "http://127.0.0.$FIRST_ADDRESS:26657/commit" <<'PYTHON'
import json, sys, urllib.request
header = json.load(urllib.request.urlopen(sys.argv[1], timeout=5))["result"]["signed_header"]
print(header["header"]["height"] + ":" + header["commit"]["block_id"]["hash"])
PYTHON
}
# validator_count: how many validators CometBFT has now.
validator_count() {
  python3 - "http://127.0.0.$FIRST_ADDRESS:26657/validators" <<'PYTHON'
import json, sys, urllib.request
print(json.load(urllib.request.urlopen(sys.argv[1], timeout=5))["result"]["total"])
PYTHON
}
has_snapshot() { compgen -G "$NETWORK/node1/snapshots/snapshot-*" >/dev/null; }
has_log() { [[ $(on "$1" --json status | field mode_reason) == *"the log is whole"* ]]; }
# join [OPTIONS]: one node more; prints its key of consensus.
join() {
  local number=$VALIDATORS
  "$TRIBUTARYD" testnet --dir "$NETWORK/net" --join --program "$COMETBFT" --snapshot-interval 16 "$@" |
    sed -n 's/^key of consensus: //p'
  ln -s "net/node$number" "$NETWORK/node$number"
}

step "four validators with load, and a snapshot"
make_network --epoch-ms 2000 --maturity-epochs 1 --snapshot-interval 16
trap 'joining_cleanup; network_cleanup' EXIT
for node in 0 1 2 3; do start_validator $node; done
for node in 0 1 2 3; do wait_until 60 "node $node serves" is_serving $node; done
on 1 import lineage "$DATA_FILE" --sponsor "$KEYS/steward.key" >/dev/null
load &
LOAD_PID=$!
wait_until 60 "a snapshot is made" has_snapshot

step "a fifth node joins by state sync, a sixth by replay"
KEY_OF_FIFTH=$(join --state-sync "$(trusted_block)")
VALIDATORS=5
join >/dev/null
VALIDATORS=6
for node in 4 5; do start_validator $node; done
for node in 4 5; do wait_until 90 "node $node serves" is_serving $node; done
grep -q 'restored block' "$NETWORK/node4.log" || die "the fifth node did not restore a snapshot"
wait_until 60 "the fifth node has fetched the log" has_log 4

if "$TRIBUTARY" --help | grep -q '^ *gov '; then
  # set_validator KEY POWER ACCOUNT
  set_validator() {
    local height
    height=$(height_of 0)
    on 0 gov propose --key "$KEYS/admin.key" --validator "$1=$2@$3" --height $((height + 3)) \
      --reason "a change of validators" >/dev/null
  }
  counts() { [[ $(validator_count) == "$1" ]]; }
  step "the fifth node becomes a validator, and the first four can spare one"
  set_validator "$KEY_OF_FIFTH" 10 node3
  wait_until 30 "five validators" counts 5
  kill_validator 2
  BEFORE=$(height_of 0)
  goes_on() { [[ $(height_of 0) -gt $((BEFORE + 3)) ]]; }
  wait_until 30 "the others go on" goes_on
  start_validator 2
  step "it leaves again"
  set_validator "$KEY_OF_FIFTH" 0 node3
  wait_until 30 "four validators" counts 4
fi

step "all have the same roots"
end_load
wait_until 60 "all nodes agree" agree 0 1 2 3 4 5
stop_network

step "the log of each is audited"
for node in 0 4 5; do
  "$TRIBUTARY" --quiet audit "$NETWORK/node$node" | grep -v '^time \|index row' >"$NETWORK/audit$node"
  cmp "$NETWORK/audit0" "$NETWORK/audit$node" || die "node $node ended with another log than node 0"
done
cat "$NETWORK/audit0"

step "a repair gives the node that was restored its indexes"
"$TRIBUTARYD" repair --data "$NETWORK/node4"
"$TRIBUTARYD" check --data "$NETWORK/node4"
printf '\n%s\n' "Two nodes joined."
