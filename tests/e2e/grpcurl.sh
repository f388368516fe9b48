#!/usr/bin/env bash
# The gRPC surface as grpcurl sees it: list, describe, one call of each read method, one refused submit.
# Exit code 77: there is no grpcurl (GRPCURL, or on the path).
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

GRPCURL=${GRPCURL:-$(command -v grpcurl || true)}
[[ -n $GRPCURL && -x $GRPCURL ]] || { echo "grpcurl is not installed: skipped"; exit 77; }
SERVICE=tributary.v1.LedgerService
CALLED=()

call() {
  CALLED+=("$1")
  "$GRPCURL" -plaintext -max-time 20 -d "${2:-{\}}" "$TRIBUTARY_NODE" "$SERVICE/$1" >"$WORK/answer" ||
    die "$1 failed"
}
# answer FIELD EXPECTED: of the last call.
answer() { expect "$(field "$1" <"$WORK/answer")" "$2" "${CALLED[-1]}: $1"; }
# A read that is answered with an error.
refused() {
  CALLED+=("$1")
  ! "$GRPCURL" -plaintext -max-time 20 -d "$2" "$TRIBUTARY_NODE" "$SERVICE/$1" >"$WORK/answer" 2>&1 ||
    die "$1 is answered"
}
has() { grep -q -- "$1" "$WORK/answer" || die "${CALLED[-1]}: no $1 in: $(cat "$WORK/answer")"; }

make_chain --epoch-ms 1000 --maturity-epochs 1
printf '[checkpoint]\nkey_file = "%s"\n' "$KEYS/admin.key" >>"$WORK/tributaryd.toml"
start_node

step "list and describe"
"$GRPCURL" -plaintext "$TRIBUTARY_NODE" list >"$WORK/answer"
grep -qx "$SERVICE" "$WORK/answer" || die "list does not name $SERVICE"
grep -qx grpc.health.v1.Health "$WORK/answer" || die "list does not name the health service"
"$GRPCURL" -plaintext "$TRIBUTARY_NODE" describe "$SERVICE" >"$WORK/describe"
METHODS=$(sed -nE 's/^ *rpc ([A-Za-z]+) .*/\1/p' "$WORK/describe")
grep -qx GetInclusionProof <<<"$METHODS" || die "describe does not name GetInclusionProof"
"$GRPCURL" -plaintext "$TRIBUTARY_NODE" grpc.health.v1.Health/Check >"$WORK/answer"
grep -q SERVING "$WORK/answer" || die "the node does not say that it serves"

step "a small history"
python3 - "$WORK/small.jsonl" <<'PY'
import json, sys
lines = [("base", []), ("left", ["base"]), ("right", ["base"]), ("top", ["left", "right"])]
with open(sys.argv[1], "w", encoding="utf-8") as file:
    for name, parents in lines:
        file.write(json.dumps({"author": name, "id": f"org/{name}", "parents": [
            {"id": f"org/{parent}", "relation": "merged_from"} for parent in parents]}) + "\n")
PY
"$TRIBUTARY" --quiet import lineage "$WORK/small.jsonl" --sponsor "$KEYS/steward.key"
"$TRIBUTARY" --json revenue report hf:org/top --key "$KEYS/reporter.key" --currency USD \
  --amount 12.50 --reference first >"$WORK/report"
"$TRIBUTARY" --quiet incident report hf:org/top --key "$KEYS/steward.key" --category advice \
  --severity 2 --evidence "$WORK/small.jsonl"
TX=$(field id <"$WORK/report")
ENTRY=$(field committed.position.entry <"$WORK/report")
TX64=$(python3 -c 'import base64,sys; print(base64.b64encode(bytes.fromhex(sys.argv[1])).decode())' "$TX")
python3 "$E2E_DIR/demo.py" settled "$TRIBUTARY"

step "each read method"
TOP='{"record":{"external_id":"HF:ORG/TOP"}}'
call GetStatus; answer chain_id dev.local; answer records 4
call GetTransaction "{\"id\":\"$TX64\"}"; answer committed.position.entry "$ENTRY"
call WaitTransaction "{\"id\":\"$TX64\",\"timeout_ms\":1000}"; answer committed.position.entry "$ENTRY"
call GetRecord "$TOP"; answer record.external_id hf:org/top; answer parents.1.share_ppb 250000000
call ListRecords '{"kind":"RECORD_KIND_MODEL","page_size":2}'; answer records.0.record.external_id hf:org/top
has next_page_token
call GetAccount '{"account":{"handle":"hf/top"}}'; answer custodial true; answer sponsor_handle steward
call ListAccounts '{"role":"ROLE_TREASURER"}'; answer accounts.0.handle treasurer
call ListAncestors "$TOP"; answer total 3; answer depth 2
call ListDescendants '{"record":{"sequence":0}}'; answer total 3
call GetBalance '{"account":{"handle":"hf/top"}}'; answer balances.0.credited.minor 6187500
call GetStatement '{"account":{"handle":"hf/base"}}'; answer lines.0.record_name hf:org/base
call GetBalanceProof '{"account":{"handle":"hf/top"},"currency":"USD"}'; has '"checkpoint"'
call GetRecordStatement '{"record":{"external_id":"hf:org/top"}}'; answer lines.0.credited.minor 6187500
call GetAssetStatement '{"asset":{"external_id":"hf:org/top"}}'; answer lines.0.gross.minor 12500000
call ListRevenue '{"asset":{"external_id":"hf:org/top"}}'; answer events.0.reference first
call ListSettlements; answer settlements.0.gross.minor 12500000
call GetSettlement '{"number":"0"}'; answer sources.0.record_name hf:org/top
call PreviewSplit '{"asset":{"external_id":"hf:org/top"},"currency":"USD","amount_minor":"1000"}'
answer recipients.0.amount.minor 495; answer recipients_total 4
call ExplainRevenue '{"reporter":{"handle":"reporter"},"reference":"first"}'
answer state REVENUE_STATE_SETTLED; answer split.gross.minor 12500000
call ExplainBalance '{"account":{"handle":"hf/base"},"currency":"USD"}'
answer records.0.record_name hf:org/base
call ListVersions '{"record":{"external_id":"hf:org/base"}}'; answer versions.0.in_force true
call ListPayouts; has as_of
call ListReporting; has as_of
call ListCases; has as_of
refused GetCase '{"number":"7"}'; has NotFound
refused SimulateRuling '{"number":"7","choices":[0]}'; has CaseUnknown
call ListProposals; has as_of
refused GetProposal '{"number":"7"}'; has NotFound
call GetGovernance; answer admin_threshold 1
refused GetReservation '{"commitment":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}'; has NotFound
call ListAttestations '{"asset":{"external_id":"hf:org/top"}}'; answer asset_name hf:org/top
call ListReceivables; answer receivables.0.outstanding.minor 12500000
call GetTrialBalance; answer currencies.0.balanced true
call GetIncident '{"number":"0"}'; answer subject_name hf:org/top; answer severity 2
call ListIncidents '{"record":{"external_id":"hf:org/top"}}'; answer incidents.0.category advice
call TraceResponsibility '{"asset":{"external_id":"hf:org/top"}}'; answer total 4
answer records.0.name hf:org/top
call FindSimilar "{\"sketch\":\"$(head -c 128 /dev/zero | base64 -w 0)\"}"; answer complete true
call GetBlock '{"latest":true}'; has header_hash
call GetEntry "{\"index\":\"$ENTRY\"}"; answer kind ENTRY_KIND_TRANSACTION; answer transaction_id "$TX64"
call ListEntries '{"first":"0","page_size":3}'; answer entries.0.kind ENTRY_KIND_GENESIS
call StreamEntries '{"first":"0"}'; has ENTRY_KIND_HEADER
call StreamCredits '{"account":{"handle":"hf/top"}}'; has '"6187500"'
call GetInclusionProof "{\"index\":\"$ENTRY\"}"; has hashes
call GetConsistencyProof '{"first_size":"1"}'; has second_root
call GetCheckpoint; has root

for method in $METHODS; do
  case $method in Submit | SubmitStream) continue ;; esac
  [[ " ${CALLED[*]} " == *" $method "* ]] || die "the method $method is not called here"
done

step "a refused submit"
status=0
"$GRPCURL" -plaintext -d '{"signed_transaction":"AAEC"}' "$TRIBUTARY_NODE" "$SERVICE/Submit" \
  >"$WORK/answer" 2>&1 || status=$?
[[ $status != 0 ]] || die "nonsense was accepted"
CALLED+=(Submit)
has ErrorInfo; has '"domain": "tributary"'; has BadRequest
stop_node
echo "grpcurl: ${#CALLED[@]} calls as expected"
