#!/usr/bin/env bash
# stories.sh STORY...: each story, a text in plain sentences, on a node of its own; the table at its
# end must be what the ledger says. STORY_REWRITE=1 writes the tables anew.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
export TRIBUTARY

tell() {
  make_work
  step "$(sed -n '1s/^# *//p' "$1")"
  python3 "$E2E_DIR/story.py" setup "$1" "$WORK"
  "$TRIBUTARYD" init --config "$WORK/tributaryd.toml" --genesis "$WORK/genesis.toml" >/dev/null
  start_node
  python3 "$E2E_DIR/story.py" run "$1" "$WORK"
  stop_node
  "$TRIBUTARY" --quiet audit "$DATA"
  [[ -n ${KEEP:-} ]] || rm -rf "$WORK"
  WORK=""
}

(($# > 0)) || set -- "$REPO"/tests/stories/*.story
for story in "$@"; do tell "$story"; done
echo "stories: as told"
