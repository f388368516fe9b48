#!/usr/bin/env bash
# Four validators on this machine, each with its CometBFT: records a real lineage through them, kills
# one, goes on without it, has it back, and stops everything. All end with the same headers, and the log
# of each is audited.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/e2e/network.sh
source "$E2E_DIR/network.sh"
command -v "$COMETBFT" >/dev/null || die "there is no program $COMETBFT: see ./run testnet"

step "four validators"
make_network --epoch-ms 1000 --maturity-epochs 1
for node in 0 1 2 3; do start_validator $node; done
for node in 0 1 2 3; do wait_until 60 "node $node serves" is_serving $node; done

step "a real lineage, through node 1"
on 1 import lineage "$DATA_FILE" --sponsor "$KEYS/steward.key"
wait_until 30 "all nodes agree" agree 0 1 2 3
expect "$(on 3 --json status | field records)" 1312 "records on node 3"

step "what one node took, each node has"
ASSET=$(head -n 1 "$DATA_FILE" | python3 -c 'import json, sys; print("hf:" + json.loads(sys.stdin.readline())["id"])')
on 2 revenue report "$ASSET" --key "$KEYS/reporter.key" --currency USD --amount 1000 --reference first
refused 504 on 0 revenue report "$ASSET" --key "$KEYS/reporter.key" --currency USD --amount 1000 \
  --reference first
has_settled() { [[ $(on 0 --json status | field settlements) -gt 0 ]]; }
wait_until 60 "the revenue settles" has_settled

step "one of four is killed; the others go on"
kill_validator 3
on 0 account register while-away --key "$KEYS/steward.key"
agree 0 1 2 || wait_until 30 "the others agree" agree 0 1 2

step "it comes back and catches up"
start_validator 3
wait_until 60 "node 3 serves" is_serving 3
wait_until 60 "all nodes agree" agree 0 1 2 3

step "the engine of a node is killed; its daemon starts it again"
ENGINE=$(engine_of 2)
[[ -n $ENGINE ]] || die "node 2 has no engine"
kill -9 "$ENGINE"
on 2 account register by-another-engine --key "$KEYS/steward.key"
[[ $(engine_of 2) != "$ENGINE" ]] || die "the engine was not started again"
wait_until 60 "all nodes agree" agree 0 1 2 3

step "CometBFT's own light client confirms the ledger's headers"
RPC=http://127.0.0.$((FIRST_ADDRESS))
python3 "$E2E_DIR/light_client.py" "$COMETBFT" "$NETWORK/light" \
  "tcp://127.0.0.$((FIRST_ADDRESS + 10)):8888" "$RPC:26657" \
  "http://127.0.0.$((FIRST_ADDRESS + 1)):26657" "$TRIBUTARY" "$(address_of 0)"

step "they stop, and each log is audited"
stop_network
for node in 0 1 2 3; do
  "$TRIBUTARY" --quiet audit "$NETWORK/node$node" | grep -v '^time ' >"$NETWORK/audit$node"
  cmp -s "$NETWORK/audit0" "$NETWORK/audit$node" || die "node $node ended with another log than node 0"
done
cat "$NETWORK/audit0"
printf '\n%s\n' "The network held."
