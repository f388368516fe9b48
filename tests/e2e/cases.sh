#!/usr/bin/env bash
# Disputes, governance and what others say of a record, from the command line alone, on a real node.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

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
answer() { expect "$(field "$1" <"$WORK/out")" "$2" "$1"; }
available() {
  "$TRIBUTARY" --quiet --json balance "$1" --currency USD | field balances.0.available.minor
}
settle() { python3 "$E2E_DIR/demo.py" settled "$TRIBUTARY"; }
HASH=$(printf evidence | sha256sum | cut -d ' ' -f 1)

make_work
mkdir -p "$WORK/keys"
K=$WORK/keys
for name in admin admin2 steward steward2 reporter treasurer arbiter ada bob cy; do
  exits 0 keys new $name --out "$K/$name.key"
done
cat >"$WORK/genesis.toml" <<TOML
chain_id = "test/cases"
[parameters]
epoch_ms = 2000
maturity_epochs = 1
fee_ppb = 10000000
fee_max_ppb = 50000000
royalty_max_ppb = 200000000
reserve_ms = 600000
case_response_ms = 600000
case_ruling_ms = 600000
bond_floor_minor = 1000000
bond_ppb = 0
countersign_required = true
[thresholds]
admins = 2
arbiters = 1
[[currencies]]
code = "USD"
decimals = 6
payout_unit_minor = 10000
TOML
for role in admin admin2 steward steward2 reporter treasurer arbiter; do
  printf '[[accounts]]\nhandle = "%s"\npublic_key_file = "%s"\nroles = ["%s"]\n' \
    $role "$K/$role.key.pub" "${role%2}"
done >>"$WORK/genesis.toml"
"$TRIBUTARYD" init --config "$WORK/tributaryd.toml" --genesis "$WORK/genesis.toml"
start_node

step "two admins raise the reporter's credit and the fee; nobody else votes"
exits 0 gov status
prints "2 of 2 admins decide"
prints "fee_ppb"
exits 1 gov propose --key "$K/admin.key" --reason credit --credit reporter=USD:1000
says "say when it takes effect"
HEIGHT=$("$TRIBUTARY" --json status | field height)
exits 2 gov propose --key "$K/admin.key" --reason x --grant nobody=auditor --height $((HEIGHT + 9))
exits 2 gov propose --key "$K/steward.key" --reason x --grant arbiter=auditor --height $((HEIGHT + 9))
says "rule 213 "
exits 0 --json gov propose --key "$K/admin.key" --reason "more credit" \
  --credit reporter=USD:1000 --height $((HEIGHT + 3))
answer proposal 0
exits 0 gov show 0
prints "credit of reporter in USD"
prints "0 minor units"
prints "1 of the 2 that are needed"
exits 0 gov approve 0 --key "$K/admin2.key"
exits 2 gov approve 0 --key "$K/admin2.key"
NEXT=$(($("$TRIBUTARY" --json status | field epoch) + 4))
exits 0 gov propose --key "$K/admin2.key" --reason costs --parameter fee_ppb=2% --epoch $NEXT
exits 0 gov show 1
prints "1 %   2 %"
exits 0 gov approve 1 --key "$K/admin.key"
exits 0 gov propose --key "$K/admin.key" --reason "not now" --grant arbiter=auditor --height 1000000
exits 0 gov withdraw 2 --key "$K/admin.key"
exits 0 gov list --state withdrawn
prints "role auditor of arbiter"

step "who was first, and what others say of a record"
for name in ada bob cy; do
  exits 0 account register $name --key "$K/steward.key" --account-key "$K/$name.key"
done
printf 'the original' >"$WORK/original"
exits 0 record reserve --key "$K/cy.key" --content "$WORK/original" --out "$WORK/salt"
COMMITMENT=$(sed -n 's/^reserved as \([0-9a-f]*\):.*/\1/p' "$WORK/out")
exits 3 record reserve --key "$K/cy.key" --content "$WORK/original" --out "$WORK/salt"
exits 0 record reservation "$COMMITMENT"
prints "nothing yet"
exits 1 record submit --key "$K/cy.key" --kind dataset --sha256 "$HASH" --bytes 8 \
  --reservation "$WORK/salt"
exits 0 record submit --key "$K/cy.key" --kind dataset --content "$WORK/original" \
  --reservation "$WORK/salt" --external-id hf:cy/original
exits 0 record show hf:cy/original
prints "before it was shown"
exits 0 record reservation "$COMMITMENT"
prints "hf:cy/original"
exits 0 record submit --key "$K/ada.key" --kind dataset --external-id hf:ada/set
exits 0 record submit --key "$K/bob.key" --kind model --external-id hf:bob/model \
  --parent hf:ada/set=trained_on --pass-through 40%
exits 0 record submit --key "$K/cy.key" --kind correction --external-id hf:cy/fix \
  --parent hf:bob/model=corrected_by
exits 0 record show hf:cy/fix
prints "not yet"
exits 2 record countersign hf:cy/fix --parent hf:bob/model --key "$K/ada.key"
exits 0 record countersign hf:cy/fix --parent hf:bob/model --key "$K/bob.key"
exits 0 record stance hf:cy/fix --parent hf:bob/model --stance acknowledged --key "$K/bob.key"
exits 0 lineage ancestors hf:cy/fix
prints "acknowledged, countersigned"
exits 2 record attest hf:bob/model --verdict complete --report "$HASH" --key "$K/steward.key"
says "rule 440 "
exits 0 record attest hf:bob/model --verdict incomplete --report "$HASH" --key "$K/steward2.key"
exits 0 record attestations hf:bob/model
prints incomplete
exits 0 account raise bob --key "$K/steward.key" --records 5
exits 0 account show bob
prints "0 of 5 records"

step "the proposals have taken effect"
until [[ $("$TRIBUTARY" --json gov show 1 | field state) == in_effect ]]; do sleep 0.1; done
exits 0 gov list
prints "in effect"
exits 0 gov status
prints "2 %"
exits 0 account show reporter
prints "up to 1000.00 USD"

step "a case is opened, joined, answered; nothing contested is paid meanwhile"
exits 2 case open hf:bob/model --kind edge --parent hf:ada/set=70% --kept 30% --currency USD \
  --evidence "$HASH" --key "$K/ada.key"
says "rule 704 "
for asset in hf:bob/model hf:cy/original; do
  exits 0 revenue report $asset --key "$K/reporter.key" --currency USD --amount 10 --reference "of $asset"
done
settle
exits 1 case open hf:bob/model --kind nonsense --parent hf:ada/set=70% --currency USD \
  --evidence "$HASH" --key "$K/ada.key"
exits 0 --json case open hf:bob/model --kind edge --parent hf:ada/set=70% --kept 30% --currency USD \
  --evidence "$HASH" --key "$K/ada.key"
answer case 0
exits 0 revenue report hf:bob/model --key "$K/reporter.key" --currency USD --amount 10 --reference s1
exits 2 case join 7 --parent hf:ada/set=50% --kept 50% --currency USD --evidence "$HASH" \
  --key "$K/cy.key"
exits 0 case join 0 --parent hf:ada/set=50% --kept 50% --currency USD \
  --evidence "$HASH" --key "$K/cy.key"
settle
exits 0 case show 0
prints "the lines of hf:bob/model"
prints "kept 50 %"
exits 0 record show hf:bob/model
prints "case 0"
exits 0 case withdraw 0 --key "$K/cy.key"
exits 0 case respond 0 --statement "$HASH" --key "$K/bob.key"
exits 0 case list --record hf:bob/model --state answered
prints "hf:bob/model"
exits 0 case list --account cy --state ended
lacks=$(cat "$WORK/out"); [[ $lacks != *hf:bob/model* ]] || die "listed: $lacks"

step "what a ruling would do is what it does"
SEGMENTS=$("$TRIBUTARY" --json case show 0 | field segments)
CHOOSE=()
for ((i = 0; i < SEGMENTS; i++)); do CHOOSE+=(--choose 1); done
exits 2 case simulate 0 --choose 9
exits 0 --json case simulate 0 "${CHOOSE[@]}"
WOULD=$(python3 -c 'import json, sys
print(*(c["available"]["minor"] for c in json.load(sys.stdin)["changes"] if c["handle"] == "ada"))' \
  <"$WORK/out")
BEFORE=$(available ada)
exits 2 case rule 0 "${CHOOSE[@]}" --reasons "$HASH" --key "$K/bob.key"
exits 0 case rule 0 "${CHOOSE[@]}" --reasons "$HASH" --key "$K/arbiter.key"
python3 - "$BEFORE" "$WOULD" "$(available ada)" <<'PYTHON'
import decimal
import sys

before, would, after = (decimal.Decimal(text) for text in sys.argv[1:])
assert would > 0 and before + would == after, sys.argv
PYTHON
exits 0 case show 0
prints ruled
exits 0 statement ada --currency USD
prints "pot of case 0"
exits 0 settlement list
prints "pot of case 0"
exits 0 explain balance ada --currency USD
prints "out of pots of cases"

step "a second case ends by agreement of those who lose by it"
exits 0 --json case open hf:ada/set --kind authorship --author cy=30% --author ada=70% \
  --currency USD --evidence "$HASH" --key "$K/cy.key"
answer case 1
exits 2 case agree 1 --author cy=20% --author ada=80% --key "$K/cy.key"
exits 0 case agree 1 --author cy=20% --author ada=80% --key "$K/cy.key" --co-signer "$K/ada.key"
exits 0 case show 1
prints agreed
exits 0 record versions hf:ada/set
prints "cy"
exits 0 trial-balance
prints "debit - credit = 0"
stop_node
exits 0 audit "$DATA"
echo "cases: as expected"
