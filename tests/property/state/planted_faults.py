#!/usr/bin/env python3
"""Plants faults in the engine, one at a time, and requires that the differential test catches each.

    planted_faults.py --build DIR [--histories N] [--jobs J] [--only NAME]
    planted_faults.py --build DIR --order [--histories N]
    planted_faults.py --build DIR --shrinking

A fault is a small change of the text of one source file. The files that it touches are compiled
again, into a directory of their own, and linked with the rest of the build into a mutant of
history_driver, which runs the same histories as the engine without faults, until one catches it. It
is caught where an outcome differs from the model's, or where the node halts by itself. A fault that
nothing catches fails the run, and so does one whose text is no longer in the source.

Histories that catch much come first (FIRST); --order says which these are, and must be asked again
when generate.py changes: with another order the run takes longer, and finds the same.

With --shrinking, a few faults are planted of which it is known how little shows them: the history
that fails must shrink to as few lines, must fail again when what was printed is replayed, and must
pass on the engine without the fault.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

sys.path.insert(0, str(Path(__file__).resolve().parent))

import run_differential  # noqa: E402
from run_differential import differential  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
FIRST_SEED = 77 * 10**9
DRIVER_SOURCES = ["tests/property/state/history_chain.cc", "tests/property/state/history_driver.cc"]
DRIVER_TIMEOUT_S = 120
SIZE_FIRST = 10  # of the batches in which histories are run; each is twice as large as the last
DEEP_EVERY = 3
FIRST: tuple[int, ...] = (14, 142, 18, 71, 130, 30, 139, 35, 95, 82, 107, 114, 145, 11, 62, 1, 6, 9,
                          31, 33, 34, 41, 50, 69, 75, 119, 154)


@dataclass(frozen=True)
class Fault:
    """`old` stands in `file` exactly once and becomes `new`.

    `used_in`, for a header: the sources that use what changes; all that see it where it is empty.
    """

    name: str
    file: str
    old: str
    new: str
    used_in: tuple[str, ...] = ()


FAULTS = [
    Fault("dispute: an edge gets its status quo", "src/rewards/dispute.cc",
          "least->shares[i] = std::min(least->shares[i], share);", "(void)share;"),
    Fault("dispute: what is kept is not contested", "src/rewards/dispute.cc",
          "least->kept = std::min(least->kept, claim.kept);", ""),
    Fault("dispute: authors get their status quo", "src/rewards/dispute.cc",
          "author.share = std::min(author.share, ShareIn(claim, author.account.value()));", ""),
    Fault("dispute: dust of a segment's vector is lost", "src/rewards/dispute.cc",
          "arrived.inflow += closed.carry.inflow;", ""),
    Fault("dispute: pots of all segments are one", "src/state/disputes.cc",
          "const bool same = pot_.lines_segment == lines_segment &&\n"
          "                      pot_.authors_segment == authors_segment && pot_.version == version;",
          "const bool same = true;"),
    Fault("dispute: a claim counts in segments before it", "src/state/disputes.h",
          "claim.first_segment <= segment &&", "",
          ("src/state/case_end.cc", "src/state/disputes.cc")),
    Fault("dispute: an agreement takes back", "src/state/operations/agree_case.cc",
          "if (auto bad = CheckPaid(c, *one, *outcome)) return bad;", ""),
    Fault("dispute: each segment is a version of its own", "src/rewards/dispute.cc",
          "if (next.vectors != vectors_) {", "if (true) {"),
    Fault("dispute: what was paid is paid again", "src/rewards/dispute.cc",
          "player.Paid(segment);", ""),
    Fault("dispute: a join starts no segment", "src/state/operations/join_case.cc",
          "++one->value.segments;", ""),
    Fault("dispute: a ruling starts with the current epoch", "src/state/case_end.cc",
          "AddRuledVersion(overlay, record, block.chain.settled_epochs,",
          "AddRuledVersion(overlay, record, block.chain.epoch,"),
    Fault("dispute: the silent respondent wins", "src/state/case_end.cc",
          "if (InForce(first->value, segment)) ending", "if (false) ending"),
    Fault("dispute: a lost bond goes back", "src/state/case_end.cc",
          "if (ruled && !upheld) {", "if (false) {"),
    Fault("dispute: lost bonds never go to the winner", "src/state/case_bonds.cc",
          "if (winner != nullptr) {", "if (false) {"),
    Fault("dispute: an answer leaves the first deadline", "src/state/operations/respond_to_case.cc",
          "one->value.state = static_cast<uint8_t>(CaseState::kAnswered);", ""),
    Fault("dispute: the record may be amended meanwhile", "src/state/operations/amend_record.cc",
          "if (HasOpenCase(c.overlay, *record)) return", "if (false) return"),
    Fault("admission: a left unit goes to the higher id of a tie", "src/rewards/admission.cc",
          "return ids[a] < ids[b];", "return ids[b] < ids[a];"),
    Fault("admission: a left unit goes to the smallest remainder", "src/rewards/admission.cc",
          "return remainders[a] > remainders[b];", "return remainders[a] < remainders[b];"),
    Fault("admission: shares round down and nothing is left over", "src/rewards/admission.cc",
          "for (uint32_t i = 0; i < left; ++i) shares",
          "for (uint32_t i = 1; i < left; ++i) shares"),
    Fault("flow: ceil for floor along an edge", "src/rewards/settlement.h",
          "whole * share + after.f * share / base::kPpbOne - before.f",
          "whole * share + (after.f * share + base::kPpbOne - 1) / base::kPpbOne - before.f"),
    Fault("flow: the first edge is skipped", "src/rewards/settlement.h",
          "for (size_t i = 0; i < edges.size(); ++i) {\n    const uint32_t share",
          "for (size_t i = 1; i < edges.size(); ++i) {\n    const uint32_t share"),
    Fault("flow: an edge takes the share of the one before", "src/rewards/settlement.h",
          "const uint32_t share = edges.shares()[i];",
          "const uint32_t share = edges.shares()[i == 0 ? 0 : i - 1];"),
    Fault("flow: the old total of an edge is not subtracted", "src/rewards/settlement.h",
          "const base::Uint128 whole = after.m - before.m;",
          "const base::Uint128 whole = after.m;"),
    Fault("flow: floors of what arrives, not of the total", "src/rewards/settlement.h",
          "const Parts before = Parts::Of(old.inflow);\n    const Parts after = "
          "Parts::Of(flow.inflow);",
          "const Parts before{};\n    const Parts after = Parts::Of(arrived.inflow);"),
    Fault("flow: the first author takes the remainder", "src/rewards/settlement.h",
          "const base::Uint128 amount = new_total.Floor(share) - old_total.Floor(share);",
          "const base::Uint128 amount = new_total.Floor(share) - old_total.Floor(share) + "
          "(sum == 0 ? 1 : 0);"),
    Fault("flow: the dust is dropped", "src/state/settle.cc",
          "SaveRow(FlowRow{flow_.inflow, flow_.extra}, where_)",
          "SaveRow(FlowRow{base::Atoms(flow_.inflow.value() / 1000 * 1000), flow_.extra}, where_)"),
    Fault("sweep: from the lowest record to the highest", "src/rewards/open_inflows.h",
          "const int bit = 63 - std::countl_zero(word);",
          "const int bit = std::countr_zero(word);", ("src/state/settle.cc",)),
    Fault("asset level: the fee on net instead of gross", "src/rewards/asset_level.cc",
          "split.fee = ExactShare(gross_minor, fee);",
          "split.fee = ExactShare(gross_minor - ExactShare(gross_minor, fee).value() / "
          "base::kPpbOne, fee);"),
    Fault("asset level: the fee is one atom short", "src/rewards/asset_level.cc",
          "ExactShare(gross_minor, base::Ppb(base::kPpbOne)) - split.fee;",
          "ExactShare(gross_minor, base::Ppb(base::kPpbOne)) - split.fee;\n"
          "  if (!split.fee.IsZero()) split.fee -= Atoms(1), net += Atoms(1);"),
    Fault("royalty: counted once for each parent that has it", "src/rewards/royalty_stack.cc",
          "united.push_back({a[i].record, std::min(a[i].share, b[j].share)});",
          "united.push_back({a[i].record, base::Ppb(a[i].share.value() + b[j].share.value())});"),
    Fault("royalty: the record's own is charged to itself", "src/state/settle.cc",
          "for (auto& [currency, sums] : royalties) "
          "matured[currency].input.extra = sums.ByClaimant();",
          "for (auto& [currency, sums] : royalties) {\n"
          "    matured[currency].input.extra = sums.ByClaimant();\n"
          "    for (const Source& one : matured[currency].earned) {\n"
          "      const auto own = overlay.resident().terms().At(one.record, epoch).royalty;\n"
          "      matured[currency].input.extra.push_back("
          "{one.record, rewards::ExactShare(one.gross.value() / base::kPpbOne, own)});\n"
          "    }\n  }"),
    Fault("royalty: a parent's own royalty is left out", "src/state/royalties.cc",
          "if (royalty.value() > 0) admission.entries.push_back({parent, royalty});",
          "if (royalty.value() > 0 && parents.size() == 1) "
          "admission.entries.push_back({parent, royalty});"),
    Fault("royalty: only the first parent's stack counts", "src/state/royalties.cc",
          "if (stack != kNone32) stacks.insert(stack);",
          "if (stack != kNone32 && stacks.empty()) stacks.insert(stack);"),
    Fault("royalty: on net instead of gross", "src/state/royalties.cc",
          "sums.Add(royalty.record.value(), sum.gross_minor * royalty.share.value());",
          "sums.Add(royalty.record.value(), sum.gross_minor * royalty.share.value() / "
          "base::kPpbOne * (base::kPpbOne - sum.share.value()));"),
    Fault("royalty: passed on to the claimant's parents", "src/rewards/settlement.h",
          "if (!extras.empty()) arrived.extra = internal::TakeExtra(seq, &extras);",
          "if (!extras.empty()) arrived.inflow += internal::TakeExtra(seq, &extras);"),
    Fault("royalty: not taken off the asset's net", "src/rewards/asset_level.cc",
          "net -= split.royalties.back().amount;", ""),
    Fault("royalty: stale after it was lowered", "src/state/terms_book.cc",
          "return lowered == nullptr ? share : std::min(share, lowered->terms.royalty);",
          "return share;"),
    Fault("royalty: lowered from the next epoch on", "src/state/terms_book.cc",
          "return key < one.effective;", "return key <= one.effective;"),
    Fault("royalty: the cap is one too high", "src/state/royalties.cc",
          "if (total > cap.value()) {", "if (total > uint64_t{cap.value()} + 1) {"),
    Fault("royalty: one below the least is admitted", "src/state/terms.cc",
          "if (royalty >= least) return std::nullopt;",
          "if (royalty.value() + 1 >= least.value()) return std::nullopt;"),
    Fault("terms: a least share need not be reached", "src/state/terms.cc",
          "if (shares[i] >= least) continue;",
          "if (shares[i].value() + 1 >= least.value()) continue;"),
    Fault("amendment: any record takes in parents", "src/state/operations/amend_record.cc",
          "return amendment.row.kind == static_cast<uint8_t>(codec::RecordKind::kPool);",
          "return true;"),
    Fault("amendment: a way around royalties", "src/state/operations/amend_record.cc",
          "if (std::binary_search(owed.begin(), owed.end(), claimant)) continue;",
          "if (claimant != parent || owed.size() > 1) continue;"),
    Fault("terms: raised by a lowering", "src/state/operations/lower_terms.cc",
          "if (line.now <= line.before) continue;",
          "if (line.now.value() <= line.before.value() + 1) continue;"),
    Fault("terms: lowered after a restart only", "src/state/resident.cc",
          "terms_.Lower(lowered.record, lowered.effective, lowered.terms);", ""),
    Fault("maturity: one epoch early", "src/state/due.cc",
          "if (MaturesWithEndOf(overlay, epoch) > block.chain.epoch) return;",
          "if (MaturesWithEndOf(overlay, epoch) > block.chain.epoch + 1) return;"),
    Fault("maturity: epochs with pending money are jumped over", "src/state/due.cc",
          "if (const auto oldest = OldestPendingEpoch(overlay, chain)) {",
          "if (std::optional<uint64_t> oldest; oldest) {"),
    Fault("parameters: the fee of the next epoch", "src/state/settle.cc",
          "ParametersAt(overlay, epoch.value()).fee_ppb",
          "ParametersAt(overlay, epoch.value() + 1).fee_ppb"),
    Fault("parameters: revenue settles before that of an earlier epoch", "src/state/parameters.cc",
          "matures = std::max(matures, last + parameters.maturity_epochs);",
          "if (last == epoch) matures = std::max(matures, last + parameters.maturity_epochs);"),
    Fault("parameters: one epoch late", "src/state/governance_draft.cc",
          "RowOf(*parameters_, epoch)", "RowOf(*parameters_, epoch + 1)"),
    Fault("freeze: revenue that was frozen once is frozen again", "src/state/freeze.cc",
          "asset.free_epoch = block.chain.epoch + 1;", "asset.free_epoch = 0;"),
    Fault("freeze: what has matured waits once more", "src/state/freeze.cc",
          "if (WaitsToMature(overlay, block.chain, epoch)) {",
          "if (WaitsToMature(overlay, block.chain, epoch + 1)) {"),
    Fault("freeze: what an asset earns meanwhile matures", "src/state/pending.cc",
          "const bool frozen = IsFrozen(overlay, place.asset, place.epoch);",
          "const bool frozen = change == Change::kTakeOff && "
          "IsFrozen(overlay, place.asset, place.epoch);"),
    Fault("freeze: a ruling does not end it", "src/state/operations/rule_incident.cc",
          "if (frozen) EndFreezeNow(c, *frozen);", ""),
    Fault("compensation: from the newest epoch", "src/state/freeze.cc",
          "return a.value.epoch < b.value.epoch;", "return a.value.epoch > b.value.epoch;"),
    Fault("compensation: one unit more than is frozen", "src/state/operations/rule_incident.cc",
          "if (sum <= held) continue;", "if (sum <= held + 1) continue;"),
    Fault("compensation: attribution does not shrink", "src/state/freeze.cc",
          "line.amount = base::Atoms(MulDivFloor(line.amount.value(), after, before));",
          "line.amount = base::Atoms(MulDivFloor(line.amount.value(), before, before));"),
    Fault("compensation: a later refund is taken off", "src/state/pending.cc",
          "if (row && (overlay.Get<FrozenRow>(*row).flags & kFrozenCompensated) != 0) return false;",
          ""),
    Fault("epochs: a block at the end of an epoch is still in it", "src/state/due.cc",
          "if (block.chain.epoch_end_ms <= limit) {", "if (block.chain.epoch_end_ms < limit) {"),
    Fault("settlement: the pending money is not cleared", "src/state/settle.cc",
          "if (rows > 0) overlay.Clear(table);", "if (rows > 1) overlay.Clear(table);"),
    Fault("settlement: a second credit of an account replaces the first", "src/state/settle.cc",
          "credits[i].account == account; ++i) sum += credits[i].amount;",
          "credits[i].account == account; ++i) sum = credits[i].amount;"),
    Fault("revenue: a second event of an epoch replaces the first", "src/state/pending.cc",
          "    sum += amount;\n", "    sum = amount;\n"),
    Fault("revenue: the credit limit one too high", "src/state/revenue.cc",
          "owed - settled <= base::Atoms(receivable.limit_minor)",
          "owed - settled <= base::Atoms(receivable.limit_minor) + base::Atoms(1)"),
    Fault("revenue: a reference may be used again", "src/state/revenue.cc",
          "if (!taken) return std::nullopt;", "if (!taken || RingRow(*taken) == 0) return "
          "std::nullopt;"),
    Fault("attribution: on net instead of gross", "src/state/pending.cc",
          "attributed.amount = base::Atoms(base::Uint128{amount.value()} * one.share.value());",
          "attributed.amount = base::Atoms(base::Uint128{amount.value()} * (one.share.value() - "
          "one.share.value() / 100));"),
    Fault("attribution: the asset keeps what it directs away", "src/state/settle.cc",
          "{&owed, 1}, {&directed, 1});", "{&owed, 1}, {});"),
    Fault("attribution: alpha one above the asset's most", "src/state/attribution.cc",
          "if (alpha > most) {", "if (alpha.value() > most.value() + 1) {"),
    Fault("attribution: royalties do not count against alpha", "src/state/attribution.cc",
          "RoyaltiesOn(c.overlay, asset, now).value());", "0);"),
    Fault("refund: what was attributed stays pending", "src/state/pending.cc",
          "    change_line(attributed);",
          "    if (change == Change::kAdd) change_line(attributed);"),
    Fault("refund: an event that waits is a debit an epoch early", "src/state/due.h",
          "return MaturesWithEndOf(overlay, epoch) >= chain.epoch;",
          "return MaturesWithEndOf(overlay, epoch) > chain.epoch;",
          ("src/state/pending.cc", "src/state/freeze.cc")),
    Fault("refund: a second debit of an asset replaces the first",
          "src/state/operations/refund_revenue.cc",
          "debit.amount_minor += base::Atoms(amount.value());",
          "debit.amount_minor = base::Atoms(amount.value());"),
    Fault("refund: one minor unit more than the event", "src/state/operations/refund_revenue.cc",
          "if (operation.amount_minor.value() > left) {",
          "if (operation.amount_minor.value() > left + 1) {"),
    Fault("refund: the reporter owes as much as before", "src/state/operations/refund_revenue.cc",
          "receivable.reversed_minor += base::Atoms(amount.value());",
          "receivable.reversed_minor += base::Atoms(0);"),
    Fault("debit: netted after the fee", "src/state/settle.cc",
          "currency.fee += split.fee;",
          "currency.fee += rewards::ExactShare(pending.amount.value(), fee);"),
    Fault("debit: never netted", "src/state/settle.cc",
          "if (netted == 0) return 0;", "if (netted >= 0) return 0;"),
    Fault("debit: what was attributed bears it too", "src/rewards/asset_level.cc",
          "if (!directed.IsZero()) {", "if (false) {"),
    Fault("debit: one minor unit more than the net can bear", "src/rewards/asset_level.cc",
          ".value() / net.value();", ".value() / net.value() + 1;"),
    Fault("automatic payout: not cut to the funds", "src/state/automatic_payouts.cc",
          "std::min(balance.available, funds).value()", "balance.available.value()"),
    Fault("automatic payout: the mark must be exceeded", "src/state/automatic_payouts.cc",
          "if (!balance.IsRipe()) return;",
          "if (!balance.IsRipe() || balance.available == base::Atoms::FromMinor("
          "base::MinorUnits(balance.automatic_above_minor))) return;"),
    Fault("automatic payout: the mark is below the unit",
          "src/state/operations/set_payout_preference.cc",
          "std::max(above_minor, least_minor)", "above_minor"),
    Fault("automatic payout: one of each block alone", "src/state/automatic_payouts.cc",
          "while (block_.automatic_payouts.size() < kAutomaticPayoutsMax &&",
          "while (block_.automatic_payouts.size() < 1 &&"),
    Fault("statement: periods may share an epoch", "src/state/overlay.cc",
          "if (same && it->last_epoch >= item.first_epoch) return *it;",
          "if (same && it->last_epoch > item.first_epoch) return *it;"),
    Fault("funding: more than is outstanding", "src/state/operations/confirm_funding.cc",
          "if (base::Atoms(operation.amount_minor.value()) > outstanding) {",
          "if (base::Atoms(operation.amount_minor.value()) > outstanding + base::Atoms(1)) {"),
    Fault("payout: what is reserved does not count against the funds",
          "src/state/operations/request_payout.cc",
          "if (totals.paid + totals.reserved + amount > totals.funded) {",
          "if (totals.paid + amount > totals.funded) {"),
    Fault("payout: funds must exceed the payout", "src/state/operations/request_payout.cc",
          "if (totals.paid + totals.reserved + amount > totals.funded) {",
          "if (totals.paid + totals.reserved + amount >= totals.funded) {"),
    Fault("payout: a failed one stays reserved", "src/state/payouts.cc",
          "balance.reserved -= amount;\n  balance.*balance_line += amount;",
          "if (state == PayoutState::kPaid) balance.reserved -= amount, "
          "balance.*balance_line += amount;"),
    Fault("payout: a closed one may be closed again", "src/state/payouts.cc",
          "if (row.state == static_cast<uint8_t>(PayoutState::kRequested)) return row;",
          "if (row.state != static_cast<uint8_t>(PayoutState::kPaid)) return row;"),
    Fault("version: one epoch early", "src/lineage/versions.cc",
          "while (version != nullptr && version->effective > epoch) version = version->older;",
          "while (version != nullptr && version->effective > epoch.Next()) "
          "version = version->older;"),
    Fault("version: one epoch late", "src/lineage/versions.cc",
          "while (version != nullptr && version->effective > epoch) version = version->older;",
          "while (version != nullptr && version->effective >= epoch) version = version->older;"),
    Fault("version: the one of the epoch of today", "src/state/settle.cc",
          "rewards::Settle(overlay.resident().graph(), epoch, input, flows, credits)",
          "rewards::Settle(overlay.resident().graph(), base::Epoch(block.chain.epoch), "
          "input, flows, credits)"),
    Fault("version: the flow's is not kept", "src/state/settle.cc",
          "if (version_where_ != nullptr) SaveRow(FlowVersionRow{version_}, version_where_);",
          ""),
    Fault("version: kept by currency of another", "src/state/settle.cc",
          "const TableId versions{TableKind::kFlowVersions, table_.sub};",
          "const TableId versions{TableKind::kFlowVersions, 0};"),
    Fault("closed version: its dust is lost", "src/rewards/flow.cc",
          "return {Flow{Atoms(), flow.extra + KeptTotal(flow, closed)}, Flow{edge_dust, Atoms()}};",
          "return {Flow{Atoms(), flow.extra + KeptTotal(flow, closed)}, Flow{}};"),
    Fault("closed version: its outs count again", "src/rewards/flow.cc",
          "return {Flow{Atoms(), flow.extra + KeptTotal(flow, closed)}, Flow{edge_dust, Atoms()}};",
          "return {Flow{Atoms(), flow.extra + KeptTotal(flow, closed)}, "
          "Flow{flow.inflow, Atoms()}};"),
    Fault("closed version: former authors' dust is lost", "src/rewards/flow.cc",
          "return {Flow{}, Flow{edge_dust, AuthorDust(flow, closed)}};",
          "return {Flow{}, Flow{edge_dust, Atoms()}};"),
    Fault("closed version: other authors take over the totals", "src/rewards/flow.cc",
          "if (closed.authors == next.authors) {", "if (closed.authors.size() > 0) {"),
    Fault("withdrawn amendment stays in force", "src/state/resident.cc",
          "graph_->DropVersions(change.record, change.effective);", ""),
    Fault("withdrawn amendment returns at a restart", "src/state/resident.cc",
          "if (version.withdrawn_entry != 0) graph_->DropVersions(seq, effective);", ""),
    Fault("amendment: at the epoch of the last", "src/state/operations/amend_record.cc",
          "if (operation.effective_epoch.value() <= last) {",
          "if (operation.effective_epoch.value() < last) {"),
    Fault("amendment: for the current epoch", "src/state/operations/amend_record.cc",
          "if (operation.effective_epoch.value() <= current) {",
          "if (operation.effective_epoch.value() < current) {"),
    Fault("withdrawal of what is in force", "src/state/operations/withdraw_amendment.cc",
          "if (!meant || version.effective_epoch <= c.block.chain.epoch) return std::nullopt;",
          "if (!meant) return std::nullopt;"),
    Fault("withdrawal brings back what was admitted",
          "src/state/operations/withdraw_amendment.cc",
          "amended->value.last = version.older;", "amended->value.last = kNone32;"),
]


# Names of faults, and the most lines of the smallest history that shows them; genesis and blocks
# count. Alone: a co-authored record that earns an odd unit. Two refunds of settled revenue.
SHRINKING = {
    "flow: the first author takes the remainder": 8,
    "refund: a second debit of an asset replaces the first": 10,
    "admission: a left unit goes to the smallest remainder": 10,
}


# The fewer features, the more of a history is about each.
KINDS = [{"terms", "amendments"}, run_differential.generate.FEATURES,
         run_differential.generate.CONTESTED, run_differential.generate.FROZEN]


def history_of(seed: int) -> list[str]:
    return run_differential.generate.random_history(seed, features=KINDS[seed % len(KINDS)])


class Histories:
    """Batches of histories with what the model makes of them, each made when it is asked for."""

    def __init__(self, driver: Path, count: int) -> None:
        known = [number for number in FIRST if number < count]
        self.numbers = known + sorted(set(range(count)) - set(known))
        self._driver = driver
        self._lock = threading.Lock()
        self._batches: list[list[tuple[list[str], list[str]]]] = []

    def __iter__(self) -> Iterator[list[tuple[list[str], list[str]]]]:
        """Yields lists of a history's lines and the expected outcomes."""
        start, size, number = 0, SIZE_FIRST, 0
        while start < len(self.numbers):
            with self._lock:
                if number == len(self._batches):
                    self._batches.append(self._make(self.numbers[start:start + size]))
            yield self._batches[number]
            start, size, number = start + size, 2 * size, number + 1

    def _make(self, numbers: list[int]) -> list[tuple[list[str], list[str]]]:
        batch = []
        for number in numbers:
            lines = history_of(FIRST_SEED + number)
            batch.append((lines, [differential.encode(outcome)
                                  for outcome in run_differential.expected_lines(lines)]))
        if wrong := run_mutant(self._driver, batch):
            raise AssertionError(f"without a fault: {wrong}")
        return batch


class Build:
    """The commands of a finished build, and the sources that a file reaches."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        commands = json.loads((directory / "compile_commands.json").read_text())
        self.commands = {str(Path(c["file"]).relative_to(ROOT)): c["command"] for c in commands
                         if c["file"].startswith(str(ROOT))
                         and not c["file"].startswith(str(directory))}
        self.driver = directory / "tests/property/state/history_driver"
        self.link = self._link_command()
        self.prelude: Path | None = None

    def prepare(self, scratch: Path) -> None:
        """Compiles, once, what the sources with faults include: reading it is half their time."""
        included: set[str] = set()
        for fault in FAULTS:
            if fault.file.endswith(".cc"):
                text = (ROOT / fault.file).read_text()
                included.update(re.findall(r'^#include ["<].*[">]', text, re.MULTILINE))
        header = scratch / "prelude.h"
        header.write_text("\n".join(sorted(included)) + "\n")
        words = self._compile_words("src/state/settle.cc")
        run = subprocess.run([*words, "-x", "c++-header", str(header), "-o", f"{header}.gch"],
                             capture_output=True, check=False, cwd=self.directory)
        if run.returncode == 0:
            self.prelude = header

    def _link_command(self) -> list[str]:
        listed = subprocess.run(["ninja", "-C", str(self.directory), "-t", "commands",
                                 "tests/property/state/history_driver"],
                                capture_output=True, text=True, check=True).stdout
        last = [line for line in listed.splitlines() if " -o tests/property/state/history_driver" in
                line][-1]
        last = last.removeprefix(": && ").removesuffix(" && :")
        return shlex.split(last)

    def mutant(self, fault: Fault, scratch: Path) -> Path:
        """The driver with the fault planted."""
        plant(fault, scratch)
        sources = fault.used_in or self._dependents(fault.file)
        return self._link_mutant([self._compile(source, scratch, fault) for source in sources],
                                 scratch)

    def _dependents(self, file: str) -> list[str]:
        """The sources of the engine and the driver that compile `file`."""
        if file.endswith(".cc"):
            return [file]
        sources = [source for source in self.commands
                   if re.match(r"src/(lineage|rewards|state)/", source)] + DRIVER_SOURCES \
            + ["tests/support/chain.cc"]
        return [source for source in sources if file in self._reached(source)]

    def _reached(self, source: str) -> set[str]:
        reached: set[str] = set()
        waiting = [source]
        while waiting:
            text = (ROOT / waiting.pop()).read_text()
            for name in re.findall(r'^#include "([^"]+)"', text, re.MULTILINE):
                for base in ("src", "tests", "include"):
                    path = f"{base}/{name}"
                    if path not in reached and (ROOT / path).is_file():
                        reached.add(path)
                        waiting.append(path)
        return reached

    def _compile_words(self, source: str) -> list[str]:
        """The command for a source, without what is specific to it, quick rather than strict."""
        words = shlex.split(self.commands[source])
        if Path(words[0]).name == "ccache":
            words = words[1:]
        result: list[str] = []
        skip = False
        for word in words:
            if skip:
                skip = False
            elif word in ("-o", "-c", "-MF", "-MT"):
                skip = True
            elif word not in ("-MD", "-Werror", "-O2", "-g1"):
                result.append(word)
        return [*result, "-w", "-O1"]

    def _compile(self, source: str, scratch: Path, fault: Fault) -> Path:
        """Compiles a source with the changed files of `scratch` before those of the project."""
        words = self._compile_words(source)
        output = scratch / (source.replace("/", "_") + ".o")
        changed = scratch / source
        file = changed if changed.exists() else ROOT / source
        words[1:1] = [f"-I{scratch / 'src'}"]
        if self.prelude and fault.file.endswith(".cc"):  # it holds the headers without faults
            words += ["-include", str(self.prelude)]
        run = subprocess.run([*words, "-o", str(output), "-c", str(file)], capture_output=True,
                             text=True, check=False, cwd=self.directory)
        if run.returncode != 0:
            raise RuntimeError(f"{source} does not compile:\n{run.stderr[:2000]}")
        return output

    def _link_mutant(self, objects: list[Path], scratch: Path) -> Path:
        """Links the driver; changed objects stand in for those of the driver and the archives."""
        mutant = scratch / "history_driver"
        names = {path.name.removesuffix(".o") for path in objects}
        words = [str(mutant) if word == "tests/property/state/history_driver" else word
                 for word in self.link]
        first = next(i for i, word in enumerate(words) if word.endswith(".o"))
        kept = [word for word in words[first:]
                if not (word.endswith("history_driver.cc.o")
                        and "tests_property_state_history_driver.cc" in names)]
        command = words[:first] + [str(path) for path in objects] + kept
        subprocess.run(command, check=True, cwd=self.directory, capture_output=True)
        return mutant


def plant(fault: Fault, scratch: Path) -> None:
    text = (ROOT / fault.file).read_text()
    if text.count(fault.old) != 1:
        raise RuntimeError(f"{fault.file} holds the text {text.count(fault.old)} times, not once:\n"
                           f"{fault.old}")
    target = scratch / fault.file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text.replace(fault.old, fault.new))


def run_driver(driver: Path, histories: list[list[str]]) -> tuple[list[list[str]], str]:
    """The outcomes of each history, and the last words of a driver that halted."""
    text = "\n".join(line for lines in histories for line in lines) + "\n"
    try:
        run = subprocess.run([str(driver), "--sign-every", "0", "--deep-every", str(DEEP_EVERY)],
                             input=text, capture_output=True, text=True, check=False,
                             timeout=DRIVER_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return [[]], "it does not end"
    outcomes: list[list[str]] = [[]]
    for line in run.stdout.splitlines():
        if not line:
            outcomes.append([])
        elif not line.startswith("#"):
            outcomes[-1].append(line)
    if run.returncode == 0:
        return outcomes, ""
    words = run.stderr.strip().splitlines()[-1:] or [f"ends with {run.returncode}"]
    return outcomes, "halts: " + re.sub(r"^\S+: check failed: ", "", words[0])[:70]


def differs(expected: list[str], actual: list[str]) -> str:
    for number, (model, engine) in enumerate(zip(expected, actual), start=1):
        if model != engine:
            return f"differs from the model in block {number}"
    return ""


def run_mutant(driver: Path, batch: list[tuple[list[str], list[str]]]) -> str:
    """How a batch of histories caught the mutant, or nothing."""
    outcomes, halted = run_driver(driver, [lines for lines, _ in batch])
    for (_, expected), actual in zip(batch, outcomes):
        if found := differs(expected, actual):
            return found
    return halted


def try_fault(build: Build, fault: Fault, histories: Histories) -> tuple[str, float]:
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        mutant = build.mutant(fault, Path(directory))
        caught = next((found for batch in histories if (found := run_mutant(mutant, batch))), "")
    return caught, time.monotonic() - started


def catching(build: Build, fault: Fault, histories: Histories) -> set[int]:
    """Which of all histories catch the fault, by number."""
    with tempfile.TemporaryDirectory() as directory:
        mutant = build.mutant(fault, Path(directory))
        left = list(zip(histories.numbers, (one for batch in histories for one in batch)))
        caught: set[int] = set()
        while left:
            outcomes, halted = run_driver(mutant, [lines for _, (lines, _) in left])
            ran = min(len(outcomes), len(left)) if halted else len(left)
            caught |= {number for (number, (_, expected)), actual in zip(left[:ran], outcomes)
                       if differs(expected, actual)}
            if halted:
                caught.add(left[ran - 1][0])
            left = left[ran:]
    return caught


def find_order(build: Build, histories: Histories, jobs: int, times: int = 2) -> int:
    """Prints the fewest histories, greedily, that catch each fault so many times."""
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        caught_by = dict(zip([fault.name for fault in FAULTS],
                             pool.map(lambda fault: catching(build, fault, histories), FAULTS)))
    for name, numbers in sorted(caught_by.items(), key=lambda item: len(item[1])):
        print(f"  {name:62} {len(numbers):4} histories")
    missing = {name: min(times, len(numbers)) for name, numbers in caught_by.items()}
    order: list[int] = []
    while any(missing.values()):
        best = max(set(histories.numbers) - set(order), key=lambda number: (sum(
            number in caught_by[name] for name, left in missing.items() if left > 0), -number))
        order.append(best)
        for name in missing:
            missing[name] -= missing[name] > 0 and best in caught_by[name]
    print(f"FIRST = {tuple(order)}")
    return 0


def try_shrinking(build: Build, fault: Fault, lines_max: int) -> str:
    """What is wrong with shrinking under this fault, or nothing."""
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        mutant = str(build.mutant(fault, scratch))
        # Without disputes: shrinking ends where no single step helps, and not all ends are as small.
        for seed in range(2, 100):
            lines = run_differential.generate.random_history(seed, changes=True)
            if run_differential.check_one(mutant, lines) is not None:
                break
        else:
            return "no history shows it"
        small = run_differential.smallest(mutant, lines)
        printed = "\n".join(run_differential.shrink.describe(small))
        print(f"{fault.name}: from {len(lines)} lines to {len(small)}\n{printed}", flush=True)
        if len(small) > lines_max:
            return f"it takes {len(small)} lines, and {lines_max} would do"
        file = scratch / "printed"
        file.write_text(printed)
        if run_differential.replay(mutant, file) != 1:
            return "what was printed does not fail when it is replayed"
        if run_differential.replay(str(build.driver), file) != 0:
            return "it fails without the fault, too"
    return ""


def check_shrinking(build: Build) -> int:
    faults = {fault.name: fault for fault in FAULTS}
    wrong = {name: try_shrinking(build, faults[name], most) for name, most in SHRINKING.items()}
    for name, what in wrong.items():
        print(f"  {name:62} {what or 'shrinks'}")
    return 1 if any(wrong.values()) else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True, type=Path, help="a finished build directory")
    parser.add_argument("--histories", type=int, default=620)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", help="faults whose name contains this")
    parser.add_argument("--order", action="store_true", help="which histories to run first")
    parser.add_argument("--shrinking", action="store_true", help="that failures shrink, instead")
    arguments = parser.parse_args()
    build = Build(arguments.build.resolve())
    if arguments.shrinking:
        return check_shrinking(build)
    histories = Histories(build.driver, arguments.histories)
    with tempfile.TemporaryDirectory() as directory:
        build.prepare(Path(directory))
        if arguments.order:
            return find_order(build, histories, arguments.jobs)
        return try_all(build, [fault for fault in FAULTS if arguments.only in fault.name],
                       histories, arguments.jobs)


def try_all(build: Build, faults: list[Fault], histories: Histories, jobs: int) -> int:
    missed = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        tries = [pool.submit(try_fault, build, fault, histories) for fault in faults]
        for fault, one in zip(faults, tries):
            try:
                caught, seconds = one.result()
            except RuntimeError as error:
                caught, seconds = "", 0.0
                print(error)
            missed += not caught
            print(f"  {fault.name:62} {caught or 'NOT CAUGHT':48} {seconds:4.0f} s", flush=True)
    print(f"{len(faults)} faults planted, {len(faults) - missed} caught")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
