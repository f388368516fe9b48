#!/usr/bin/env bash
# Harm and who answers for it, on a real node and from the command line alone: an incident, the trace
# as a table, JSON and a picture, a freeze by two arbiters, and a ruling that compensates.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

tributary() { "$TRIBUTARY" --quiet "$@"; }
# exits CODE COMMAND...: with its output in $WORK/out and $WORK/err.
exits() {
  local expected=$1 status=0
  shift
  "$TRIBUTARY" --quiet "$@" >"$WORK/out" 2>"$WORK/err" || status=$?
  [[ $status == "$expected" ]] ||
    die "$*: expected exit code $expected, got $status: $(cat "$WORK/out" "$WORK/err")"
}
says() { grep -qF -- "$1" "$WORK/err" || die "no '$1' in: $(cat "$WORK/err")"; }
prints() { grep -qF -- "$1" "$WORK/out" || die "no '$1' in: $(cat "$WORK/out")"; }

make_work
mkdir -p "$WORK/keys"
for name in admin steward steward2 reporter arbiter arbiter2 ada bob eve; do
  exits 0 keys new $name --out "$WORK/keys/$name.key"
done
cat >"$WORK/genesis.toml" <<TOML
chain_id = "test/incidents"
[parameters]
epoch_ms = 2000
maturity_epochs = 1
fee_ppb = 10000000
fee_max_ppb = 50000000
royalty_max_ppb = 200000000
freeze_ms = 60000
[thresholds]
admins = 1
arbiters = 2
[[currencies]]
code = "USD"
decimals = 6
payout_unit_minor = 10000
TOML
for name in admin steward steward2 reporter arbiter arbiter2; do
  printf '[[accounts]]\nhandle = "%s"\npublic_key_file = "%s"\nroles = ["%s"]\n' \
    $name "$WORK/keys/$name.key.pub" "${name%2}"
  if [[ $name == reporter ]]; then
    echo 'credit_limits = [{currency = "USD", limit_minor = "unlimited"}]'
  fi
done >>"$WORK/genesis.toml"
"$TRIBUTARYD" init --config "$WORK/tributaryd.toml" --genesis "$WORK/genesis.toml"
start_node
K=$WORK/keys

step "a data set with a royalty, a model, and an assistant that gives advice"
for name in ada bob eve; do
  exits 0 account register $name --key "$K/steward.key" --account-key "$K/$name.key"
done
exits 0 record submit --key "$K/ada.key" --kind dataset --external-id hf:ada/set --royalty 5%
exits 0 record submit --key "$K/bob.key" --kind model --external-id hf:bob/model \
  --parent hf:ada/set=trained_on --pass-through 60%
exits 0 record submit --key "$K/bob.key" --kind agent --external-id hf:bob/assistant \
  --title 'Assistant <script>' --parent hf:bob/model=finetuned_from --pass-through 30%
exits 0 revenue report hf:bob/assistant --key "$K/reporter.key" --currency USD --amount 100 \
  --reference sale

step "somebody is harmed and says so"
echo "the advice was wrong" >"$WORK/evidence.txt"
exits 1 incident report hf:bob/assistant --key "$K/eve.key" --category advice --severity 5 \
  --evidence "$WORK/evidence.txt"
exits 1 incident report hf:bob/assistant --key "$K/eve.key" --category advice --severity 3 \
  --evidence "$WORK/no-such-file"
exits 0 incident report hf:bob/assistant --key "$K/eve.key" --category advice --severity 3 \
  --evidence "$WORK/evidence.txt" --uri https://example.org/advice
prints "incident 0 reported"
exits 0 incident list --state open
prints hf:bob/assistant
exits 0 --json incident show 0
expect "$(field evidence_sha256 <"$WORK/out")" "$(sha256sum <"$WORK/evidence.txt" | cut -d ' ' -f 1)" \
  "the evidence"

step "what it earns is frozen, by two arbiters"
exits 2 incident freeze 0 --key "$K/arbiter.key"
exits 0 incident freeze 0 --key "$K/arbiter.key" --co-signer "$K/arbiter2.key"
exits 2 incident freeze 0 --key "$K/arbiter.key" --co-signer "$K/arbiter2.key"
says "rule 710 "
exits 0 incident show 0
prints "frozen gross"
prints "signed by arbiter, arbiter2"

step "it is traced: the same shares as the preview's, as a table, JSON and a picture"
exits 0 trace hf:bob/assistant --svg "$WORK/trace.svg"
prints "incident 0: advice, severity 3, reported by eve, frozen"
prints "no validators"
if command -v xmllint >/dev/null; then xmllint --noout "$WORK/trace.svg"; fi
grep -q "Who answers for" "$WORK/trace.svg" || die "no heading in the picture"
if grep -q "<script" "$WORK/trace.svg"; then die "a title is not escaped in the picture"; fi
tributary --json trace hf:bob/assistant >"$WORK/trace.json"
tributary --json trace --reporter reporter --event sale >"$WORK/event.json"
tributary --json preview hf:bob/assistant --currency USD --minor 1000000000 >"$WORK/preview.json"
python3 - "$WORK" <<'PYTHON'
import json
import sys
from collections import defaultdict

work = sys.argv[1]
preview = json.load(open(work + "/preview.json"))
want = {one["handle"]: int(one["amount"]["atoms"]) for one in preview["recipients"]}
for name in ("trace", "event"):
    trace = json.load(open(f"{work}/{name}.json"))
    got = defaultdict(int)
    for record in trace["records"]:
        for author in record["authors"]:
            got[author["handle"]] += int(author["amount_e18"])
    assert got == want, (name, got, want)
    assert int(trace["fee_e18"]) + int(trace["rounding_e18"]) + sum(got.values()) == 10**18
    accounts = {one["handle"]: one for one in trace["accounts"]}
    assert accounts["bob"]["sponsor_handle"] == "steward", accounts
assert trace["event"]["reporter_handle"] == "reporter", trace["event"]
PYTHON
exits 1 trace hf:bob/assistant --event sale
exits 2 trace hf:nobody/nothing

step "the arbiters uphold it and compensate out of what is frozen, once"
echo "it was" >"$WORK/reasons.txt"
exits 1 incident rule 0 --key "$K/arbiter.key" --uphold --dismiss --reasons "$WORK/reasons.txt"
exits 2 incident rule 0 --key "$K/arbiter.key" --co-signer "$K/arbiter2.key" --uphold \
  --reasons "$WORK/reasons.txt" --compensate ada=USD:100.01
says "rule 711 "
exits 0 incident rule 0 --key "$K/arbiter.key" --co-signer "$K/arbiter2.key" --uphold \
  --reasons "$WORK/reasons.txt" --compensate eve=USD:25
exits 0 --json balance eve --currency USD
expect "$(field balances.0.available.major <"$WORK/out")" 25.00 "what was compensated"
exits 0 incident show 0
prints "25.00 USD to eve"
exits 2 incident unfreeze 0 --key "$K/arbiter.key" --co-signer "$K/arbiter2.key" \
  --reasons "$WORK/reasons.txt"

step "and the rest goes its way"
python3 "$E2E_DIR/demo.py" settled "$TRIBUTARY"
exits 0 --json balance bob --currency USD
tributary --json revenue statement hf:bob/assistant --currency USD >"$WORK/statement.json"
expect "$(field lines.0.gross.major <"$WORK/statement.json")" 75.00 "what was split"
stop_node
exits 0 audit "$DATA"
echo "incidents: as expected"
