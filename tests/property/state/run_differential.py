#!/usr/bin/env python3
"""Random histories through the real state machine and through the Python model: equal to the atom.

    run_differential.py --driver BINARY [--histories N | --minutes M] [--seed S] [--jobs J]
    run_differential.py --driver BINARY --replay FILE

Each history has a seed of its own. Where the two differ, the history is made as small as it goes
(shrink.py) and printed, with each line also in words; --replay runs what was printed again. What
the histories covered is printed, and asserted: a test whose cases do not occur proves nothing.
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import json
import math
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Iterator

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "models"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import differential  # noqa: E402
import generate  # noqa: E402
import history  # noqa: E402
import shrink  # noqa: E402

BATCH = 100
CLOSENESS_EVERY = 10
SIGN_EVERY = 20
DEEP_EVERY = 10
REJECTED_EVERY = 10
DIAMOND_DEPTH = 6
WEEK_MS = generate.WEEK_MS
DRIVER_TIMEOUT_S = 600
PROGRESS_EVERY_S = 10

# From so many histories on all that follows is asked in full. Of fewer, less is: what chance may
# leave out of them is no fault (Coverage.asked).
ENOUGH = 10_000
# What must have been covered, as a part of all histories (or of all operations).
REQUIRED = {
    "diamonds of depth 6 and more that earned": 0.07,
    "two currencies": 0.50,
    "three co-authors": 0.50,
    "late blocks": 0.20,
    "quiet weeks": 0.05,
    "accounts, records and money in one block": 0.01,
    "an asset's revenue of an epoch in several blocks": 0.10,
    "several events of an asset in one block": 0.20,
    "a payout confirmed": 0.05,
    "a payout failed": 0.05,
    # These are the model's own (Ledger.seen).
    "attribution over three records": 0.20,
    "attribution to the asset itself": 0.10,
    "a partial refund before maturity": 0.10,
    "a full refund before maturity": 0.10,
    "a refund of an attributed event before maturity": 0.05,
    "a partial refund after maturity": 0.10,
    "a full refund after maturity": 0.10,
    "a debit netted": 0.10,
    "a debit netted beside attribution": 0.02,
    "a debit carried over several settlements": 0.004,
    "a pot that held money": 0.10,
    "a claim that won": 0.10,
    "an unanswered case": 0.10,
    "an unruled case": 0.05,
    "an agreement": 0.04,
    "a bond lost": 0.01,
    "a case opened while an amendment was pending": 0.02,
    "cases on both levels of a record": 0.008,
    "a claim withdrawn beside others": 0.005,
    "a ruling that differs by segment": 0.005,
    "an automatic payout": 0.10,
    "an automatic payout cut to the funds": 0.02,
    "several automatic payouts of one block": 0.01,
    "an asset was frozen": 0.10,
    "frozen revenue settled late": 0.05,
    "a compensation": 0.05,
    "a compensation out of what was attributed": 0.003,
    "a refund of what a ruling took from": 0.005,
}
# The same, as a part of those histories that are measured against the exact split.
REQUIRED_OF_MEASURED = {
    "money under two versions of a record": 0.30,
    "a version with other authors that earned": 0.10,
    "a version with other shares of parents that earned": 0.10,
    "an amendment due between two late blocks": 0.05,
    "a pool that took in members and earned": 0.02,
    "royalties of three ancestors on one gross": 0.20,
    "a royalty to which several paths lead": 0.20,
    "a royalty lowered since its stack was made": 0.10,
    "a lineage that passes nothing on and earned": 0.05,
    "a least share that an earning child keeps to": 0.20,
}
REQUIRED_OPERATIONS = ["account", "record", "revenue", "fund", "request_payout", "confirm_payout",
                       "fail_payout", "refund", "amend", "withdraw_amendment", "lower_terms",
                       "parameters", "preference", "statement", "freeze", "rule_incident",
                       *sorted(generate.CASE_OPERATIONS)]
REQUIRED_IN_ENGINE = ["register_account", "claim_account", "object_to_claim", "rotate_key",
                      "submit_record", "report_revenue", "report_revenue_batch",
                      "confirm_funding", "request_payout", "confirm_payout", "fail_payout",
                      "refund_revenue", "amend_record", "withdraw_amendment", "lower_terms",
                      "propose", "open_case", "join_case", "respond_to_case", "withdraw_claim",
                      "agree_case", "rule_case", "set_payout_preference", "submit_statement",
                      "report_incident", "freeze_asset", "rule_incident"]
RARE_IN_ENGINE = {"object_to_claim"}  # it takes ten accounts; asked of ENOUGH histories only
RARELY_REFUSED = {"answer_case", "withdraw_claim"}  # once in some hundred histories; the same
ACCEPTED_PART_MIN = 0.30


class Coverage:
    """Counts of what histories contained; adds up over processes."""

    def __init__(self) -> None:
        self.histories: collections.Counter[str] = collections.Counter()
        self.accepted: collections.Counter[str] = collections.Counter()
        self.refused: collections.Counter[str] = collections.Counter()
        self.engine: collections.Counter[str] = collections.Counter()
        self.count = 0
        self.closeness = 0

    def add(self, other: "Coverage") -> None:
        for name in ("histories", "accepted", "refused", "engine"):
            getattr(self, name).update(getattr(other, name))
        self.count += other.count
        self.closeness += other.closeness

    def take(self, lines: list[str], outcomes: list[differential.Outcome],
             in_model: set[str]) -> None:
        """Looks through one history and what the model made of it."""
        self.count += 1
        genesis, blocks = history.load(lines)
        seen = set(in_model)
        lineage = Lineage()
        currencies: set[str] = set()
        blocks_of: dict[tuple[str, str, int], list[int]] = {}  # by asset, currency, epoch
        time_ms = genesis["time_ms"]
        pending = False
        for block, outcome in zip(blocks, outcomes):
            step_ms = block.time_ms - time_ms
            time_ms = block.time_ms
            if pending and step_ms >= 2 * genesis["epoch_ms"]:
                seen.add("late blocks")
            if step_ms >= WEEK_MS:
                seen.add("quiet weeks")
            names = set()
            for operation, accepted in zip(block.operations, outcome["accepted"]):
                name = operation["op"]
                (self.accepted if accepted else self.refused)[name] += 1
                if not accepted:
                    continue
                names.add(name)
                if name == "record":
                    lineage.add(operation)
                    if len(operation["authors"]) >= 3:
                        seen.add("three co-authors")
                elif name == "revenue":
                    currencies.add(operation["currency"])
                    key = (operation["asset"], operation["currency"], outcome["epoch"])
                    blocks_of.setdefault(key, []).append(outcome["block"])
                    if lineage.diamond_depth(operation["asset"]) >= DIAMOND_DEPTH:
                        seen.add("diamonds of depth 6 and more that earned")
            if "confirm_payout" in names:
                seen.add("a payout confirmed")
            if "fail_payout" in names:
                seen.add("a payout failed")
            if {"account", "record", "revenue"} <= names:
                seen.add("accounts, records and money in one block")
            pending = any(int(sums["pending"]) > 0 for sums in outcome["totals"].values())
        if len(currencies) >= 2:
            seen.add("two currencies")
        if any(len(set(numbers)) >= 2 for numbers in blocks_of.values()):
            seen.add("an asset's revenue of an epoch in several blocks")
        if any(len(set(numbers)) < len(numbers) for numbers in blocks_of.values()):
            seen.add("several events of an asset in one block")
        self.histories.update(seen)

    def missing(self) -> list[str]:
        """What the histories should have covered and did not."""
        result = [f"{name}: {self.histories[name]} of {self.count} histories"
                  for name, part in REQUIRED.items()
                  if self.histories[name] < self.asked(part, self.count)]
        result += [f"{name}: {self.histories[name]} of {self.closeness} histories"
                   for name, part in REQUIRED_OF_MEASURED.items()
                   if self.histories[name] < self.asked(part, self.closeness)]
        result += [f"never accepted: {name}" for name in REQUIRED_OPERATIONS
                   if self.accepted[name] == 0]
        result += [f"never refused: {name}" for name in REQUIRED_OPERATIONS
                   if self.refused[name] == 0
                   and (self.count >= ENOUGH or name not in RARELY_REFUSED)]
        result += [f"never accepted by the engine: {name}" for name in REQUIRED_IN_ENGINE
                   if self.engine[name] == 0
                   and (self.count >= ENOUGH or name not in RARE_IN_ENGINE)]
        if self.accepted_part() < ACCEPTED_PART_MIN:
            result.append(f"only {self.accepted_part():.0%} of the operations were accepted")
        return result

    def asked(self, part: float, count: int) -> float:
        """How many of `count` histories must show what that part of many shows.

        Of few, three standard deviations less: chance takes away no more than that.
        """
        whole = part * count
        return whole if self.count >= ENOUGH else whole - 3 * math.sqrt(whole)

    def accepted_part(self) -> float:
        accepted, refused = sum(self.accepted.values()), sum(self.refused.values())
        return accepted / max(1, accepted + refused)

    def print(self) -> None:
        print("coverage:")
        for name in REQUIRED:
            part = self.histories[name] / max(1, self.count)
            print(f"  {name:45} {self.histories[name]:8} histories  {part:6.1%}")
        for name in REQUIRED_OF_MEASURED:
            part = self.histories[name] / max(1, self.closeness)
            print(f"  {name:45} {self.histories[name]:8} histories  {part:6.1%} of those measured")
        for name in sorted(self.accepted | self.refused):
            print(f"  {name:45} {self.accepted[name]:8} accepted {self.refused[name]:8} refused")
        print(f"  {'accepted':45} {self.accepted_part():8.1%}")
        print(f"  {'closeness measured against the exact split':45} {self.closeness:8} histories")
        print("  operations of the engine:",
              ", ".join(f"{name} {count}" for name, count in sorted(self.engine.items())))


def what_earned(lines: list[str]) -> set[str]:
    """What a history did with versions under which money arrived, and with royalties and terms."""
    ledger = differential.final_ledger(lines)
    _, blocks = history.load(lines)
    gaps = epoch_gaps(ledger, [block.time_ms for block in blocks])
    touched: dict[int, set[int]] = {}
    for versions in differential.rational_model.exact_split(ledger).touched.values():
        for sequence, version in versions:
            touched.setdefault(sequence, set()).add(version)
    seen = set()
    for sequence, indices in touched.items():
        for index in sorted(indices - {0}):
            record = ledger.records[sequence]
            before, version = record.versions[index - 1], record.versions[index]
            if len(indices) >= 2:
                seen.add("money under two versions of a record")
            if before.authors != version.authors:
                seen.add("a version with other authors that earned")
            if before.edges != version.edges:
                seen.add("a version with other shares of parents that earned")
            if {n for n, _ in version.edges} - {n for n, _ in before.edges}:
                seen.add("a pool that took in members and earned")
            if any(first < version.effective_epoch <= last - 1 for first, last in gaps):
                seen.add("an amendment due between two late blocks")
    return seen | terms_that_counted(ledger)


def terms_that_counted(ledger: differential.Ledger) -> set[str]:
    """Royalties and least shares of records whose gross was split."""
    seen = set()
    for matured in ledger.matured:
        asset = ledger.records[matured.asset]
        edges = asset.versions[0].edges
        if matured.gross_minor == 0:
            continue
        in_force = {n: ledger.records[n].terms_at(matured.epoch).royalty_ppb for n in asset.stack}
        if sum(royalty > 0 for royalty in in_force.values()) >= 3:
            seen.add("royalties of three ancestors on one gross")
        if any(in_force[n] < share for n, share in asset.stack.items()):
            seen.add("a royalty lowered since its stack was made")
        holders = [{parent, *ledger.records[parent].stack} for parent, _ in edges]
        if any(sum(n in held for held in holders) >= 2 for n in asset.stack):
            seen.add("a royalty to which several paths lead")
        if edges and all(share == 0 for _, share in edges):
            seen.add("a lineage that passes nothing on and earned")
        if any(ledger.records[parent].terms[0].min_share_ppb > 0 for parent, _ in edges):
            seen.add("a least share that an earning child keeps to")
    return seen


def epoch_gaps(ledger: differential.Ledger, times_ms: list[int]) -> list[tuple[int, int]]:
    """The epochs of blocks between which whole epochs passed: of the one and of the next."""
    start_ms = ledger.epoch_end_ms - (ledger.epoch + 1) * ledger.epoch_ms
    epochs = [(time_ms - start_ms) // ledger.epoch_ms for time_ms in times_ms]
    return [(a, b) for a, b in zip(epochs, epochs[1:]) if b >= a + 2]


class Lineage:
    """The depth of the deepest diamond above a record: an ancestor reached by two paths or more."""

    def __init__(self) -> None:
        self.above: dict[str, dict[str, tuple[int, int]]] = {}  # name: ancestor: paths, depth

    def add(self, record: history.Operation) -> None:
        reached: dict[str, tuple[int, int]] = {}
        for parent, _ in record["parents"]:
            for ancestor, (paths, depth) in [(parent, (1, 0)), *self.above[parent].items()]:
                known_paths, known_depth = reached.get(ancestor, (0, 0))
                reached[ancestor] = (known_paths + paths, max(known_depth, depth + 1))
        self.above[record["name"]] = reached

    def diamond_depth(self, name: str) -> int:
        return max((depth for paths, depth in self.above[name].values() if paths > 1), default=0)


def random_history(seed: int) -> list[str]:
    """Histories of this rule version, which has everything that the models have.

    Half have disputes, one of ten freezes, and one both. They are not measured against the exact
    split, which has neither.
    """
    features = {1: generate.DISPUTED, 3: generate.CONTESTED, 6: generate.DISPUTED,
                7: generate.FROZEN, 8: generate.CONTESTED, 9: generate.FROZEN | generate.DISPUTED}
    return generate.random_history(seed, features=features.get(seed % 10, generate.FEATURES))


def expected_lines(lines: list[str]) -> list[differential.Outcome]:
    return list(differential.run_history(lines))


def run_model(lines: list[str]) -> tuple[list[differential.Outcome], set[str]]:
    """The outcomes, and which cases the model met."""
    genesis, blocks = history.load(lines)
    ledger = differential.Ledger(genesis)
    return list(differential.run_blocks(ledger, blocks)), ledger.seen


def drive(driver: str, histories: list[list[str]], sign_every: int = 1,
          deep_every: int = 1) -> tuple[list[list[str]], dict[str, int], str]:
    """The engine's outcomes per history, its statistics, and what went wrong, if anything did."""
    text = "\n".join(line for lines in histories for line in lines) + "\n"
    run = subprocess.run([driver, "--sign-every", str(sign_every), "--deep-every", str(deep_every)],
                         input=text, capture_output=True, text=True, check=False,
                         timeout=DRIVER_TIMEOUT_S)
    outcomes: list[list[str]] = [[]]
    statistics: dict[str, int] = {}
    for line in run.stdout.splitlines():
        if line.startswith("# "):
            statistics = json.loads(line[2:])
        elif line:
            outcomes[-1].append(line)
        else:
            outcomes.append([])
    trouble = run.stderr.strip() if run.returncode != 0 else ""
    if run.returncode != 0 and not trouble:
        trouble = f"the driver ended with {run.returncode}"
    return outcomes, statistics, trouble


def difference(expected: list[str], actual: list[str], trouble: str) -> str | None:
    """The first block in which the outcomes differ, and what differs in it, for people."""
    for number, (model, engine) in enumerate(zip(expected, actual), start=1):
        if model != engine:
            parts = list(unlike(json.loads(model), json.loads(engine)))
            more = [f"  and {len(parts) - 12} more"] if len(parts) > 12 else []
            return "\n".join([f"block {number}:", *parts[:12], *more])
    if len(actual) < len(expected):
        return trouble or "the engine's outcome ends early"
    return trouble or None


def unlike(model: Any, engine: Any, where: str = "") -> Iterator[str]:
    """A line for each value that differs: "balances.a0.USD.paid: model 1, engine 2"."""
    if isinstance(model, dict) and isinstance(engine, dict):
        for key in sorted(model | engine):
            yield from unlike(model.get(key), engine.get(key), f"{where}.{key}" if where else key)
    elif isinstance(model, list) and isinstance(engine, list) and len(model) == len(engine):
        for i, (one, other) in enumerate(zip(model, engine), start=1):
            yield from unlike(one, other, f"{where}[{i}]")
    elif model != engine:
        yield f"  {where}: model {json.dumps(model)}, engine {json.dumps(engine)}"


def kind_of(found: str | None) -> str:
    """What went wrong, without its numbers: a smaller history must fail in the same way."""
    if found is None:
        return ""
    if not found.startswith("block "):
        return re.sub(r"[0-9a-f]{16,}|\d+", "#", found)
    # Flows alone, or verdicts, or amounts: which of them, not whose.
    sections = {line.split(":")[0].strip().split(".")[0].split("[")[0]
                for line in found.splitlines()[1:]}
    return "verdict" if "accepted" in sections else "amounts" if "balances" in sections else "flow"


def check_one(driver: str, lines: list[str]) -> str | None:
    """Runs one history alone; None where both agree."""
    expected = [differential.encode(outcome) for outcome in expected_lines(lines)]
    outcomes, _, trouble = drive(driver, [lines])
    return difference(expected, outcomes[0], trouble) or too_far(lines)


def too_far(lines: list[str]) -> str | None:
    """Where what was accrued is too far from the exact split."""
    if not {"case_response_ms", "freeze_epochs"}.isdisjoint(json.loads(lines[0])):
        return None
    wrong = [one for one in differential.closeness(lines) if not one.holds]
    return f"too far from the exact split: {wrong[0]}" if wrong else None


def smallest(driver: str, lines: list[str]) -> list[str]:
    """The history, shrunk, that still fails in the same way."""
    kind = kind_of(check_one(driver, lines))

    def fails(shorter: list[str]) -> bool:
        try:
            return kind_of(check_one(driver, shorter)) == kind
        except (AssertionError, LookupError, ValueError):  # the model's: no sensible history
            return False

    return shrink.shrink(lines, fails)


def check_batch(driver: str, first_seed: int, count: int) -> tuple[Coverage, list[int], str]:
    """Coverage, the seeds that failed, and the first failure in words."""
    coverage = Coverage()
    histories = [random_history(seed) for seed in range(first_seed, first_seed + count)]
    outcomes, statistics, trouble = drive(driver, histories, SIGN_EVERY, DEEP_EVERY)
    coverage.engine.update(statistics)
    outcomes += [[] for _ in range(count - len(outcomes))]
    failed: list[int] = []
    words = ""
    for i, lines in enumerate(histories):
        seed = first_seed + i
        expected, in_model = run_model(lines)
        coverage.take(lines, expected, in_model)
        encoded = [differential.encode(outcome) for outcome in expected]
        # Trouble is of the history in which the driver stopped, or of the batch where it cannot be
        # told which.
        found = difference(encoded, outcomes[i], "")
        if found and trouble:
            found = trouble
        if found is None and seed % CLOSENESS_EVERY == 0:
            coverage.closeness += 1
            coverage.histories.update(what_earned(lines))
            found = too_far(lines)
        if found is not None:
            failed.append(seed)
            words = words or f"seed {seed}: {found}"
            if trouble:
                break
    if trouble and not failed:
        failed, words = [first_seed], f"histories {first_seed}...: {trouble}"
    return coverage, failed, words


def check_rejected(driver: str, first_seed: int, count: int) -> str | None:
    """Law: where every claim is rejected, each balance and flow is as if nobody had disputed."""
    with_cases = [generate.random_history(seed, features=generate.REJECTED)
                  for seed in range(first_seed, first_seed + count)]
    spared = []
    for lines in with_cases:
        outcomes, _ = run_model(lines)
        spared.append(generate.without_cases(
            lines, [verdict for outcome in outcomes for verdict in outcome["accepted"]]))
    outcomes, _, trouble = drive(driver, with_cases + spared, SIGN_EVERY, DEEP_EVERY)
    if trouble:
        return trouble
    for i in range(count):
        disputed, plain = json.loads(outcomes[i][-1]), json.loads(outcomes[count + i][-1])
        for name in ("balances", "totals", "digest"):
            if disputed[name] != plain[name]:
                return f"seed {first_seed + i}: {name} differ from those without a dispute:\n" + \
                    "\n".join(unlike(plain[name], disputed[name]))
    return None


def batches(arguments: argparse.Namespace) -> Iterator[tuple[int, int]]:
    """First seeds and sizes: so many histories, or as many as the minutes allow."""
    start = arguments.seed * 10**9
    deadline = time.monotonic() + arguments.minutes * 60
    done = 0
    while (time.monotonic() < deadline) if arguments.minutes else (done < arguments.histories):
        size = BATCH if arguments.minutes else min(BATCH, arguments.histories - done)
        yield start + done, size
        done += size


def report(driver: str, seed: int, words: str) -> None:
    """Prints a failure and the smallest history that still shows it."""
    print(f"FAILED: {words}\nshrinking the history of seed {seed} ...", flush=True)
    lines = random_history(seed)
    if check_one(driver, lines) is None:
        print("alone it does not fail; run its batch again")
        return
    small = smallest(driver, lines)
    print(check_one(driver, small))
    print(f"the smallest history found ({len(lines)} lines before, {len(small)} now); save it and "
          "run it with --replay:")
    print("\n".join(shrink.describe(small)))


def replay(driver: str, file: Path) -> int:
    """Runs one history, as report() prints it."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines()
             if line.strip() and not line.startswith("#")]
    found = check_one(driver, lines)
    print(f"FAILED: {found}" if found else "engine and model agree")
    return 1 if found else 0


class Progress:
    """A line now and then for whoever waits."""

    def __init__(self, every_s: float) -> None:
        self.every_s = every_s
        self.started = self.last = time.monotonic()

    def show(self, count: int) -> None:
        now = time.monotonic()
        if self.every_s and now - self.last >= self.every_s:
            self.last = now
            print(f"{now - self.started:8.0f} s  {count:9} histories  "
                  f"{count / (now - self.started):6.0f} a second, no difference", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--driver", required=True, help="the program history_driver")
    parser.add_argument("--histories", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=0, help="run so long instead")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--replay", type=Path, help="one history instead, as it was printed")
    arguments = parser.parse_args()
    if arguments.replay:
        return replay(arguments.driver, arguments.replay)
    started = time.monotonic()
    progress = Progress(PROGRESS_EVERY_S if arguments.minutes else 0)
    coverage = Coverage()
    failures: list[tuple[int, str]] = []
    with concurrent.futures.ProcessPoolExecutor(arguments.jobs) as pool:
        running = set()
        work = batches(arguments)
        while not failures:
            while len(running) < arguments.jobs + 1 and (batch := next(work, None)):
                running.add(pool.submit(check_batch, arguments.driver, *batch))
            if not running:
                break
            done, running = concurrent.futures.wait(
                running, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in done:
                part, failed, words = future.result()
                coverage.add(part)
                if failed:
                    failures.append((failed[0], words))
            if not failures:
                progress.show(coverage.count)
        rejected = [] if failures else \
            [pool.submit(check_rejected, arguments.driver, arguments.seed * 10**9 + first, BATCH)
             for first in range(0, coverage.count // REJECTED_EVERY, BATCH)]
        broken = [words for future in rejected if (words := future.result())]
    coverage.print()
    print(f"{len(rejected) * BATCH} histories with rejected claims against the same without cases, "
          f"{len(broken)} batches failed")
    if broken:
        print(f"FAILED: {broken[0]}")
        return 1
    print(f"{coverage.count} histories from seed {arguments.seed} in "
          f"{time.monotonic() - started:.0f} s, {len(failures)} failed")
    if failures:
        report(arguments.driver, *min(failures))
        return 1
    missing = coverage.missing() if coverage.count >= 300 else []
    for line in missing:
        print(f"NOT COVERED: {line}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
