#!/usr/bin/env bash
# The demo: one node from its first record to its audit. Ends by itself in less than two minutes, with
# a code that is not zero if anything in it is wrong. KEEP=1 keeps its directory.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

LAYERS=10 WIDTH=5 EVENTS=300 ROUNDS=3
MS_MAX=120000 # for all of it
BEGIN=$(now_ms)
TIMES=()
MARK=$BEGIN
mark() {
  local now
  now=$(now_ms)
  TIMES+=("$(printf '%-44s %7d ms' "$1" $((now - MARK)))")
  MARK=$now
}
tributary() { "$TRIBUTARY" "$@"; }

step "a new chain with epochs of one second, and a node on it"
make_chain --epoch-ms 1000 --maturity-epochs 1
start_node
tributary status
mark "new chain, node started"

step "the lineage of 1,312 published models and data sets by 376 authors"
tributary import lineage "$DATA_FILE" --sponsor "$KEYS/steward.key"
mark "1,312 records imported"
step "the same once more: nothing may change"
HEIGHT=$(tributary --json status | field height)
AGAIN=$(tributary --json --quiet import lineage "$DATA_FILE" --sponsor "$KEYS/steward.key")
echo "$AGAIN"
expect "$(field records <<<"$AGAIN")" 1312 "records in the file"
expect "$(field authors <<<"$AGAIN")" 376 "authors in the file"
expect "$(field records_known <<<"$AGAIN")" 1312 "records that were there already"
expect "$(field authors_known <<<"$AGAIN")" 376 "authors that were there already"
expect "$(field transactions <<<"$AGAIN")" 0 "transactions of the second import"
expect "$(tributary --json status | field height)" "$HEIGHT" "height after the second import"
expect "$(tributary --json status | field records)" 1312 "records on the chain"
mark "imported again, nothing changed"

step "a made-up lineage that merges all of $WIDTH models again in each of $LAYERS layers: $WIDTH^$LAYERS paths"
tributary import generate-remerge --layers $LAYERS --width $WIDTH --out "$WORK/remerge.jsonl"
MERGED=$(tributary --json --quiet import lineage "$WORK/remerge.jsonl" --sponsor "$KEYS/steward.key")
echo "$MERGED"
expect "$(field records <<<"$MERGED")" $(((LAYERS + 1) * WIDTH)) "records of the re-merging lineage"
expect "$(field records_known <<<"$MERGED")" 0 "of which were there already"
expect "$(tributary --json status | field records)" $((1312 + (LAYERS + 1) * WIDTH)) "records in all"
DEEP=$(tributary --json lineage ancestors "hf:remerge-$LAYERS/model-0" --limit 1)
expect "$(field depth <<<"$DEEP")" $LAYERS "depth of the last layer"
expect "$(field total <<<"$DEEP")" $((LAYERS * WIDTH)) "ancestors of the last layer, each once"
expect "$(field edges <<<"$DEEP")" $(((LAYERS - 1) * WIDTH * WIDTH + WIDTH)) "edges that lead there"
mark "re-merging lineage imported"

step "$EVENTS paid inferences on the most derived models"
python3 "$E2E_DIR/demo.py" events "$DATA_FILE" "$WORK/remerge.jsonl" $EVENTS >"$WORK/events.jsonl"
split -n "l/$ROUNDS" "$WORK/events.jsonl" "$WORK/round."
for round in "$WORK"/round.*; do
  tributary --quiet revenue batch "$round" --key "$KEYS/reporter.key"
  sleep 1.1 # another epoch
done
AGAIN=$(tributary --json --quiet revenue batch "$WORK/events.jsonl" --key "$KEYS/reporter.key")
expect "$(field known <<<"$AGAIN")" $EVENTS "events known when they are reported again"
mark "$EVENTS events reported in $ROUNDS epochs, and again"

step "epochs end, the revenue settles"
python3 "$E2E_DIR/demo.py" settled "$TRIBUTARY"
expect "$(tributary --json status | field settlements)" $ROUNDS "settlements"
tributary trial-balance
mark "settled"

step "who earned what"
python3 "$E2E_DIR/demo.py" assets "$TRIBUTARY" "$WORK/events.jsonl"
python3 "$E2E_DIR/demo.py" earners "$TRIBUTARY" "$WORK/top"
TOP=$(cat "$WORK/top")
mark "everybody's balance read"

step "an inference of the deepest model explained, as a tree with its paths"
tributary explain event reporter \
  "$(python3 "$E2E_DIR/demo.py" deepest "$WORK/events.jsonl" "$DATA_FILE")" --recipients 8 --paths 2
step "and one of a model that is reached along $((WIDTH ** LAYERS)) paths"
tributary explain event reporter \
  "$(python3 "$E2E_DIR/demo.py" deepest "$WORK/events.jsonl" "$WORK/remerge.jsonl")" \
  --recipients 3 --paths 1
step "the balance of $TOP explained"
tributary explain balance "$TOP" --currency USD --limit 3
mark "explained"

step "$TOP claims its account, the money arrives, and it is paid"
tributary keys new "$TOP" --out "$WORK/top.key"
tributary account claim "$TOP" --key "$KEYS/steward.key" --account-key "$WORK/top.key"
PAYABLE=$(tributary --json balance "$TOP" --currency USD | field balances.0.payable_now.major)
refused 604 tributary payout request --key "$WORK/top.key" --currency USD --amount "$PAYABLE"
tributary funding confirm reporter --key "$KEYS/treasurer.key" --currency USD \
  --amount "$PAYABLE" --reference bank-1
tributary payout request --key "$WORK/top.key" --currency USD --amount "$PAYABLE"
PAYOUT=$(tributary --json payout list --state requested | field payouts.0.number)
tributary payout confirm "$PAYOUT" --key "$KEYS/treasurer.key" --reference wire-1
refused 606 tributary payout confirm "$PAYOUT" --key "$KEYS/treasurer.key" --reference wire-2
tributary payout list
expect "$(tributary --json payout list --state paid | field payouts.0.number)" "$PAYOUT" "payout paid"
expect "$(tributary --json status | field payouts)" 1 "payouts in all"
tributary statement "$TOP" | tail -n 6
expect "$(tributary --json balance "$TOP" --currency USD | field balances.0.paid.major)" \
  "$PAYABLE" "amount paid"
tributary --json trial-balance >"$WORK/books"
expect "$(field currencies.0.balanced <"$WORK/books")" true "the books balance"
expect "$(field currencies.0.sources.atoms <"$WORK/books")" \
  "$(field currencies.0.uses.atoms <"$WORK/books")" "both sides of the books"
mark "paid"

if [[ -n ${TRIBUTARY_LOG_OUT:-} ]]; then
  step "the log as the tile reader serves it goes to $TRIBUTARY_LOG_OUT"
  python3 "$E2E_DIR/save_log.py" "$(sed -n 's/^tiles //p' "$DATA/listen")" \
    "$(tributary --json status | field log_size)" >"$TRIBUTARY_LOG_OUT"
fi

step "the node stops, and its whole log is audited"
stop_node
tributary audit "$DATA" | tee "$WORK/audit"
grep -q "everything holds" "$WORK/audit" || die "the audit does not say that everything holds"
mark "audited"

step "summary"
printf '%s\n' "${TIMES[@]}"
TOOK=$(($(now_ms) - BEGIN))
printf '%-44s %7d ms\n' "all" $TOOK
[[ $TOOK -lt $MS_MAX ]] || die "the demo took $TOOK ms, more than $MS_MAX"
echo "the demo holds"
