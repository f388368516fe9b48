#!/usr/bin/env bash
# A reporter's work from the command line alone, on a real node: files of events with attributions
# and refunds, what they owe and state, amendments and lowered royalties, payouts that nobody asks
# for; and each line of a statement traced to its settlement and from there to its events.
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
lacks() { ! grep -qF -- "$1" "$WORK/out" || die "'$1' in: $(cat "$WORK/out")"; }
# The epoch in which the next block falls: that of the last one may be long over.
epoch() {
  tributary --json status | python3 -c 'import json, sys, time
status = json.load(sys.stdin)
over_ms = time.time_ns() // 1_000_000 - int(status["epoch_start_ms"])
print(int(status["epoch"]) + max(over_ms, 0) // int(status["parameters"]["epoch_ms"]))'
}
# An epoch begins: what follows at once is all of it, also on a slow machine.
new_epoch() {
  local former
  former=$(epoch)
  until (($(epoch) > former)); do sleep 0.05; done
}
settle() { python3 "$E2E_DIR/demo.py" settled "$TRIBUTARY"; }

make_work
mkdir -p "$WORK/keys"
for name in admin steward reporter attributor treasurer arbiter ada bob cy; do
  exits 0 keys new $name --out "$WORK/keys/$name.key"
done
cat >"$WORK/genesis.toml" <<TOML
chain_id = "test/revenue"
[parameters]
epoch_ms = 2000
maturity_epochs = 1
fee_ppb = 10000000
fee_max_ppb = 50000000
royalty_max_ppb = 200000000
[[currencies]]
code = "USD"
decimals = 6
payout_unit_minor = 10000
TOML
for role in admin steward reporter attributor treasurer arbiter; do
  printf '[[accounts]]\nhandle = "%s"\npublic_key_file = "%s"\nroles = ["%s"]\n' \
    $role "$WORK/keys/$role.key.pub" $role
  if [[ $role == reporter ]]; then
    echo 'credit_limits = [{currency = "USD", limit_minor = 1000000000}]'
  fi
done >>"$WORK/genesis.toml"
exits 0 keys new log --out "$WORK/keys/log.key"
printf '[checkpoint]\nkey_file = "%s"\n' "$WORK/keys/log.key" >>"$WORK/tributaryd.toml"
"$TRIBUTARYD" init --config "$WORK/tributaryd.toml" --genesis "$WORK/genesis.toml"
start_node
K=$WORK/keys REPORTER=$WORK/keys/reporter.key

step "a model with a royalty above it, and outputs that may be attributed"
for name in ada bob cy; do
  exits 0 account register $name --key "$K/steward.key" --account-key "$K/$name.key"
done
exits 0 record submit --key "$K/ada.key" --kind dataset --external-id hf:ada/set --royalty 5%
exits 0 record submit --key "$K/cy.key" --kind data_item --external-id hf:cy/item
exits 0 record submit --key "$K/cy.key" --kind dataset --external-id hf:cy/notes \
  --parent hf:ada/set=derived_from --pass-through 20%
exits 0 record submit --key "$K/bob.key" --kind model --external-id hf:bob/model --alpha-max 50% \
  --parent hf:ada/set=trained_on --parent hf:cy/notes=trained_on --pass-through 40%

step "events, attributions and refunds in one file, imported twice"
exits 0 preview hf:bob/model --currency USD --amount 2 --alpha 40% \
  --influence hf:cy/item=3 --influence hf:cy/notes
prints "of it attributed 0.80 USD (40.00 %)"
prints "0.60 USD to hf:cy/item, weight 3, 30 % of gross"
exits 1 preview hf:bob/model --currency USD --amount 2 --influence hf:cy/item
exits 2 preview hf:bob/model --currency USD --amount 2 --alpha 51% --influence hf:cy/item
exits 0 revenue attribute hf:bob/model --key "$K/attributor.key" --reporter reporter --reference s2 \
  --alpha 40% --method trak --influence hf:cy/item=3 --influence hf:cy/notes --out "$WORK/s2.json"
cat >"$WORK/sales.csv" <<'CSV'
asset,currency,amount,reference,refund_of,attribution
hf:bob/model,USD,10,s1,,
hf:bob/model,USD,2,s2,,s2.json
hf:bob/model,USD,3.5,s3,,
,USD,1,r1,s2,
hf:cy/notes,USD,1,s4,,
CSV
new_epoch
FIRST_EPOCH=$(epoch)
exits 0 --json revenue import "$WORK/sales.csv" --key "$REPORTER"
expect "$(tr -d '\n' <"$WORK/out")" '{"events":5,"recorded":5,"known":0}' "import"
exits 0 --json revenue import "$WORK/sales.csv" --key "$REPORTER"
expect "$(tr -d '\n' <"$WORK/out")" '{"events":5,"recorded":0,"known":5}' "import again"
sed -i 's/,r1,s2,/,r1,s2,s2.json/' "$WORK/sales.csv"
exits 1 revenue import "$WORK/sales.csv" --key "$REPORTER"
says "sales.csv:5: a refund has no attribution of its own"

step "the list says what was attributed and given back"
exits 0 revenue list hf:bob/model
prints "refunded 1.00 USD; 40 % attributed by attributor (trak) to 2 records"
prints "refund of s2"
prints "-1.00 USD"
exits 0 explain event reporter s2
prints "refund r1 of 1.00 USD"
prints "taken off before it settled"
prints "attributed to hf:cy/notes, along ─derived_from 20 %→ hf:ada/set"

step "a royalty lowered, a share raised, and one that is taken back"
new_epoch
NOW=$(epoch)
exits 0 record lower-terms hf:ada/set --key "$K/ada.key" --royalty 1% --from-epoch $((NOW + 3))
exits 2 record lower-terms hf:ada/set --key "$K/ada.key" --royalty 2% --from-epoch $((NOW + 60))
says "rule 428 "
exits 0 record amend hf:bob/model --key "$K/bob.key" --pass-through 60% --epoch $((NOW + 3))
exits 2 record amend hf:bob/model --key "$K/bob.key" --pass-through 50% --epoch $((NOW + 50))
exits 0 record amend hf:bob/model --key "$K/bob.key" --pass-through 90% --epoch $((NOW + 50))
exits 0 record withdraw-amendment hf:bob/model --key "$K/bob.key"
exits 0 record versions hf:bob/model
prints "withdrawn"
settle
exits 0 --json explain event reporter s2
expect "$(field state <"$WORK/out")" settled "state of the event"
expect "$(field split.royalties.major <"$WORK/out")" 0.05 "royalty by the terms of its own epoch"

step "lines of a statement lead to a settlement, that to its events, these to who was named"
exits 0 --json statement cy --currency USD --asset hf:bob/model
python3 - "$WORK/out" <<'PYTHON'
import json
import sys

lines = json.load(open(sys.argv[1]))["lines"]
atoms = lambda amount: int(amount["atoms"])
for line in lines:
    assert atoms(line["credited"]) == sum(atoms(line[k]) for k in ("amount", "other", "rounding")), line
    assert atoms(line["attributed"]) <= atoms(line["amount"])
# Of s2, 1 was given back; 0.40 of the other was attributed: 0.30 to the item, 0.10 to the notes,
# which keep 80 %.
assert sum(atoms(line["attributed"]) for line in lines) == 380_000 * 10**9, lines
PYTHON
exits 0 --json statement cy --currency USD
SETTLEMENT=$(field lines.0.settlement <"$WORK/out")
exits 0 --json settlement show "$SETTLEMENT"
python3 - "$WORK/out" >"$WORK/traced" <<'PYTHON'
import json
import sys

answer = json.load(open(sys.argv[1]))
atoms = lambda amount: int(amount["atoms"])
settlement, sources = answer["settlement"], answer["sources"]
assert atoms(settlement["gross"]) == sum(atoms(s["gross"]) for s in sources)
assert sum(atoms(s["directed"]) for s in sources) == sum(atoms(s["attributed"]) for s in sources)
assert sum(atoms(s["royalties_owed"]) for s in sources) == sum(atoms(s["royalties"]) for s in sources)
for s in sources:
    assert atoms(s["gross"]) == sum(atoms(s[k]) for k in ("fee", "net", "royalties_owed", "directed"))
    if atoms(s["gross"]):
        print(s["record_name"], settlement["epoch"], s["gross"]["atoms"])
PYTHON
grep -q "^hf:bob/model $FIRST_EPOCH " "$WORK/traced" || [[ $(epoch) -gt $FIRST_EPOCH ]]
while read -r asset of_epoch gross; do
  exits 0 --json revenue list "$asset" --currency USD --epoch "$of_epoch"
  python3 - "$WORK/out" "$gross" <<'PYTHON'
import json
import sys

events = json.load(open(sys.argv[1]))["events"]
sum_of = lambda refund: sum(int(e["amount"]["atoms"]) for e in events if e["refund"] is refund)
assert sum_of(False) - sum_of(True) == int(sys.argv[2]), events
PYTHON
done <"$WORK/traced"

step "a refund after settlement is a debit of the asset, netted against its next revenue"
exits 0 --json balance bob --currency USD
BEFORE=$(field balances.0.available.atoms <"$WORK/out")
exits 0 revenue refund s1 --key "$REPORTER" --reference r2 --amount 4 --currency USD
exits 2 revenue refund s1 --key "$REPORTER" --reference r2 --amount 4 --currency USD
says "rule 504 "
exits 2 revenue refund s1 --key "$REPORTER" --reference r3 --amount 7 --currency USD
says "rule 514 "
exits 0 --json balance bob --currency USD
expect "$(field balances.0.available.atoms <"$WORK/out")" "$BEFORE" "what a contributor has"
exits 0 explain event reporter s1
prints "after it had settled: netted against the asset's next revenue"
prints "refunds of this asset that wait to be netted: 4.00 USD"
exits 0 revenue statement hf:bob/model
prints "refunds of settled revenue that wait to be netted: 4.00 USD"
until (($(epoch) >= NOW + 3)); do sleep 0.2; done
exits 0 revenue report hf:bob/model --key "$REPORTER" --currency USD --amount 6 --reference s5
settle
exits 0 --json revenue statement hf:bob/model
python3 -c 'import json, sys
answer = json.load(sys.stdin)
last = answer["lines"][-1]
assert last["netted"]["major"] == "4.00" and last["gross"]["major"] == "2.00", last
# By now the royalty is 1 %.
assert last["royalties"]["major"] == "0.02", last
assert answer["debits"][0]["atoms"] == "0", answer["debits"]' <"$WORK/out"
exits 0 --json explain event reporter s5
python3 -c 'import json, sys
split = json.load(sys.stdin)["split"]
parts = {r["handle"]: r["amount"]["minor"] for r in split["recipients"]}
# 60 % of the 98 % that fee and royalty leave are passed on since the amendment.
assert parts["bob"] == "2352000", parts' <"$WORK/out"

step "what reporters owe, have stated, and have not"
exits 0 revenue reporting --reporter reporter --asset hf:bob/model
prints "outstanding 17.50 USD, credit limit 1000.00 USD (reported 22.50 USD, refunded 5.00 USD"
prints "OWED USD"
prints "1 period without a statement"
LAST=$(($(epoch) - 1))
exits 2 revenue declare hf:bob/model --key "$REPORTER" --currency USD --first-epoch 0 \
  --last-epoch $((LAST + 100)) --amount 1
says "rule 516 "
exits 0 revenue declare hf:bob/model --key "$REPORTER" --currency USD --first-epoch 0 \
  --last-epoch $((FIRST_EPOCH + 1)) --amount 14.5
exits 2 revenue declare hf:bob/model --key "$REPORTER" --currency USD \
  --first-epoch $((FIRST_EPOCH + 1)) --last-epoch "$LAST" --amount 2
says "rule 516 "
exits 0 revenue declare hf:bob/model --key "$REPORTER" --currency USD \
  --first-epoch $((FIRST_EPOCH + 2)) --last-epoch "$LAST" --amount 2
exits 0 revenue reporting --asset hf:bob/model --last-epoch "$LAST"
prints "no statement is owed"
exits 0 --json revenue reporting --gaps --last-epoch "$LAST"
expect "$(field reporting.periods.0.asset_name <"$WORK/out")" hf:cy/notes "asset with a gap"
expect "$(field owed.receivables.0.limit.major <"$WORK/out")" 1000.00 "credit limit"

step "payouts that the chain requests by itself leave and come back like any other"
exits 0 account payout-preference --key "$K/bob.key" --currency USD --amount 1
exits 0 account payout-preference --key "$K/ada.key" --currency USD --minor 10000
exits 0 --json payout list
expect "$(field payouts <"$WORK/out")" "[]" "payouts before there are funds"
exits 0 funding confirm reporter --key "$K/treasurer.key" --currency USD --amount 17.5 --reference f1
exits 0 --json payout list --state requested
expect "$(field payouts.0.automatic <"$WORK/out")" true "who requested"
exits 0 payout list
prints "by itself"
exits 0 --json payout export --currency USD --out "$WORK/batch.csv"
expect "$(field payouts <"$WORK/out")" 2 "payouts exported"
python3 - "$WORK/batch.csv" <<'PYTHON'
import csv
import sys

with open(sys.argv[1], newline="") as file:
    rows = list(csv.DictReader(file))
assert sorted(row["account"] for row in rows) == ["ada", "bob"], rows
for row in rows:
    row["result"], row["reference"] = "paid", "wire-" + row["payout"]
with open(sys.argv[1], "w", newline="") as file:
    writer = csv.DictWriter(file, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
PYTHON
exits 0 --json payout import "$WORK/batch.csv" --key "$K/treasurer.key"
expect "$(tr -d '\n' <"$WORK/out")" '{"paid":2,"failed":0,"known":0,"open":0,"wrong":0}' "import"
exits 0 statement bob
prints "paid"
exits 0 account payout-preference --key "$K/bob.key" --currency USD --never

step "a balance is proved to somebody who asks no node"
exits 0 status
LOG_KEY=$(sed -n 's/^log key *//p' "$WORK/out")
exits 0 balance bob --currency USD --proof "$WORK/bob.proof"
exits 0 verify balance "$WORK/bob.proof" --log-key "$LOG_KEY"
prints "bob"
exits 0 keys new other --out "$WORK/keys/other.key"
exits 1 verify balance "$WORK/bob.proof" --log-key "$(cat "$WORK/keys/other.key.pub")"
python3 - "$WORK/bob.proof" <<'PYTHON'
import base64
import sys

first, text = open(sys.argv[1]).read().split("\n", 1)
proof = bytearray(base64.b64decode(text))
proof[200] ^= 1
with open(sys.argv[1], "w") as file:
    text = base64.b64encode(proof).decode()
    lines = [text[i:i + 76] for i in range(0, len(text), 76)]
    file.write("\n".join([first] + lines) + "\n")
PYTHON
exits 4 verify balance "$WORK/bob.proof" --log-key "$LOG_KEY"

step "pictures of a split and of a balance"
exits 0 explain event reporter s2 --svg "$WORK/event.svg"
exits 0 explain balance ada --currency USD --svg "$WORK/balance.svg"
for picture in event balance; do
  python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$WORK/$picture.svg"
done
grep -q "attributed" "$WORK/event.svg" || die "the picture does not say what was attributed"
exits 0 --json revenue list hf:bob/model
PLACE=$(field events.0.entry <"$WORK/out").$(field events.0.operation <"$WORK/out")
exits 0 --json explain event --place "$PLACE"
expect "$(field reference <"$WORK/out")" s1 "event by its place"
exits 1 explain event --place x
exits 1 explain event reporter
exits 0 trial-balance
prints "debit - credit = 0"
stop_node
exits 0 audit "$DATA"
echo "revenue: as expected"
