#!/usr/bin/env bash
# Statements in three formats, the books at every height, batches of payouts for a bank, and the
# takeover of a custodial account's balance: on a real node, from the command line alone.
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
for name in admin steward reporter treasurer arbiter ada bob hf/carol; do
  exits 0 keys new $name --out "$WORK/keys/${name#hf/}.key"
done
cat >"$WORK/genesis.toml" <<TOML
chain_id = "test/statements"
[parameters]
epoch_ms = 1000
maturity_epochs = 1
claim_notice_ms = 8000
[[currencies]]
code = "USD"
decimals = 6
payout_unit_minor = 10000
minimum_payout_minor = 20000
[[currencies]]
code = "EUR"
decimals = 9
payout_unit_minor = 10000000
TOML
for role in admin steward reporter treasurer arbiter; do
  printf '[[accounts]]\nhandle = "%s"\npublic_key_file = "%s"\nroles = ["%s"]\n' \
    $role "$WORK/keys/$role.key.pub" $role
  if [[ $role == reporter ]]; then
    echo 'credit_limits = [{currency = "USD", limit_minor = "unlimited"}, {currency = "EUR", limit_minor = "unlimited"}]'
  fi
done >>"$WORK/genesis.toml"
"$TRIBUTARYD" init --config "$WORK/tributaryd.toml" --genesis "$WORK/genesis.toml"
start_node
STEWARD=$WORK/keys/steward.key REPORTER=$WORK/keys/reporter.key TREASURER=$WORK/keys/treasurer.key

step "a lineage with a custodial account in it"
for name in ada bob; do
  exits 0 account register $name --key "$STEWARD" --account-key "$WORK/keys/$name.key"
done
echo '{"author":"carol","id":"datasets/carol/set","parents":[]}' >"$WORK/lineage"
exits 0 import lineage "$WORK/lineage" --sponsor "$STEWARD"
exits 0 record submit --key "$WORK/keys/ada.key" --kind dataset --external-id hf:ada/set
exits 0 record submit --key "$WORK/keys/bob.key" --kind model --external-id hf:bob/model \
  --parent hf:ada/set=trained_on --parent 'hf:datasets/carol/set=trained_on*2' --pass-through 60%
# Its title is a formula.
exits 0 record submit --key "$WORK/keys/bob.key" --kind model --title '=1+1, "agent"' \
  --sha256 "$(printf agent | sha256sum | cut -d ' ' -f 1)" --bytes 5 \
  --parent hf:bob/model=derived_from --pass-through 33.3333333%
AGENT=sha256:$(printf agent | sha256sum | cut -d ' ' -f 1)

step "revenue over several epochs"
for i in 1 2 3; do
  exits 0 revenue report hf:bob/model --key "$REPORTER" --currency USD --minor 1000003 --reference "m$i"
  exits 0 revenue report "$AGENT" --key "$REPORTER" --currency USD --minor 777777 --reference "a$i"
  exits 0 revenue report "$AGENT" --key "$REPORTER" --currency EUR --minor 19 --reference "e$i"
  sleep 1.1
done
python3 "$E2E_DIR/demo.py" settled "$TRIBUTARY"
exits 0 funding confirm reporter --key "$TREASURER" --currency USD --minor 5333340 --reference f1

step "a custodial balance waits, and passes with the claim"
exits 0 --json balance hf/carol --currency USD
CAROL=$(field balances.0.available.atoms <"$WORK/out")
[[ $CAROL != 0 ]] || die "the custodial account earned nothing"
exits 2 payout request --key "$WORK/keys/carol.key" --currency USD --amount 0.03
says "rule 212 "
exits 0 account claim hf/carol --key "$STEWARD" --account-key "$WORK/keys/carol.key"
exits 2 payout request --key "$WORK/keys/carol.key" --currency USD --amount 0.03
says "rule 212 "
sleep 8.2
exits 0 payout request --key "$WORK/keys/carol.key" --currency USD --amount 0.03
exits 0 --json balance hf/carol --currency USD
expect "$(field balances.0.available.atoms <"$WORK/out")" $((CAROL - 30000000000000)) \
  "what the claimed account has after its request"

step "the minimum of a currency"
exits 2 payout request --key "$WORK/keys/ada.key" --currency USD --amount 0.01
says "rule 607 "
exits 0 payout request --key "$WORK/keys/ada.key" --currency USD --amount 0.02

step "payouts leave as a batch, and come back with their results, twice"
exits 0 payout request --key "$WORK/keys/bob.key" --currency USD --amount 0.50
exits 0 payout request --key "$WORK/keys/bob.key" --currency USD --amount 0.25
exits 0 --json payout export --currency USD --out "$WORK/batch.csv"
expect "$(field payouts <"$WORK/out")" 4 "payouts exported"
BATCH=$(field batch <"$WORK/out")
grep -q "^0,hf/carol,0.03,USD,2[0-9T:.-]*Z,$BATCH,,"$'\r'"\$" "$WORK/batch.csv" ||
  die "no line of payout 0: $(cat "$WORK/batch.csv")"
exits 3 payout export --currency USD --out "$WORK/batch.csv"
python3 - "$WORK/batch.csv" "$WORK/result.csv" <<'PYTHON'
import csv
import sys

with open(sys.argv[1], newline="") as file:
    rows = list(csv.DictReader(file))
results = {"0": ("paid", "wire-0"), "1": ("paid", "wire, 1"), "2": ("failed", "account closed")}
for row in rows:
    row["result"], row["reference"] = results.get(row["payout"], ("", ""))
    row["amount"] = row["amount"].rstrip("0")  # as a spreadsheet would
with open(sys.argv[2], "w", newline="", encoding="utf-8-sig") as file:
    writer = csv.DictWriter(file, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
PYTHON
exits 2 payout import "$WORK/result.csv" --key "$REPORTER"
says "rule 213 "
exits 0 --json payout import "$WORK/result.csv" --key "$TREASURER"
expect "$(tr -d '\n' <"$WORK/out")" '{"paid":2,"failed":1,"known":0,"open":1,"wrong":0}' "import"
exits 0 --json payout import "$WORK/result.csv" --key "$TREASURER"
expect "$(tr -d '\n' <"$WORK/out")" '{"paid":0,"failed":0,"known":3,"open":1,"wrong":0}' "import again"
exits 0 payout list --state paid
prints "wire, 1"
exits 0 --json balance hf/carol --currency USD
expect "$(field balances.0.paid.major <"$WORK/out")" 0.03 "what was paid to the claimed account"
HEIGHT=$(tributary --json status | field height)
printf 'payout,result,reference\n0,paid,other\n3,paid,wire-0\n9,paid,x\n' >"$WORK/wrong.csv"
exits 1 payout import "$WORK/wrong.csv" --key "$TREASURER"
says 'wrong.csv:2: payout 0 is closed already, paid with the reference "wire-0"'
says 'wrong.csv:3: the reference "wire-0" is that of payout 0'
says 'wrong.csv:4: there is no payout 9'
expect "$(tributary --json status | field height)" "$HEIGHT" "height after a refused import"
printf 'payout,result,reference\n0,paid,other\n3,paid,wire-3\n' >"$WORK/wrong.csv"
exits 1 --json payout import "$WORK/wrong.csv" --key "$TREASURER" --partial
expect "$(tr -d '\n' <"$WORK/out")" '{"paid":1,"failed":0,"known":0,"open":0,"wrong":1}' "partial import"
printf 'payout,result,reference\n0,paid,"x\n' >"$WORK/wrong.csv"
exits 1 payout import "$WORK/wrong.csv" --key "$TREASURER" --partial
says "a quote is not closed"

step "a statement adds up to the balance, in each format and by each period"
for account in ada bob hf/carol; do
  for by in "" settlement epoch month; do
    tributary --json balance "$account" >"$WORK/balance.json"
    tributary --json statement "$account" ${by:+--by $by} >"$WORK/statement.json"
    tributary statement "$account" ${by:+--by $by} >"$WORK/statement.txt"
    rm -f "$WORK/statement.csv"
    tributary statement "$account" ${by:+--by $by} --csv "$WORK/statement.csv"
    python3 - "$WORK" "$account" <<'PYTHON'
import csv
import json
import re
import sys
from collections import defaultdict
from decimal import Decimal

work, account = sys.argv[1:]
balances = {b["currency"]: b for b in json.load(open(work + "/balance.json"))["balances"]}
want = {c: int(b["available"]["atoms"]) for c, b in balances.items()}
sign = {"credit": 1, "payout_requested": -1, "payout_paid": 0, "payout_failed": 1}

by_csv = defaultdict(int)
for row in csv.DictReader(open(work + "/statement.csv", newline="")):
    by_csv[row["currency"]] += int(row["available_atoms"])
    assert int(row["amount_atoms"]) * sign[row["kind"]] == int(row["available_atoms"]), row
    assert Decimal(row["amount_minor"]) * 10**9 == int(row["amount_atoms"]), row
    assert not row["record_name"].startswith("="), row
by_json = defaultdict(int)
for line in json.load(open(work + "/statement.json"))["lines"]:
    by_json[line["amount"]["currency"]] += int(line["amount"]["atoms"]) * sign[line["kind"]]
by_text = defaultdict(Decimal)
for text in open(work + "/statement.txt"):
    found = re.search(r" ([+-])([0-9.]+) ([A-Z]{3})$", text)
    if found:
        decimals = {"USD": 6, "EUR": 9}[found[3]]
        by_text[found[3]] += Decimal(found[1] + found[2]) * 10 ** (decimals + 9)
for currency, atoms in want.items():
    assert by_csv[currency] == atoms, (account, currency, by_csv[currency], atoms)
    assert by_json[currency] == atoms, (account, currency, by_json[currency], atoms)
    assert by_text[currency] == atoms, (account, currency, by_text[currency], atoms)
PYTHON
  done
done
exits 0 statement bob --record "$AGENT" --csv -
prints "\"'=1+1, \"\"agent\"\"\""
exits 1 statement bob --by year
exits 2 statement bob --record "$AGENT" --asset "$AGENT"
exits 0 --json statement ada --asset hf:bob/model --currency USD
python3 -c 'import json, sys
lines = json.load(sys.stdin)["lines"]
assert lines, "no lines"
for line in lines:
    parts = sum(int(line[part]["atoms"]) for part in ("amount", "other", "rounding"))
    assert parts == int(line["credited"]["atoms"]), line' <"$WORK/out"

step "of a record, of an asset, and back to settlements and events"
exits 0 --json record statement hf:bob/model --currency USD
python3 -c 'import json, sys
statement = json.load(sys.stdin)
books = {name: int(value["atoms"]) for name, value in statement["books"][0].items() if name != "currency"}
assert books["inflow"] + books["extra"] == books["passed_on"] + books["credited"] + books["dust"], books
assert sum(int(line["credited"]["atoms"]) for line in statement["lines"]) == books["credited"]' <"$WORK/out"
exits 0 record statement hf:bob/model --by month
prints "books:"
exits 0 --json revenue statement "$AGENT" --currency EUR --by month
expect "$(field lines.0.gross.minor <"$WORK/out")" 57 "what the asset earned"
exits 0 revenue statement "$AGENT" --csv -
prints "gross_atoms"
exits 0 --json settlement list --currency EUR
NUMBER=$(field settlements.0.number <"$WORK/out") EPOCH=$(field settlements.0.epoch <"$WORK/out")
exits 0 settlement show "$NUMBER"
prints '=1+1, "agent"'
exits 0 revenue list "$AGENT" --currency EUR --epoch "$EPOCH"
prints settled
exits 2 settlement show 100000

step "the books add to zero after every block"
HEIGHT=$(tributary --json status | field height)
for ((h = 1; h <= HEIGHT; h++)); do tributary --json trial-balance --height "$h"; done >"$WORK/books"
python3 - "$WORK/books" "$HEIGHT" <<'PYTHON'
import json
import sys

decoder, text, at, count, moved = json.JSONDecoder(), open(sys.argv[1]).read().strip(), 0, 0, set()
while at < len(text):
    books, at = decoder.raw_decode(text, at)
    while at < len(text) and text[at].isspace():
        at += 1
    count += 1
    assert int(books["as_of"]["height"]) == count, books["as_of"]
    for one in books["currencies"]:
        atoms = {name: int(part["atoms"]) for name, part in one.items() if isinstance(part, dict)}
        debit = atoms["reported"] + atoms["deposited"] + atoms["debits"]
        credit = sum(atoms[name] for name in ("reversed", "fees", "available", "reserved", "escrow",
                                              "bonds", "paid", "pending", "dust"))
        assert debit == credit and one["balanced"], (count, one)
        moved.add((one["currency"], atoms["available"], atoms["paid"]))
assert count == int(sys.argv[2]), count
assert len(moved) > 8, "the books of past blocks differ from each other"
PYTHON
exits 0 trial-balance --height "$HEIGHT"
prints "debit - credit = 0"
exits 1 trial-balance --height 0
exits 2 trial-balance --height $((HEIGHT + 1))

step "and are the same when everything is rebuilt from the log"
stop_node
"$TRIBUTARYD" repair --data "$DATA"
start_node
for ((h = 1; h <= HEIGHT; h++)); do tributary --json trial-balance --height "$h"; done >"$WORK/books2"
cmp "$WORK/books" "$WORK/books2" || die "the books of a rebuilt node differ"
tributary --json statement bob >"$WORK/statement2.json"
python3 -c 'import json, sys
print(len(json.load(open(sys.argv[1]))["lines"]))' "$WORK/statement2.json"
stop_node
exits 0 audit "$DATA"
echo "statements: as expected"
