#!/usr/bin/env bash
# The commands of `tributary` on a real node: what they print, and their exit codes.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

tributary() { "$TRIBUTARY" --quiet "$@"; }
# exits CODE COMMAND...: with its output in $WORK/out and $WORK/err.
exits() {
  local expected=$1 status=0
  shift
  "$TRIBUTARY" --quiet "$@" >"$WORK/out" 2>"$WORK/err" || status=$?
  [[ $status == "$expected" ]] || die "$*: expected exit code $expected, got $status: $(cat "$WORK/err")"
}
says() { grep -qF -- "$1" "$WORK/err" || die "no '$1' in: $(cat "$WORK/err")"; }
prints() { grep -qF -- "$1" "$WORK/out" || die "no '$1' in: $(cat "$WORK/out")"; }

make_chain --epoch-ms 1000 --maturity-epochs 1
start_node
STEWARD=$KEYS/steward.key REPORTER=$KEYS/reporter.key TREASURER=$KEYS/treasurer.key

step "usage"
exits 1
exits 1 no-such-command
exits 1 balance
exits 1 tx show 12
exits 1 balance ada --all
exits 1 record show nonsense
exits 1 revenue report hf:a/b --key "$REPORTER" --currency USD --reference r --minor 1 --amount 1
exits 0 --help
exits 0 errors 404
prints ParentUnknown
exits 1 errors 99999

step "surroundings"
exits 3 --node 127.0.0.1:1 --deadline-ms 300 status
says 127.0.0.1:1
exits 3 keys show "$WORK/none.key"
chmod 644 "$STEWARD"
exits 3 account register x --key "$STEWARD"
says "chmod 600"
chmod 600 "$STEWARD"

step "keys and accounts"
for name in ada bob; do
  exits 0 keys new $name --out "$WORK/$name.key"
  exits 0 account register $name --key "$STEWARD" --account-key "$WORK/$name.key"
done
exits 3 keys new ada --out "$WORK/ada.key"
exits 1 keys new 'Not A Handle'
exits 2 account register ada --key "$STEWARD"
says "rule 300 "
exits 2 account register eve --key "$WORK/ada.key"
says "rule 213 "
exits 2 account show nobody
exits 0 keys new ada --out "$WORK/ada2.key"
exits 0 account rotate --key "$WORK/ada.key" --new-key "$WORK/ada2.key"
exits 2 record submit --key "$WORK/ada.key" --kind code --external-id x:1
says "rule 209 "
exits 0 account list --role reporter
prints reporter

step "records"
printf 'some text' >"$WORK/text"
exits 0 record submit --key "$WORK/ada2.key" --kind dataset --content "$WORK/text" --title Text \
  --licence CC0-1.0 --declared 2024-01-01
exits 2 record submit --key "$WORK/bob.key" --kind dataset --content "$WORK/text"
says "rule 401 "
exits 0 record submit --key "$WORK/bob.key" --kind dataset --content "$WORK/text" --skip-if-exists
exits 0 record submit --key "$WORK/ada2.key" --co-signer "$WORK/bob.key" --kind model \
  --external-id hf:ab/model --author ada=60% --author bob=40% \
  --parent "sha256:$(sha256sum "$WORK/text" | cut -d ' ' -f 1)=trained_on*2" --pass-through 25%
exits 2 record submit --key "$WORK/ada2.key" --kind model --external-id hf:ab/other \
  --author ada=60% --author bob=40%
says "rule 208 "
exits 0 record show HF:AB/MODEL
prints "25 %"
exits 2 record show hf:ab/none
exits 2 record submit --key "$WORK/ada2.key" --kind model --external-id hf:ab/bad --pass-through 10%
says "rule 408 "
exits 0 record list --kind model
prints hf:ab/model
exits 0 lineage ancestors hf:ab/model
prints "1 ancestor"
exits 0 lineage descendants '#0'
prints hf:ab/model

step "amendments"
BOTH=(--key "$WORK/ada2.key" --co-signer "$WORK/bob.key")
exits 0 record versions hf:ab/model
prints "in force"
exits 0 record amend hf:ab/model "${BOTH[@]}" --pass-through 30% --epoch 1000000
prints "from epoch 1000000 on"
exits 0 record versions hf:ab/model
prints "to come"
prints "70 %"
exits 2 record amend hf:ab/model "${BOTH[@]}" --pass-through 40% --epoch 1000000
says "rule 429 "
exits 2 record amend hf:ab/model --key "$WORK/ada2.key" --pass-through 40% --epoch 1000001
says "rule 422 "
exits 0 record withdraw-amendment hf:ab/model "${BOTH[@]}"
exits 0 record versions hf:ab/model
prints "withdrawn"
exits 2 record withdraw-amendment hf:ab/model "${BOTH[@]}"
says "rule 430 "

step "pools"
TEXT=sha256:$(sha256sum "$WORK/text" | cut -d ' ' -f 1)
printf '# two members\n%s 3\nhf:ab/model\n' "$TEXT" >"$WORK/members"
exits 0 record submit --key "$WORK/bob.key" --kind data_item --external-id x:item
printf 'x:item 4\n' >"$WORK/more"
exits 2 pool show moss
exits 1 pool create Moss --members "$WORK/members" --key "$WORK/bob.key"
exits 1 pool create moss --members "$WORK/none" --key "$WORK/bob.key"
exits 2 pool add moss --members "$WORK/more" --key "$WORK/bob.key"
exits 0 pool create moss --members "$WORK/members" --key "$WORK/bob.key"
exits 0 pool create moss --members "$WORK/members" --key "$WORK/bob.key"
prints "nothing to do"
exits 2 pool create moss --members "$WORK/more" --key "$WORK/bob.key"
exits 0 pool add moss --members "$WORK/more" --key "$WORK/bob.key"
exits 0 pool add moss --members "$WORK/more" --key "$WORK/bob.key"
prints "nothing to do"
exits 0 lineage ancestors pool:moss/2
prints "40.62 %" # 3/8 as a member, and a quarter of the model's 1/8
exits 0 pool version moss --key "$WORK/bob.key"
exits 0 pool version moss --key "$WORK/bob.key"
prints "nothing to do"
exits 0 pool show moss
prints "models cite pool:moss/3"

step "imports that are refused before anything is sent"
HEIGHT=$(tributary --json status | field height)
printf '{"author":"a","id":"a/x","parents":[{"id":"a/y","relation":"merged_from"}]}\n%s\n' \
  '{"author":"a","id":"a/y","parents":[{"id":"A/X","relation":"merged_from"}]}' >"$WORK/cycle"
exits 1 import lineage "$WORK/cycle" --sponsor "$STEWARD"
says "a/x → a/y → a/x"
printf '{"author":"a","id":"a/x","parents":[{"id":"a/y","relation":"cousin"}]}\nnonsense\n' >"$WORK/bad"
exits 1 import lineage "$WORK/bad" --sponsor "$STEWARD"
says "bad:1: the relation \"cousin\" is not known"
says "bad:2: it is not valid JSON"
expect "$(tributary --json status | field height)" "$HEIGHT" "height after refused imports"
printf '{"author":"Zoë B","id":"zoe/x","parents":[{"id":"Meta/stub","relation":"finetuned_from"}],"licence":"mit"}\n' >"$WORK/stub"
exits 0 import lineage "$WORK/stub" --sponsor "$STEWARD" --pass-through 40%
exits 0 account show hf/zo:c3:ab:20b
prints custodial
exits 0 record show hf:meta/stub
prints "stub"
# Known authors, one of whom has claimed: what is new must be signed by the author.
exits 0 keys new hf/meta --out "$WORK/meta.key"
exits 0 account claim hf/meta --key "$STEWARD" --account-key "$WORK/meta.key"
printf '{"author":"Meta","id":"Meta/new","parents":[]}\n' >"$WORK/claimed"
exits 2 import lineage "$WORK/claimed" --sponsor "$STEWARD"
says "has a key"
exits 2 account object hf/meta --key "$STEWARD" --reason "not theirs"
says "rule 307 "

step "what became of a transaction"
exits 0 --json account register tracked --key "$STEWARD"
TX=$(field id <"$WORK/out")
exits 0 tx show "$TX"
prints "committed in block"
exits 0 tx wait "$TX"
prints "committed in block"
NEVER=$(printf '0%.0s' {1..64})
exits 5 tx show "$NEVER"
says "unknown to this node"
exits 5 --json tx show "$NEVER"
prints '"unknown"'
exits 2 tx show "$NEVER" --valid-until-ms 1
says expired

step "revenue"
exits 0 preview hf:ab/model --currency USD --amount 10
prints ada
exits 0 revenue report hf:ab/model --key "$REPORTER" --currency USD --amount 10 --reference e1
exits 2 revenue report hf:ab/model --key "$REPORTER" --currency USD --amount 10 --reference e1
says "rule 504 "
exits 2 revenue report hf:ab/model --key "$WORK/bob.key" --currency USD --amount 10 --reference e2
says "rule 213 "
exits 1 revenue report hf:ab/model --key "$REPORTER" --currency EUR --amount 10 --reference e2
exits 2 revenue report hf:ab/model --key "$REPORTER" --currency EUR --minor 10 --reference e2
says "rule 503 "
exits 1 revenue report hf:ab/model --key "$REPORTER" --currency USD --amount 0.0000001 --reference e2
exits 2 revenue report hf:ab/model --key "$REPORTER" --currency USD --amount 1 --reference e2 \
  --occurred 2100-01-01
says "rule 506 "
printf '{"asset":"hf:ab/model","currency":"USD","amount_minor":5,"reference":"b1"}\n%s\n' \
  '{"asset":"hf:zoe/x","currency":"USD","amount_minor":7,"reference":"b2"}' >"$WORK/events"
exits 0 --json revenue batch "$WORK/events" --key "$REPORTER"
expect "$(field recorded <"$WORK/out")" 2 "events recorded"
printf '{"asset":"hf:zoe/x","currency":"USD","amount_minor":9,"reference":"b3"}\n' >>"$WORK/events"
exits 0 --json revenue batch "$WORK/events" --key "$REPORTER"
expect "$(field recorded <"$WORK/out")" 1 "events recorded when the file has grown"
expect "$(field known <"$WORK/out")" 2 "events known when the file has grown"
exits 0 explain event reporter e1

python3 "$E2E_DIR/demo.py" settled "$TRIBUTARY"

step "money"
exits 0 balance bob
exits 0 statement bob
prints hf:ab/model
exits 0 explain balance bob --currency USD
prints hf:ab/model
exits 2 payout request --key "$WORK/bob.key" --currency USD --minor 1
says "rule 602 "
exits 2 payout request --key "$WORK/bob.key" --currency USD --amount 1000
says "rule 603 "
exits 2 payout request --key "$WORK/bob.key" --currency USD --amount 1
says "rule 604 "
exits 2 funding confirm reporter --key "$TREASURER" --currency USD --amount 1000 --reference f0
says "rule 601 "
exits 0 funding confirm reporter --key "$TREASURER" --currency USD --amount 10 --reference f1
exits 2 funding confirm reporter --key "$TREASURER" --currency USD --amount 0.000001 --reference f1
says "rule 600 "
exits 0 payout request --key "$WORK/bob.key" --currency USD --amount 1
exits 0 payout request --key "$WORK/bob.key" --currency USD --amount 0.5
exits 0 payout confirm 0 --key "$TREASURER" --reference w1
exits 2 payout confirm 0 --key "$TREASURER" --reference w2
says "rule 606 "
exits 0 payout fail 1 --key "$TREASURER" --reason "account closed"
exits 2 payout confirm 7 --key "$TREASURER" --reference w3
says "rule 605 "
exits 0 payout list --state paid
prints w1
exits 0 revenue receivables
prints reporter
exits 0 trial-balance
prints balanced

step "the operations listener"
python3 - "$OPERATIONS" <<'PYTHON'
import sys
import urllib.request


def get(path):
    with urllib.request.urlopen(f"http://{sys.argv[1]}{path}", timeout=10) as answer:
        assert answer.status == 200, (path, answer.status)
        return answer.read().decode()


get("/healthz")
get("/readyz")
assert "0.1" in get("/version")
metrics = get("/metrics")
assert "# TYPE tributary_blocks_total counter" in metrics, metrics[:500]
blocks = [line for line in metrics.splitlines() if line.startswith("tributary_blocks_total")]
assert len(blocks) == 1 and float(blocks[0].split()[-1]) > 5, blocks
try:
    get("/nothing-here")
    raise AssertionError("a page that does not exist was served")
except urllib.error.HTTPError as error:
    assert error.code == 404, error.code
PYTHON

step "the log"
exits 0 --json status
SIZE=$(field log_size <"$WORK/out")
exits 0 entry 0
prints "proved"
exits 2 entry "$SIZE"
exits 0 block latest
exits 0 block 1
exits 2 block 100000
exits 0 --json record list --limit 1
exits 2 --json account show nobody
python3 -c 'import json,sys; e=json.load(sys.stdin)["error"]; assert e["exit"]==2, e' <"$WORK/err"
TX=$(tributary --json block latest | field transaction_ids)
[[ $TX == '['* ]] || die "no list of transaction ids"
exits 0 --json audit "$TRIBUTARY_NODE"
expect "$(field holds <"$WORK/out")" true "audit of the running node"
exits 0 --json audit "$DATA"
expect "$(field log_size <"$WORK/out")" "$SIZE" "entries audited"
exits 0 audit "$DATA" --hashes-only
stop_node
exits 0 audit "$DATA"
exits 3 audit "$WORK"

step "the daemon's other commands, on a good store and on a damaged one"
"$TRIBUTARYD" version
"$TRIBUTARYD" check --data "$DATA"
cp -r "$DATA" "$WORK/damaged"
python3 - "$WORK/damaged/db" <<'PYTHON'
import glob
import os
import sys

# One flipped bit within the genesis block, wherever it is just now.
files = glob.glob(sys.argv[1] + "/*.log") + glob.glob(sys.argv[1] + "/*.sst")
path = max(files, key=os.path.getsize)
with open(path, "r+b") as file:
    file.seek(2000)
    byte = file.read(1)[0]
    file.seek(2000)
    file.write(bytes([byte ^ 4]))
PYTHON
exits 4 audit "$WORK/damaged"
says damaged
STATUS=0
"$TRIBUTARYD" check --data "$WORK/damaged" || STATUS=$?
expect "$STATUS" 2 "exit code of a check of a damaged store"
"$TRIBUTARYD" repair --data "$DATA"
exits 0 audit "$DATA"
echo "commands: as expected"
