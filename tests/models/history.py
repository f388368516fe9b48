"""Histories: what happened on a chain, as JSON lines, for the models and for whoever checks against
them.

A history is UTF-8 text, one JSON object per line; blank lines and those that begin with # are
ignored. The first line is the genesis; then blocks follow, each a `block` line and the operations
committed in it, in order. The same history run through a model and through the real state machine
must give the same outcome, to the atom. Integers are JSON integers that fit into 64 bits, none
negative but a credit limit of -1; names are ASCII strings without spaces.

Genesis
    {"op":"genesis","time_ms":T,"epoch_ms":L,"maturity_epochs":W,"fee_ppb":F,"royalty_max_ppb":R,
     "currencies":[{"code":"USD","decimals":6,"payout_unit_minor":10000}],
     "accounts":[{"handle":"a0","roles":["steward","reporter","treasurer"],
                  "credit_limit_minor":{"USD":1000000}}]}
    Epoch 0 is [T, T+L), epoch e is [T+e*L, T+(e+1)*L): a block at exactly T+L is in epoch 1.
    Revenue of epoch e settles when epoch e+W has ended. A credit limit that is missing or 0 is no
    credit at all, -1 is credit without limit. F+R is at most 10^9.

Blocks
    {"op":"block","time_ms":T}   begins a block; T never falls. What is due by T (every epoch that
                                 ended at or before T, in order) is dealt with first, then the
                                 operations up to the next "block", "expect" or the end.
    {"op":"expect"}              ends the block and prints its outcome now, for a driver that talks
                                 through a pipe; the next line must be a "block". Optional.

Operations; each is a transaction of its own, and a refused one changes nothing
    {"op":"account","handle":"c1"}
        A contributor without roles. Refused: the handle exists.
    {"op":"record","name":"r1","authors":[["c1",600000000],["c2",400000000]],
     "parents":[["r0",3],["r9",1]],"pass_through_ppb":300000000,"royalty_ppb":0,"min_share_ppb":0,
     "id":"<64 lower-case hex digits>","alpha_max_ppb":0,"pool":false}
        Authors as [handle, ppb], parents as [name, weight]. The id breaks ties between equal
        remainders; sequence numbers follow the order of acceptance. `alpha_max_ppb` and `pool` may
        be left out and are then 0 and false. Refused: name or id exists; authors unknown, repeated,
        at 0, more than 64 or not summing to 10^9; parents unknown, repeated, more than 1,024, or
        with a weight of 0 or above 2^32-1; pass-through above 10^9, or above 0 without parents; a
        share that rounds to 0, unless the pass-through is 0; a share below the parent's
        min_share_ppb in force; min_share_ppb or alpha_max_ppb above 10^9; a royalty above R, or
        above 0 and below R/1000; a
        royalty stack (without the record's own royalty) that sums to more than R.
    {"op":"lower_terms","record":"r1","effective_epoch":7,"royalty_ppb":0,"min_share_ppb":0,
     "alpha_max_ppb":0}
        The record's terms from that epoch on. Royalties that stacks hold are lowered with it: the
        settlement of an epoch takes the least of what the stack holds and what is in force then.
        `alpha_max_ppb` may be left out and is then 0. Refused: an unknown record; an epoch that is
        not later than the current one, or earlier than that of the record's last lowering; a term
        above what the last lowering (or the record) says; no term below it; a royalty above 0 and
        below R/1000.
    {"op":"revenue","reporter":"a0","asset":"r1","currency":"USD","amount_minor":1900,
     "reference":"x1"}
        Refused: unknown names; an account without the role "reporter"; amount 0 or not below 2^63;
        the reporter used the reference before (in an accepted event, in whatever currency);
        outstanding + amount above the credit limit, where outstanding = reported - reversed -
        funded, per reporter and currency, in minor units.
        Optional attribution: "attribution":[["r0",3],["r5",1]],"attribution_ppb":200000000 directs
        `attribution_ppb` of the gross, divided by weight (largest remainder, ties to the lower
        record id), into the inflow of the named records, which may be any records. Left out,
        `attribution_ppb` is the asset's alpha_max_ppb. Refused: unknown or repeated records, more
        than 1,024, bad weights, a share that rounds to 0, more than the asset's alpha_max_ppb,
        more than fee and royalties leave of 10^9.
    {"op":"fund","reporter":"a0","currency":"USD","amount_minor":1000}
        A treasurer confirms received funds. Refused: unknown names, amount 0 or not below 2^63,
        more than outstanding.
    {"op":"request_payout","account":"c1","currency":"USD","amount_minor":10000}
        Accepted requests are numbered 0, 1, 2 ... over all accounts and currencies. Refused:
        unknown names, 0 or not below 2^63, not a multiple of payout_unit_minor, above what is
        available, or paid + reserved + amount above all confirmed funds of the currency.
    {"op":"confirm_payout","payout":0} and {"op":"fail_payout","payout":0}
        Refused: no such payout, or it was confirmed or failed before.
    {"op":"amend","record":"r1","effective_epoch":7,"authors":[...],"parents":[...],
     "pass_through_ppb":P}
        New lines from that epoch on; consent of the holders is taken as given. Refused as a record
        is, and also: unknown record; an epoch that is not later than the current one and than the
        record's last version; a parent that is not earlier in sequence; for a record that is no
        pool, other parents than those of its last version; a parent that its last version has not,
        through which a royalty would be owed to a record that is not in its royalty stack. The
        royalty stack stays.
    {"op":"withdraw_amendment","record":"r1","effective_epoch":7}
        Takes the record's last version back, as if it had never been. Refused: unknown record; its
        last version is not of that epoch; that epoch has begun.
    {"op":"parameters","effective_epoch":7,"fee_ppb":F,"maturity_epochs":W}
        What the only admin proposes, in force from that epoch on; of two for the same epoch the
        later one. Revenue of epoch e has the fee and the W of e, and settles when e + W has ended,
        but not before that of an earlier epoch. Refused: an epoch that is not later than the
        current one; F + R above 10^9; W above 64; 16 of them waiting.
    {"op":"freeze","asset":"r1"}
        After an incident on it. What it has pending, and earns meanwhile, does not mature until
        `freeze_epochs` (of the genesis; left out: 0) times L after the block's time; then what
        would have settled settles at once. Revenue of epochs up to that in which a freeze ended is
        not frozen again. Refused: unknown asset; it is frozen.
    {"op":"rule_incident","asset":"r1","compensations":[["c1","USD",700]]}
        Takes [handle, currency, minor units] off what is frozen, oldest epoch first, and ends the
        freeze before the next block. What attribution directs out of an epoch shrinks in
        proportion, rounded down; a later refund of its events is a debit. Refused: not frozen, or
        ruled on; unknown names; amount 0; more than is frozen.
    {"op":"refund","reporter":"a0","reference":"x1","amount_minor":5}
        Refused: no such event, one recorded more than 400 epochs ago, amount 0, or refunds summing
        to more than the event.
    {"op":"open_case","claimant":"c1","record":"r1","level":"lines","lines":[["r0",600000000]],
     "kept_ppb":400000000,"currency":"USD"}
    {"op":"join_case","case":0,"claimant":"c2","lines":[...],"kept_ppb":0,"currency":"USD"}
        Cases (docs/rewards.md, section 11); accepted ones are numbered 0, 1, 2 ... At the level
        "authors" the lines are [handle, ppb] and kept_ppb is 0. New earlier parents may be named.
        The genesis may say "case_response_ms", "case_ruling_ms", "bond_floor_minor", "bond_ppb";
        left out they are 0. Refused as that section says; who claims has had its account since the
        block before.
    {"op":"answer_case","case":0,"account":"c1"}, {"op":"withdraw_claim","case":0,"account":"c1"}
    {"op":"agree_case","case":0,"lines":[...],"kept_ppb":0}
        Consent of whoever must sign is taken as given.
    {"op":"rule_case","case":0,"choices":[0,1]}
        By arbiters without ties.
    {"op":"preference","account":"c1","currency":"USD","above_minor":50000}
        From now on a payout is requested by itself, at the end of each block, once that much is
        available; 0: no more. Less than the payout unit counts as the unit. Currencies in the order
        of the genesis, within one the accounts in order of registration: the largest whole number
        of units that is available, is covered by what is left of all confirmed funds, and below
        2^63. Nothing where the funds left are below a unit. Numbered like other payouts. Of an
        account that was registered in an earlier block. Refused: unknown names.
    {"op":"statement","reporter":"a0","asset":"r1","currency":"USD","first_epoch":0,"last_epoch":3,
     "total_minor":0}
        What a reporter says it earned. Moves no money. Refused: unknown names; an account without
        the role "reporter"; a last epoch before the first or not yet over; an epoch in common with
        a statement given before on the same asset and currency.

Outcome, one line per block
    {"accepted":[true,false],
     "balances":{"c1":{"USD":{"available":"1500","paid":"0","reserved":"0"}}},
     "block":1,"digest":"<64 hex>","epoch":0,
     "totals":{"USD":{"available":"…","dust":"…","fees":"…","paid":"…","pending":"…",
                      "reported":"…","reserved":"…"}}}
    Keys sorted, no spaces. Amounts are atoms as decimal strings. `block` counts the "block" lines
    from 1 and `epoch` is the current one after the block. `accepted` has one boolean per operation
    of the block. `totals` has every currency of the genesis and all seven sums, zero or not;
    "escrow" and "bonds" join them while they are not zero, as "bonded" joins a balance, and
    "reversed" once a refund was accepted, and then pending may be negative. In
    `balances` an account and currency is left out when all three amounts are zero, otherwise all
    three are there. `digest` is SHA-256 over one line "<name> <currency> <C> <K>\\n" for every
    record and currency in which C or K is not zero, records by sequence, then currencies by code,
    both as they stand under the version under which money last arrived: it compares the flows
    themselves. A driver that has no access to them ignores it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Iterable, Iterator

Operation = dict[str, Any]

REQUIRED_FIELDS: dict[str, frozenset[str]] = {
    name: frozenset(fields.split()) for name, fields in {
        "genesis": "time_ms epoch_ms maturity_epochs fee_ppb royalty_max_ppb currencies accounts",
        "block": "time_ms",
        "expect": "",
        "account": "handle",
        "record": "name id authors parents pass_through_ppb royalty_ppb min_share_ppb",
        "revenue": "reporter asset currency amount_minor reference",
        "fund": "reporter currency amount_minor",
        "request_payout": "account currency amount_minor",
        "confirm_payout": "payout",
        "fail_payout": "payout",
        "lower_terms": "record effective_epoch royalty_ppb min_share_ppb",
        "amend": "record effective_epoch authors parents pass_through_ppb",
        "withdraw_amendment": "record effective_epoch",
        "parameters": "effective_epoch fee_ppb maturity_epochs",
        "freeze": "asset",
        "rule_incident": "asset compensations",
        "refund": "reporter reference amount_minor",
        "open_case": "claimant record level lines kept_ppb currency",
        "join_case": "case claimant lines kept_ppb currency",
        "answer_case": "case account",
        "withdraw_claim": "case account",
        "agree_case": "case lines kept_ppb",
        "rule_case": "case choices",
        "preference": "account currency above_minor",
        "statement": "reporter asset currency first_epoch last_epoch total_minor",
    }.items()
}
OPTIONAL_FIELDS: dict[str, frozenset[str]] = {
    "genesis": frozenset({"case_response_ms", "case_ruling_ms", "bond_floor_minor", "bond_ppb",
                          "freeze_epochs"}),
    "record": frozenset({"alpha_max_ppb", "pool"}),
    "lower_terms": frozenset({"alpha_max_ppb"}),
    "revenue": frozenset({"attribution", "attribution_ppb"}),
}


class MalformedHistory(ValueError):
    """The text is not a history; this says nothing about the rules of money."""


@dataclass
class Block:
    """A block's time and the operations committed in it."""

    time_ms: int
    operations: list[Operation] = field(default_factory=list)


def parse(lines: Iterable[str]) -> Iterator[Operation]:
    """Yields the objects of a history; names the first line that is none."""
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            operation = json.loads(line)
        except json.JSONDecodeError as error:
            raise MalformedHistory(f"line {number}: {error}") from error
        _check_fields(operation, number)
        yield operation


def _check_fields(operation: Any, number: int) -> None:
    if not isinstance(operation, dict) or operation.get("op") not in REQUIRED_FIELDS:
        raise MalformedHistory(f"line {number}: no known \"op\"")
    name = operation["op"]
    present = frozenset(operation) - {"op"}
    missing = REQUIRED_FIELDS[name] - present
    unknown = present - REQUIRED_FIELDS[name] - OPTIONAL_FIELDS.get(name, frozenset())
    if missing or unknown:
        raise MalformedHistory(
            f"line {number}: {name}: missing {sorted(missing)}, unknown {sorted(unknown)}")


def load(lines: Iterable[str]) -> tuple[Operation, Iterator[Block]]:
    """Splits a history into its genesis and its blocks, each yielded once it is complete."""
    operations = parse(lines)
    genesis = next(operations, None)
    if genesis is None or genesis["op"] != "genesis":
        raise MalformedHistory("a history begins with its genesis")
    return genesis, _blocks(operations)


def _blocks(operations: Iterator[Operation]) -> Iterator[Block]:
    block: Block | None = None
    for operation in operations:
        if operation["op"] == "block":
            if block is not None:
                yield block
            block = Block(operation["time_ms"])
        elif operation["op"] == "genesis" or block is None:
            raise MalformedHistory(f"\"{operation['op']}\" outside a block")
        elif operation["op"] == "expect":
            yield block
            block = None
        else:
            block.operations.append(operation)
    if block is not None:
        yield block
