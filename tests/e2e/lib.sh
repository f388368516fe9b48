# What the end-to-end scripts share: where the programs are, and one node in a temporary directory.
# Sourced. Ends only processes that it started, by their id.
# shellcheck shell=bash

E2E_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
REPO=$(cd "$E2E_DIR/../.." && pwd)
# shellcheck disable=SC2034 # used by the scripts that source this
DATA_FILE=$REPO/tests/data/hf_lineage.jsonl
BIN_DIR=${BIN_DIR:-$REPO/build/release}
TRIBUTARYD=${TRIBUTARYD:-$BIN_DIR/src/daemon/tributaryd}
TRIBUTARY=${TRIBUTARY:-$BIN_DIR/src/cli/tributary}

NODE_PID=""
WORK=""

die() {
  printf 'FAILED: %s\n' "$*" >&2
  if [[ -n $WORK && -s $WORK/node.log ]]; then
    printf '%s\n' '--- the end of the log of the node' >&2
    tail -n 20 "$WORK/node.log" >&2
  fi
  exit 1
}

step() { printf '\n==> %s\n' "$*"; }

# expect ACTUAL EXPECTED WHAT
expect() { [[ $1 == "$2" ]] || die "$3: expected $2, got $1"; }

# field NAME: of the JSON object on standard input; dots lead into objects, numbers into lists.
field() {
  python3 -c 'import json, sys
value = json.load(sys.stdin)
for part in sys.argv[1].split("."):
    value = value[int(part)] if isinstance(value, list) else value[part]
print(json.dumps(value) if isinstance(value, (dict, list, bool)) else value)' "$1"
}

now_ms() { date +%s%3N; }

cleanup() {
  local status=$?
  if [[ -n $NODE_PID ]]; then
    kill -9 "$NODE_PID" 2>/dev/null || true
    wait "$NODE_PID" 2>/dev/null || true
  fi
  if [[ -n $WORK && -z ${KEEP:-} ]]; then rm -rf "$WORK"; fi
  exit "$status"
}

# make_chain [OPTIONS OF init]: a new chain under $WORK; keys in $KEYS.
make_chain() {
  make_work
  "$TRIBUTARYD" init --config "$WORK/tributaryd.toml" --dev "$@"
}

# A directory $WORK, removed at the end, and the configuration of a node in $DATA.
make_work() {
  local program
  for program in "$TRIBUTARYD" "$TRIBUTARY"; do
    [[ -x $program ]] || die "there is no program $program; build first, or set BIN_DIR"
  done
  WORK=$(mktemp -d "${TMPDIR:-/tmp}/tributary-e2e.XXXXXX")
  trap cleanup EXIT
  trap 'exit 130' INT TERM
  DATA=$WORK/node
  # shellcheck disable=SC2034
  KEYS=$DATA/keys
  cat >"$WORK/tributaryd.toml" <<TOML
data_dir = "$DATA"
[grpc]
listen = "127.0.0.1:0"
[operations]
listen = "127.0.0.1:0"
[tiles]
listen = "127.0.0.1:0"
TOML
}

# Starts the node and waits until it serves. Sets NODE_PID and TRIBUTARY_NODE.
start_node() {
  rm -f "$DATA/listen"
  "$TRIBUTARYD" start --config "$WORK/tributaryd.toml" >>"$WORK/node.log" 2>&1 &
  NODE_PID=$!
  local i
  for ((i = 0; i < 300; i++)); do
    [[ -s $DATA/listen ]] && break
    kill -0 "$NODE_PID" 2>/dev/null || die "the node did not start"
    sleep 0.1
  done
  [[ -s $DATA/listen ]] || die "the node does not serve after 30 seconds"
  TRIBUTARY_NODE=$(sed -n 's/^grpc //p' "$DATA/listen")
  OPERATIONS=$(sed -n 's/^operations //p' "$DATA/listen")
  export TRIBUTARY_NODE OPERATIONS
}

# SIGTERM, and the node must end by itself with code 0.
stop_node() {
  local status=0
  kill -TERM "$NODE_PID"
  wait "$NODE_PID" || status=$?
  NODE_PID=""
  expect "$status" 0 "exit code of the node after SIGTERM"
}

# refused NUMBER COMMAND...: the command must be refused by this rule.
refused() {
  local number=$1 status=0 text
  shift
  text=$("$@" 2>&1) || status=$?
  [[ $status == 2 ]] || die "$*: expected exit code 2, got $status: $text"
  [[ $text == *"rule $number "* ]] || die "$*: expected rule $number, got: $text"
}
