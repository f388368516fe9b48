"""The exact split: the design's money rules at the admitted ppb, in fractions, without any floor.

It takes from the integer model what was admitted and what matured in which epoch, and splits that
anew: royalties by walking the ancestors rather than by stacks, the lineage without carrying
anything over. It serves the law of closeness (docs/rewards.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Sequence

from integer_model import PPB, Ledger, Matured, Record, Version

Key = tuple[str, str]  # (handle, currency)


@dataclass
class ExactSplit:
    """What each account should have, and under which versions money arrived in which records."""

    credits: dict[Key, Fraction] = field(default_factory=dict)
    fees: dict[str, Fraction] = field(default_factory=dict)
    touched: dict[str, set[tuple[int, int]]] = field(default_factory=dict)  # (sequence, version)


def ancestors(records: Sequence[Record], sequence: int) -> set[int]:
    """All distinct ancestors of a record as admitted."""
    found: set[int] = set()
    waiting = [sequence]
    while waiting:
        for parent, _ in records[waiting.pop()].versions[0].edges:
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def exact_split(ledger: Ledger) -> ExactSplit:
    """Splits everything that has matured in a ledger."""
    split = ExactSplit()
    groups: dict[tuple[int, str], list[Matured]] = {}
    for matured in ledger.matured:
        groups.setdefault((matured.epoch, matured.currency), []).append(matured)
    for (epoch, currency), group in groups.items():
        _split_epoch(ledger, split, epoch, currency, group)
    return split


def _split_epoch(ledger: Ledger, split: ExactSplit, epoch: int, currency: str,
                 group: Sequence[Matured]) -> None:
    """The asset level, then the lineage from the highest sequence to the lowest."""
    inflow = [Fraction(0) for _ in ledger.records]
    royalties = [Fraction(0) for _ in ledger.records]
    for matured in group:
        gross = Fraction(matured.gross_minor) * PPB
        fee = gross * ledger.fee_ppb_of(epoch) / PPB
        split.fees[currency] = split.fees.get(currency, Fraction(0)) + fee
        rest = gross - fee
        for claimant in ancestors(ledger.records, matured.asset):
            royalty = gross * ledger.records[claimant].terms_at(epoch).royalty_ppb / PPB
            royalties[claimant] += royalty
            rest -= royalty
        for sequence, amount in matured.attributed.items():
            inflow[sequence] += amount
            rest -= amount
        inflow[matured.asset] += rest
    for record in reversed(ledger.records):
        n = record.sequence
        if inflow[n] or royalties[n]:
            index = record.version_at(epoch)
            split.touched.setdefault(currency, set()).add((n, index))
            _pass_on(split, record.versions[index], currency, inflow, inflow[n], royalties[n])


def _pass_on(split: ExactSplit, version: Version, currency: str, inflow: list[Fraction],
             arrived: Fraction, royalties: Fraction) -> None:
    for parent, share in version.edges:
        inflow[parent] += arrived * share / PPB
    owned = arrived * version.kept_ppb / PPB + royalties
    for handle, share in version.authors:
        key = (handle, currency)
        split.credits[key] = split.credits.get(key, Fraction(0)) + owned * share / PPB


def lines_reaching(records: Sequence[Record], touched: set[tuple[int, int]],
                   handle: str) -> int:
    """The number of line versions in which money arrived and from which an account is reached.

    An edge counts if its parent leads to the account, kept and author lines if it is an author.
    The dust of a closed version flows on under the next: if that leads to the account, so does
    every line of the closed one.
    """
    count = 0
    reaching: set[int] = set()
    for record in records:
        later_reaches = False
        for index in sorted((v for n, v in touched if n == record.sequence), reverse=True):
            version = record.versions[index]
            own = _own_lines(version, reaching, handle)
            count += _all_lines(version) if later_reaches else own
            later_reaches = later_reaches or own > 0
        if later_reaches:
            reaching.add(record.sequence)
    return count


def _own_lines(version: Version, reaching: set[int], handle: str) -> int:
    edges = sum(parent in reaching and share > 0 for parent, share in version.edges)
    is_author = any(author == handle for author, _ in version.authors)
    return edges + is_author * (1 + (version.kept_ppb > 0))


def _all_lines(version: Version) -> int:
    edges = sum(share > 0 for _, share in version.edges)
    return edges + len(version.authors) + (version.kept_ppb > 0)


@dataclass(frozen=True)
class Closeness:
    """How far an account's accrued credit is from the exact split, and how far it may be."""

    account: str
    currency: str
    accrued: int
    exact: Fraction
    lines: int

    @property
    def holds(self) -> bool:
        """|exact - accrued| < lines; an account that is not reached has nothing at all."""
        error = abs(self.exact - self.accrued)
        return error < self.lines or (self.lines == 0 and error == 0)


def measure(ledger: Ledger) -> list[Closeness]:
    """The closeness of every account and currency in a ledger.

    Where assets were frozen nothing is measured: money of older epochs arrives after that of newer
    ones, so versions change back and forth, and compensations leave the split.
    """
    if ledger.freezes:
        return []
    split = exact_split(ledger)
    result = []
    for currency, books in sorted(ledger.books.items()):
        touched = split.touched.get(currency, set())
        for handle in sorted(ledger.accounts):
            accrued = books.balances[handle].total if handle in books.balances else 0
            exact = split.credits.get((handle, currency), Fraction(0))
            lines = lines_reaching(ledger.records, touched, handle)
            result.append(Closeness(handle, currency, accrued, exact, lines))
    return result
