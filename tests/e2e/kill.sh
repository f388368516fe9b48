#!/usr/bin/env bash
# Kills at random moments under load: kill.sh [KILLS] [SEED]. After each, the store is audited, and
# every transaction that was acknowledged must be where it was.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
BUILD=${TRIBUTARY_BUILD:-$BIN_DIR}
exec "$BUILD/tests/e2e/kill_driver" "$TRIBUTARYD" "$TRIBUTARY" "${1:-50}" "${2:-$(date +%s)}"
