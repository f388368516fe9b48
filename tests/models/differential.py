"""Runs a history (see history.py) through a model and prints the outcome as JSON lines.

    differential.py --model integer [FILE]    one outcome per block, to compare with the engine's
    differential.py --model rational [FILE]   the exact credit of each account, at the end
    differential.py --closeness [FILE]        accrued against exact; exits 1 where the law fails
    differential.py --generate SEED           prints a random history

Without FILE, or with -, the history is read from standard input; an outcome is flushed as soon as
its block is complete.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any, Iterable, Iterator

import generate
import history
import rational_model
from integer_model import Ledger, imbalance

Outcome = dict[str, Any]


def encode(value: Any) -> str:
    """The one JSON form of an outcome: keys sorted, no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def run_history(lines: Iterable[str]) -> Iterator[Outcome]:
    """Yields the outcome of each block under the integer model."""
    genesis, blocks = history.load(lines)
    yield from run_blocks(Ledger(genesis), blocks)


def run_blocks(ledger: Ledger, blocks: Iterable[history.Block]) -> Iterator[Outcome]:
    """The same from a ledger that the caller goes on looking at."""
    for number, block in enumerate(blocks, start=1):
        accepted = apply_block(ledger, block)
        yield outcome(number, ledger, accepted)


def closeness(lines: Iterable[str]) -> list[rational_model.Closeness]:
    """How close each account's credit is to the exact split after a whole history."""
    return rational_model.measure(final_ledger(lines))


def final_ledger(lines: Iterable[str]) -> Ledger:
    """The integer model after a whole history."""
    genesis, blocks = history.load(lines)
    ledger = Ledger(genesis)
    for block in blocks:
        apply_block(ledger, block)
    return ledger


def apply_block(ledger: Ledger, block: history.Block) -> list[bool]:
    """What is due first, then the operations, then automatic payouts."""
    ledger.begin_block(block.time_ms)
    accepted = [ledger.apply(operation) for operation in block.operations]
    ledger.end_block()
    return accepted


def outcome(number: int, ledger: Ledger, accepted: list[bool]) -> Outcome:
    """A block's line; the law of conservation is checked on the way."""
    totals = {code: ledger.totals(code) for code in ledger.books}
    for code, sums in totals.items():
        if imbalance(sums) != 0:
            raise AssertionError(f"block {number}: {code} is out of balance by {imbalance(sums)}")
    return {
        "block": number,
        "epoch": ledger.epoch,
        "accepted": accepted,
        "totals": {code: {name: str(amount) for name, amount in sums.items()
                          if name not in ("reversed", "bonds", "escrow") or amount > 0}
                   for code, sums in totals.items()},
        "balances": balances(ledger),
        "digest": ledger.flow_digest(),
    }


def balances(ledger: Ledger) -> dict[str, dict[str, dict[str, str]]]:
    """All balances that are not zero, by account and currency."""
    result: dict[str, dict[str, dict[str, str]]] = {}
    for code, books in ledger.books.items():
        for handle, balance in books.balances.items():
            if balance.total > 0:
                result.setdefault(handle, {})[code] = {
                    "available": str(balance.available),
                    "reserved": str(balance.reserved),
                    "paid": str(balance.paid),
                    **({"bonded": str(balance.bonded)} if balance.bonded else {}),
                }
    return result


def _print_integer(lines: Iterable[str]) -> int:
    for line in run_history(lines):
        print(encode(line), flush=True)
    return 0


def _print_rational(lines: Iterable[str]) -> int:
    credits = rational_model.exact_split(final_ledger(lines)).credits
    for (handle, currency), amount in sorted(credits.items()):
        print(encode({"account": handle, "currency": currency, "credit": str(amount)}))
    return 0


def _print_closeness(lines: Iterable[str]) -> int:
    measured = closeness(lines)
    for one in measured:
        print(encode({"account": one.account, "currency": one.currency,
                      "accrued": str(one.accrued), "error_atoms": float(one.exact - one.accrued),
                      "lines": one.lines, "holds": one.holds}))
    return 0 if all(one.holds for one in measured) else 1


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Runs a history through a model.")
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--model", choices=["integer", "rational"])
    action.add_argument("--closeness", action="store_true")
    action.add_argument("--generate", type=int, metavar="SEED")
    parser.add_argument("--amendments", action="store_true",
                        help="generate amendments, attribution and refunds too")
    parser.add_argument("file", nargs="?", type=argparse.FileType("r", encoding="utf-8"),
                        default=sys.stdin)
    arguments = parser.parse_args()
    if arguments.generate is not None:
        for line in generate.random_history(arguments.generate, changes=arguments.amendments):
            print(line)
        return 0
    if arguments.closeness:
        return _print_closeness(arguments.file)
    return _print_integer(arguments.file) if arguments.model == "integer" else \
        _print_rational(arguments.file)


if __name__ == "__main__":
    sys.exit(main())
