#!/usr/bin/env bash
# How tributaryd ends, each code as docs/operations.md says, and what it says then.
# PLANT_IMBALANCE: the program that makes a store whose books do not add up.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# ends CODE ARGUMENTS...: tributaryd must end by itself with this code; its errors are in $WORK/err.
ends() {
  local expected=$1 status=0
  shift
  timeout 60 "$TRIBUTARYD" "$@" >"$WORK/out" 2>"$WORK/err" || status=$?
  [[ $status == "$expected" ]] || die "tributaryd $*: expected exit code $expected, got $status: $(cat "$WORK/err")"
}
says() { grep -qF -- "$1" "$WORK/err" || die "no '$1' in: $(cat "$WORK/err")"; }

make_chain --epoch-ms 1000
CONFIG=$WORK/tributaryd.toml

step "0: all is well"
ends 0 version
ends 0 --help
ends 0 config check --config "$CONFIG"
ends 0 check --data "$DATA"
start_node
stop_node

step "1: wrong usage, configuration or genesis"
ends 1
ends 1 no-such-command
ends 1 start --no-such-option
ends 1 start --config "$WORK/none.toml"
says none.toml
printf '[grpc]\nlisten = "127.0.0.1:0"\nlisen = 1\n' >"$WORK/bad.toml"
ends 1 start --config "$WORK/bad.toml"
says "line 3: key 'grpc.lisen'"
printf '[grpc]\nlisten = "0.0.0.0:0"\n' >"$WORK/bad.toml"
ends 1 start --config "$WORK/bad.toml" --data "$DATA"
says "line 2: key 'grpc.listen'"
says TLS
printf '[block]\nbytes_max = 70000\n[mempool]\nbytes_max = 65535\n' >"$WORK/bad.toml"
ends 1 config check --config "$WORK/bad.toml"
says "'block.bytes_max' (line 2) is above 'mempool.bytes_max' (line 4)"
# The key of the checkpoints, before anything is opened: there is no store where this one looks.
printf 'data_dir = "%s"\n[checkpoint]\nkey_file = "%s"\n' "$WORK/nowhere" "$WORK/log.key" >"$WORK/bad.toml"
ends 1 start --config "$WORK/bad.toml"
says "line 3: key 'checkpoint.key_file'"
cp "$KEYS/admin.key" "$WORK/log.key"
chmod 644 "$WORK/log.key"
ends 1 start --config "$WORK/bad.toml"
says "line 3: key 'checkpoint.key_file'"
says "chmod 600"
chmod 600 "$WORK/log.key"
printf 'rubbish\n' >"$WORK/log.key"
ends 1 start --config "$WORK/bad.toml"
says "line 3: key 'checkpoint.key_file'"
cp "$KEYS/admin.key" "$WORK/log.key"
ends 0 config check --config "$WORK/bad.toml"
printf 'chain_id = "x"\nno_such_key = 1\n' >"$WORK/genesis.toml"
ends 1 init --genesis "$WORK/genesis.toml" --data "$WORK/new"
says "line 2"
printf 'chain_id = "NOT A CHAIN ID"\n' >"$WORK/genesis.toml"
ends 1 init --genesis "$WORK/genesis.toml" --data "$WORK/new"
[[ ! -e $WORK/new ]] || [[ -z $(ls -A "$WORK/new") ]] || die "a refused genesis left something behind"

step "2: what is stored is damaged or missing"
cp -r "$DATA" "$WORK/damaged"
python3 - "$WORK/damaged" <<'PYTHON'
import os
import sys

files = [os.path.join(folder, name) for folder, _, names in os.walk(sys.argv[1]) for name in names
         if name.endswith((".sst", ".log"))]
for name in files:
    size = os.path.getsize(name)
    with open(name, "r+b") as file:
        file.seek(size // 4)
        file.write(b"\xff" * (size // 2))
PYTHON
ends 2 check --data "$WORK/damaged"
ends 2 start --data "$WORK/damaged" --config "$CONFIG"

step "3: the machine, or something in the way"
ends 3 start --data "$WORK/nothing-there" --config "$CONFIG"
says nothing-there
start_node
ends 3 start --config "$CONFIG"
printf '[grpc]\nlisten = "%s"\n[operations]\nlisten = ""\n[tiles]\nlisten = ""\n' "$TRIBUTARY_NODE" >"$WORK/taken.toml"
"$TRIBUTARYD" init --dev --data "$WORK/second" >/dev/null
ends 3 start --config "$WORK/taken.toml" --data "$WORK/second"
says "$TRIBUTARY_NODE"
stop_node

step "4: money that does not add up"
"$PLANT_IMBALANCE" "$WORK/unbalanced"
ends 4 check --data "$WORK/unbalanced"
says "conservation is broken: currency 0, dust"
echo "every exit code is as documented"
