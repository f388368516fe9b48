#!/usr/bin/env bash
# What `report gaming` finds: next to nothing in the lineage of real models, and each pattern once
# somebody makes it beside them; and near copies that are named when they are recorded.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

tributary() { "$TRIBUTARY" --quiet "$@"; }
record() { tributary record submit "$@" >/dev/null; }
# found PATTERN: how many findings of it the last report has.
found() {
  python3 -c 'import json, sys
report = json.load(open(sys.argv[1]))
print(sum(one["pattern"] == sys.argv[2] for one in report["findings"]))' "$WORK/report.json" "$1"
}

make_chain --epoch-ms 2000 --maturity-epochs 1
start_node
for name in mallory trudy ann eve oscar; do
  tributary keys new $name --out "$WORK/$name.key" >/dev/null
  tributary account register $name --key "$KEYS/steward.key" --account-key "$WORK/$name.key" >/dev/null
done

step "the lineage of real models is not flooded with findings"
tributary import lineage "$DATA_FILE" --sponsor "$KEYS/steward.key" >/dev/null
tributary --json report gaming >"$WORK/report.json"
python3 - "$WORK/report.json" <<'PYTHON'
import json
import sys

report = json.load(open(sys.argv[1]))
assert report["complete"] and int(report["records"]) > 1000, report["records"]
assert len(report["findings"]) <= 3, report["findings"]
PYTHON

step "hops of one's own before a base model"
BASE=$(head -1 "$DATA_FILE" | field id)
record --key "$WORK/mallory.key" --kind model --external-id x:m/1 --parent "hf:$BASE=finetuned_from" \
  --pass-through 40%
for i in 2 3; do
  record --key "$WORK/mallory.key" --kind model --external-id x:m/$i \
    --parent x:m/$((i - 1))=derived_from --pass-through 40%
done

step "a ring that pays itself"
record --key "$WORK/eve.key" --kind dataset --external-id x:ring/1
record --key "$WORK/oscar.key" --kind dataset --external-id x:ring/2 \
  --parent x:ring/1=derived_from --pass-through 50%
record --key "$WORK/eve.key" --kind dataset --external-id x:ring/3 \
  --parent x:ring/2=derived_from --pass-through 50%

step "near copies are named as they are recorded"
python3 -c 'for i in range(300): print("line", i * i % 97, "of what somebody wrote", i)' >"$WORK/text"
(cat "$WORK/text" && echo "and a line more") >"$WORK/copy"
record --key "$WORK/ann.key" --kind dataset --external-id x:ann/text --sketch-of "$WORK/text"
"$TRIBUTARY" record submit --key "$WORK/trudy.key" --kind dataset --external-id x:trudy/text \
  --sketch-of "$WORK/copy" >/dev/null 2>"$WORK/err"
grep -q "similar: x:ann/text .* of ann agrees in " "$WORK/err" || die "no near copy in: $(cat "$WORK/err")"
tributary record similar --sketch-of "$WORK/text" | grep -q "64 of 64" || die "the text is not found"

step "a burst, and most of what a record passes on"
PARENTS=(--parent "hf:$BASE=trained_on" --parent x:ann/text=trained_on)
for i in {1..20}; do
  record --key "$WORK/trudy.key" --kind data_item --external-id x:item/"$i"
  if ((i <= 18)); then PARENTS+=(--parent "x:item/$i=trained_on"); fi
done
record --key "$WORK/ann.key" --kind model --external-id x:ann/model --pass-through 50% "${PARENTS[@]}"

step "each is found, with its evidence"
tributary --json report gaming >"$WORK/report.json"
for pattern in hops ring concentration burst copy; do
  [[ $(found $pattern) -ge 1 ]] || die "no $pattern in: $(cat "$WORK/report.json")"
done
tributary --json report gaming --account mallory >"$WORK/report.json"
expect "$(found burst)" 0 "bursts of mallory"
tributary report gaming --account mallory >"$WORK/out"
grep -q "mallory put 2 records of their own between x:m/3 and hf:" "$WORK/out" ||
  die "no hops in: $(cat "$WORK/out")"
tributary --json report gaming --asset x:ann/model --since 2100-01-01 >"$WORK/report.json"
expect "$(field findings <"$WORK/report.json")" "[]" "findings of the future"
stop_node
echo "gaming: as expected"
