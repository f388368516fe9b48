#!/usr/bin/env bash
# The Python example and a verifier of the log's tiles against a real node, in a virtual environment under build/.
# VENV_PYTHON: an interpreter that has its packages already. Exit code 77: they cannot be installed.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

EXAMPLE=$REPO/docs/examples/python
if [[ -z ${VENV_PYTHON:-} ]]; then
  VENV=${TRIBUTARY_BUILD_ROOT:-$REPO/build}/venv-example
  VENV_PYTHON=$VENV/bin/python
  if ! cmp -s "$EXAMPLE/requirements.txt" "$VENV/requirements.txt"; then
    step "installing the example's packages"
    if ! { /usr/bin/python3 -m venv --clear "$VENV" &&
      "$VENV_PYTHON" -m pip install --quiet --disable-pip-version-check \
        -r "$EXAMPLE/requirements.txt"; }; then
      echo "the Python packages cannot be installed here: skipped"
      exit 77
    fi
    cp "$EXAMPLE/requirements.txt" "$VENV/requirements.txt"
  fi
fi

make_chain --epoch-ms 1000
printf '[checkpoint]\nkey_file = "%s"\n' "$KEYS/admin.key" >>"$WORK/tributaryd.toml"
start_node
mkdir "$WORK/generated"
(cd "$REPO/proto" && "$VENV_PYTHON" -m grpc_tools.protoc -I . --python_out="$WORK/generated" \
  --grpc_python_out="$WORK/generated" tributary/v1/ledger.proto tributary/v1/api.proto \
  google/rpc/status.proto google/rpc/error_details.proto)
"$TRIBUTARY" keys new ada --out "$WORK/ada.key"
"$TRIBUTARY" account register ada --key "$KEYS/steward.key" --account-key "$WORK/ada.key"
step "the example"
PYTHONPATH=$WORK/generated "$VENV_PYTHON" "$EXAMPLE/example.py" --node "$TRIBUTARY_NODE" \
  --author-key "$WORK/ada.key" --reporter-key "$KEYS/reporter.key" --currency USD
step "the log over HTTP, read by a verifier of its own"
for ((i = 0; i < 130; i++)); do # more than one tile: each is a transaction and a header
  "$TRIBUTARY" --quiet account register "filler-$i" --key "$KEYS/steward.key" >/dev/null
done
"$VENV_PYTHON" "$E2E_DIR/tiles.py" "$(sed -n 's/^tiles //p' "$DATA/listen")" \
  "$(sed -n 's/.*checkpoints are signed by //p' "$WORK/node.log" | tail -n 1)"
stop_node
"$TRIBUTARY" --quiet audit "$DATA" | tail -n 1
