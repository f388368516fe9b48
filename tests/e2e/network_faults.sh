#!/usr/bin/env bash
# Faults in a network of four validators under load: network_faults.sh [FAULTS] [SEED] [SECONDS].
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
BUILD=${TRIBUTARY_BUILD:-$BIN_DIR}
exec "$BUILD/tests/e2e/network_driver" "$TRIBUTARYD" "$TRIBUTARY" "${COMETBFT:-cometbft}" "${1:-30}" \
  "${2:-$(date +%s)}" "${3:-600}"
