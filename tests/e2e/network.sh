# What the scripts share that run a network of validators on this machine: each node a daemon with its
# CometBFT, at a loopback address of its own. Sourced after lib.sh. Ends only processes that it started.
# shellcheck shell=bash

COMETBFT=${COMETBFT:-cometbft}
FIRST_ADDRESS=${FIRST_ADDRESS:-11}
VALIDATORS=4
NODE_PIDS=()

address_of() { printf '127.0.0.%d:7400' $((FIRST_ADDRESS + $1)); }
# on NODE COMMAND...: the client, connected to that node.
on() {
  local node=$1
  shift
  "$TRIBUTARY" --quiet --node "$(address_of "$node")" "$@"
}

stop_network() {
  local i
  for i in "${!NODE_PIDS[@]}"; do
    [[ -z ${NODE_PIDS[i]} ]] || kill -TERM "${NODE_PIDS[i]}" 2>/dev/null || true
  done
  for i in "${!NODE_PIDS[@]}"; do
    [[ -z ${NODE_PIDS[i]} ]] || wait "${NODE_PIDS[i]}" 2>/dev/null || true
    NODE_PIDS[i]=""
  done
}

network_cleanup() {
  local status=$?
  if [[ $status -ne 0 ]]; then
    local i
    for ((i = 0; i < VALIDATORS; ++i)); do
      printf '%s\n' "--- the end of the log of node $i" >&2
      tail -n 5 "$NETWORK/node$i.log" "$NETWORK/node$i/cometbft/cometbft.log" >&2 || true
    done
  fi
  stop_network
  if [[ -z ${KEEP:-} ]]; then rm -rf "$NETWORK"; fi
  exit "$status"
}

# A network under $NETWORK, removed at the end; keys in $KEYS.
make_network() {
  NETWORK=$(mktemp -d "${TMPDIR:-/tmp}/tributary-net.XXXXXX")
  trap network_cleanup EXIT
  trap 'exit 130' INT TERM
  # shellcheck disable=SC2034
  KEYS=$NETWORK/net/keys
  "$TRIBUTARYD" testnet --dir "$NETWORK/net" --validators $VALIDATORS \
    --first-address "$FIRST_ADDRESS" --program "$COMETBFT" "$@"
  local i
  for ((i = 0; i < VALIDATORS; ++i)); do ln -s "net/node$i" "$NETWORK/node$i"; done
}

start_validator() {
  "$TRIBUTARYD" start --config "$NETWORK/node$1/tributaryd.toml" >>"$NETWORK/node$1.log" 2>&1 &
  NODE_PIDS[$1]=$!
}

kill_validator() {
  kill -9 "${NODE_PIDS[$1]}"
  wait "${NODE_PIDS[$1]}" 2>/dev/null || true
  NODE_PIDS[$1]=""
}

# The process of a node's CometBFT, the daemon's child; nothing where it does not run just now.
engine_of() { pgrep -P "${NODE_PIDS[$1]}" -f 'start --home' || true; }

height_of() { on "$1" --json status 2>/dev/null | field height 2>/dev/null || printf 0; }

# wait_until SECONDS WHAT COMMAND...
wait_until() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [[ $SECONDS -lt $end ]] || die "$what: not within the time"
    sleep 0.2
  done
}

is_serving() { on "$1" status >/dev/null 2>&1; }

# All nodes named are at one height with one header; prints nothing.
agree() {
  local node first="" line
  for node in "$@"; do
    line=$(on "$node" --json status 2>/dev/null | python3 -c 'import json, sys
status = json.load(sys.stdin)
print(status["height"], status["log_root"], status["state_root"])' 2>/dev/null) || return 1
    [[ -n $first ]] || first=$line
    [[ $line == "$first" ]] || return 1
  done
}
