"""The money rules of the design, in exact integers: what every replica must compute, to the atom.

The model is written from the design's money rules (docs/rewards.md) and not from the engine, so
that the two check each other. It is slow and plain on purpose. Amounts are minor units where the
name says `_minor` and atoms (10^-9 minor unit) otherwise; shares are parts per billion.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import partial
from typing import Callable, Mapping, Sequence

from history import Operation

PPB = 10**9
ATOMS_PER_MINOR = 10**9
AMOUNT_MINOR_END = 2**63
WEIGHT_MAX = 2**32 - 1
AUTHORS_MAX = 64
PARENTS_MAX = 1024
ROYALTY_FRACTION_MIN = 1000
OPEN_PROPOSALS_MAX = 16
MATURITY_EPOCHS_MAX = 64
UNLIMITED_CREDIT = -1
HORIZON_EPOCHS = 400  # of histories: how long an event can be refunded
DUE_THAW, DUE_CASE = 2, 3  # the order at one moment


class Refused(Exception):
    """An operation breaks a rule. It has changed nothing."""


def require(condition: bool, reason: str) -> None:
    """Refuses the operation unless the condition holds."""
    if not condition:
        raise Refused(reason)


# Admission.


def admit_shares(weights: Mapping[str, int], total_ppb: int) -> dict[str, int]:
    """Turns weights by record id into ppb that sum to `total_ppb` exactly.

    Largest remainder; equal remainders go to the lower record id.
    """
    weight_sum = sum(weights.values())
    shares = {key: total_ppb * weight // weight_sum for key, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda key: (-(total_ppb * weights[key] % weight_sum), key))
    for key in by_remainder[:total_ppb - sum(shares.values())]:
        shares[key] += 1
    return shares


@dataclass(frozen=True)
class Version:
    """The lines of a record from an epoch on: edges and kept, and its authors."""

    effective_epoch: int
    edges: tuple[tuple[int, int], ...]  # (sequence of the parent, ppb)
    authors: tuple[tuple[str, int], ...]  # (handle, ppb)

    @property
    def kept_ppb(self) -> int:
        return PPB - sum(share for _, share in self.edges)


@dataclass(frozen=True)
class Terms:
    """What a record asks for from an epoch on."""

    effective_epoch: int
    alpha_max_ppb: int
    royalty_ppb: int
    min_share_ppb: int

    def at_most(self, other: "Terms") -> bool:
        return (self.alpha_max_ppb <= other.alpha_max_ppb
                and self.royalty_ppb <= other.royalty_ppb
                and self.min_share_ppb <= other.min_share_ppb)


@dataclass
class Record:
    """One contribution. `stack` maps the sequence of each royalty claimant to its ppb of gross.

    The stack is that of admission: what a claimant has lowered since is seen at settlement.
    """

    name: str
    id: str
    sequence: int
    terms: list[Terms]  # each at most the one before, and not effective earlier
    stack: dict[int, int]
    versions: list[Version]
    pool: bool = False  # its parents may change by amendment

    def terms_at(self, epoch: int) -> Terms:
        """The terms in force in an epoch."""
        return [terms for terms in self.terms if terms.effective_epoch <= epoch][-1]

    def version_at(self, epoch: int) -> int:
        """The index of the version that the settlement of this epoch uses."""
        return max(i for i, v in enumerate(self.versions) if v.effective_epoch <= epoch)


def royalty_stack(records: Sequence[Record], parents: Sequence[int], epoch: int) -> dict[int, int]:
    """The union of the parents' stacks and their own royalties: each ancestor once.

    Each at what is in force in the epoch; who has lowered its royalty to nothing is not in it.
    """
    claimants = set(parents).union(*(records[parent].stack for parent in parents))
    stack = {n: records[n].terms_at(epoch).royalty_ppb for n in sorted(claimants)}
    return {n: royalty for n, royalty in stack.items() if royalty > 0}


# Settlement: cumulative floor flow.


@dataclass(frozen=True)
class Flow:
    """The cumulative inflow C and the royalties K of a record in a currency, under a version."""

    version: int
    c: int = 0
    k: int = 0


@dataclass(frozen=True)
class Outflow:
    """What has left a record for good: each a floor of its cumulative inflow."""

    edges: tuple[int, ...]
    kept: int
    authors: tuple[int, ...]


def outflow(version: Version, c: int, k: int) -> Outflow:
    """The cumulative floors O_e, R_n and the authors' parts of R_n + K_n."""
    kept = c * version.kept_ppb // PPB
    return Outflow(
        edges=tuple(c * share // PPB for _, share in version.edges),
        kept=kept,
        authors=tuple((kept + k) * share // PPB for _, share in version.authors))


def leftovers(version: Version, c: int, k: int) -> tuple[int, int]:
    """The dust of a record: what no edge and not the kept line took, and what no author took."""
    out = outflow(version, c, k)
    return c - sum(out.edges) - out.kept, out.kept + k - sum(out.authors)


def reopen(record: Record, flow: Flow, version: int) -> tuple[Flow, int, int]:
    """Closes a version and starts another: outs := 0, the dust arrives in it like other money.

    The closed version's R is added to K, so that unchanged authors keep their totals. Changed
    authors start anew with the dust of the former ones. Returns the flow, and what arrives in C
    and in K.
    """
    closed = record.versions[flow.version]
    line_dust, author_dust = leftovers(closed, flow.c, flow.k)
    if closed.authors == record.versions[version].authors:
        return Flow(version, 0, flow.k + outflow(closed, flow.c, flow.k).kept), line_dust, 0
    return Flow(version), line_dust, author_dust


@dataclass
class Step:
    """What one record passes on in one settlement: to parents by sequence, to authors by handle."""

    flow: Flow
    parents: dict[int, int]
    authors: dict[str, int]


def settle_record(record: Record, flow: Flow | None, epoch: int, inflow: int,
                  royalties: int) -> Step:
    """Adds money to a record and passes on new total - old total along each of its lines.

    A change of version shows at the first money that arrives under the new one: a version under
    which nothing arrived leaves no trace.
    """
    index = record.version_at(epoch)
    flow = flow or Flow(index)
    if flow.version != index:
        flow, line_dust, author_dust = reopen(record, flow, index)
        inflow += line_dust
        royalties += author_dust
    version = record.versions[index]
    old = outflow(version, flow.c, flow.k)
    flow = Flow(index, flow.c + inflow, flow.k + royalties)
    new = outflow(version, flow.c, flow.k)
    parents = {parent: after - before
               for (parent, _), before, after in zip(version.edges, old.edges, new.edges)}
    authors = {handle: after - before
               for (handle, _), before, after in zip(version.authors, old.authors, new.authors)}
    return Step(flow, parents, authors)


def contest_record(record: Record, dispute: "disputes.Dispute", currency: str, epoch: int,
                   inflow: int, royalties: int) -> Step:
    """The same for a record in dispute: its totals rest, and each line gets its least share."""
    before, after = dispute.take(currency, record.version_at(epoch), inflow, royalties)
    old_parents, old_authors = dispute.paid(record, before)
    new_parents, new_authors = dispute.paid(record, after)
    return Step(Flow(0), {n: amount - old_parents[n] for n, amount in new_parents.items()},
                {handle: amount - old_authors[handle] for handle, amount in new_authors.items()})


def sweep(records: Sequence[Record], flows: dict[int, Flow], epoch: int, inflow: Mapping[int, int],
          royalties: Mapping[int, int], contested: Mapping[int, "disputes.Dispute"] = {},
          currency: str = "") -> dict[str, int]:
    """One pass from the highest sequence to the lowest; returns the credits by handle."""
    arriving = dict(inflow)
    credits: dict[str, int] = {}
    for record in reversed(records):
        n = record.sequence
        if not arriving.get(n) and not royalties.get(n):
            continue
        if n in contested:
            step = contest_record(record, contested[n], currency, epoch, arriving.get(n, 0),
                                  royalties.get(n, 0))
        else:
            step = settle_record(record, flows.get(n), epoch, arriving.get(n, 0),
                                 royalties.get(n, 0))
            flows[n] = step.flow
        for parent, amount in step.parents.items():
            arriving[parent] = arriving.get(parent, 0) + amount
        for handle, amount in step.authors.items():
            credits[handle] = credits.get(handle, 0) + amount
    return credits


import disputes  # noqa: E402  It needs what stands above.

# The books.


@dataclass
class Account:
    """Roles, and the credit of a reporter per currency in minor units."""

    roles: frozenset[str] = frozenset()
    credit_limit_minor: dict[str, int] = field(default_factory=dict)


@dataclass
class Balance:
    """What an account was credited in a currency, in atoms: their sum never falls."""

    available: int = 0
    reserved: int = 0
    paid: int = 0
    bonded: int = 0

    @property
    def total(self) -> int:
        return self.available + self.reserved + self.paid + self.bonded


@dataclass
class Pending:
    """Revenue of one asset, currency and epoch: gross, and the atoms attributed out of it."""

    gross_minor: int = 0
    attributed: dict[int, int] = field(default_factory=dict)
    compensated: bool = False  # a ruling took from it: refunds of its events are debits

    def add(self, amount_minor: int, attribution: Mapping[int, int]) -> None:
        """Adds an event, or with a negative amount takes a refund off, with its attribution."""
        self.gross_minor += amount_minor
        for sequence, share in attribution.items():
            self.attributed[sequence] = self.attributed.get(sequence, 0) + amount_minor * share


@dataclass
class Freeze:
    """Of an asset: now, or the last. Revenue of epochs before `free_epoch` is not frozen again."""

    on: bool = False
    due_ms: int = 0
    due_order: int = 0
    free_epoch: int = 0
    ruled: bool = False


@dataclass
class Event:
    """Reported revenue, as long as it can be refunded."""

    asset: int
    currency: str
    epoch: int
    amount_minor: int
    attribution: dict[int, int]
    refunded_minor: int = 0


@dataclass(frozen=True)
class Matured:
    """Gross revenue that a settlement split, after netting the asset's refund debit."""

    epoch: int
    currency: str
    asset: int
    gross_minor: int
    attributed: dict[int, int]


@dataclass
class Payout:
    """A request; `open` until it was confirmed or has failed."""

    account: str
    currency: str
    amount_minor: int
    open: bool = True


@dataclass
class CurrencyBooks:
    """Per currency: sums in minor units, fees in atoms, flows by sequence, balances by handle."""

    payout_unit_minor: int
    reported_minor: int = 0
    reversed_minor: int = 0
    funded_minor: int = 0
    fees: int = 0
    flows: dict[int, Flow] = field(default_factory=dict)
    balances: dict[str, Balance] = field(default_factory=dict)
    debits_minor: dict[int, int] = field(default_factory=dict)  # by asset
    automatic_minor: dict[str, int] = field(default_factory=dict)  # by handle
    outstanding_minor: dict[str, int] = field(default_factory=dict)  # by reporter
    pending: dict[int, dict[int, Pending]] = field(default_factory=dict)  # by epoch, asset


class Ledger:
    """The state machine's money: begin blocks in order of time, and apply operations to them."""

    def __init__(self, genesis: Operation) -> None:
        if genesis["fee_ppb"] + genesis["royalty_max_ppb"] > PPB:
            raise ValueError("the fee and the royalties must fit into the gross")
        self.time_ms: int = genesis["time_ms"]
        self.epoch = 0
        self.epoch_ms: int = genesis["epoch_ms"]
        self.epoch_end_ms = self.time_ms + self.epoch_ms
        # In force from an epoch on: (fee in ppb, W); and proposals that wait for their epoch.
        self.parameters = {0: (genesis["fee_ppb"], genesis["maturity_epochs"])}
        self.proposals: list[tuple[int, int, int]] = []  # epoch, fee, W
        self.freeze_epochs: int = genesis.get("freeze_epochs", 0)
        self.freezes: dict[int, Freeze] = {}  # by asset, of which some have ended
        self.next_to_settle = 0  # no revenue settles before that of an earlier epoch
        self.royalty_max_ppb: int = genesis["royalty_max_ppb"]
        self.books = {currency["code"]: CurrencyBooks(currency["payout_unit_minor"])
                      for currency in genesis["currencies"]}
        self.accounts = {
            account["handle"]: Account(frozenset(account.get("roles", [])),
                                       dict(account.get("credit_limit_minor", {})))
            for account in genesis["accounts"]}
        self.records: list[Record] = []
        self.records_by_name: dict[str, Record] = {}
        self.record_ids: set[str] = set()
        self.events: dict[tuple[str, str], Event] = {}  # by reporter, reference
        self.payouts: list[Payout] = []
        self.matured: list[Matured] = []
        self.statements: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
        self.seen: set[str] = set()  # cases that occurred, for whoever asserts coverage
        self.carried: dict[tuple[str, int], int] = {}  # settlements a debit has outlasted
        self.settled_epochs = 0  # revenue of epochs below this one has settled
        self.case_response_ms: int = genesis.get("case_response_ms", 0)
        self.case_ruling_ms: int = genesis.get("case_ruling_ms", 0)
        self.bond_floor_minor: int = genesis.get("bond_floor_minor", 0)
        self.bond_ppb: int = genesis.get("bond_ppb", 0)
        self.cases: list[disputes.Case] = []
        self.disputes: dict[int, disputes.Dispute] = {}  # by record, until its pot is paid out
        self.claimed: set[tuple[int, str]] = set()  # record and claimant, ever
        self.due_count = 0

    # Time.

    def begin_block(self, time_ms: int) -> None:
        """Ends every epoch that is over, each as of its nominal time, and settles what matured."""
        if time_ms < self.time_ms:
            raise ValueError("block time fell")
        self.time_ms = time_ms
        while True:
            due = self._next_due()
            limit_ms = min(time_ms, due[0]) if due else time_ms
            if self.epoch_end_ms <= limit_ms:
                self._end_epoch()
            elif due and due[0] <= time_ms:
                due[-1]()
            else:
                break

    def _next_due(self) -> tuple[int, int, int, Callable[[], None]] | None:
        """What comes due next: its time, kind, and place among those of its kind; and what then."""
        due = [(freeze.due_ms, DUE_THAW, freeze.due_order, partial(self._thaw, asset))
               for asset, freeze in self.freezes.items() if freeze.on]
        due += [(case.due_ms, DUE_CASE, case.due_order, partial(self._deadline, case))
                for case in self.cases if not case.ended]
        return min(due, default=None, key=lambda item: item[:3])

    def _end_epoch(self) -> None:
        self._settle_matured()
        self.epoch += 1
        self.epoch_end_ms += self.epoch_ms
        self._parameters_take_effect()
        self.settled_epochs = self.next_to_settle

    def _thaw(self, asset: int) -> None:
        """A freeze ends: what would have settled settles at once, the rest waits on."""
        self.freezes[asset].on = False
        self.freezes[asset].free_epoch = self.epoch + 1
        for epoch in range(self.next_to_settle):
            for currency in sorted(self.books):
                if asset in self.books[currency].pending.get(epoch, {}):
                    self._settle(epoch, currency)
                    self.seen.add("frozen revenue settled late")

    def _is_frozen(self, asset: int, epoch: int) -> bool:
        freeze = self.freezes.get(asset)
        return freeze is not None and freeze.on and epoch >= freeze.free_epoch

    def _settle_matured(self) -> None:
        """Revenue of e settles when e + W has ended, by the W of e, and never out of order."""
        while self.next_to_settle <= self.epoch:
            epoch = self.next_to_settle
            if epoch + self._parameters_of(epoch)[1] > self.epoch:
                return
            self.next_to_settle += 1
            for currency in sorted(self.books):
                self._settle(epoch, currency)

    def _parameters_take_effect(self) -> None:
        due = [proposal for proposal in self.proposals if proposal[0] == self.epoch]
        self.proposals = [proposal for proposal in self.proposals if proposal[0] != self.epoch]
        for epoch, fee_ppb, maturity_epochs in due:
            self.parameters[epoch] = (fee_ppb, maturity_epochs)

    def _parameters_of(self, epoch: int) -> tuple[int, int]:
        return self.parameters[max(start for start in self.parameters if start <= epoch)]

    def fee_ppb_of(self, epoch: int) -> int:
        """The network fee on what is earned in an epoch."""
        return self._parameters_of(epoch)[0]

    def end_block(self) -> None:
        """Requests payouts for those who want them without asking, in order of registration."""
        requested = 0
        for currency, books in self.books.items():
            unit = books.payout_unit_minor
            for handle in self.accounts:
                balance = books.balances.get(handle, Balance())
                above_minor = books.automatic_minor.get(handle, 0)
                free_minor = self._free_funds(books) // ATOMS_PER_MINOR
                if above_minor == 0 or balance.available < above_minor * ATOMS_PER_MINOR \
                        or free_minor < unit:
                    continue
                wanted_minor = min(balance.available // ATOMS_PER_MINOR, AMOUNT_MINOR_END - 1)
                amount_minor = min(wanted_minor, free_minor) // unit * unit
                self._reserve(handle, currency, amount_minor)
                requested += 1
                self.seen.add("an automatic payout")
                if free_minor // unit < wanted_minor // unit:
                    self.seen.add("an automatic payout cut to the funds")
        if requested >= 2:
            self.seen.add("several automatic payouts of one block")

    def _settle(self, epoch: int, currency: str) -> None:
        """The asset level, which is exact, and then one sweep of the lineage."""
        books = self.books[currency]
        inflow: dict[int, int] = {}
        royalties: dict[int, int] = {}
        waiting = books.pending.get(epoch, {})
        for asset in sorted(asset for asset in waiting if not self._is_frozen(asset, epoch)):
            pending = waiting.pop(asset)
            matured = self._mature(epoch, currency, asset, pending)
            self.matured.append(matured)
            books.fees += matured.gross_minor * self.fee_ppb_of(epoch)
            for claimant, share in self._royalties(asset, epoch).items():
                amount = matured.gross_minor * share
                royalties[claimant] = royalties.get(claimant, 0) + amount
            for sequence, amount in matured.attributed.items():
                inflow[sequence] = inflow.get(sequence, 0) + amount
            net = matured.gross_minor * self._net_ppb(asset, epoch)
            rest = net - sum(matured.attributed.values())
            inflow[asset] = inflow.get(asset, 0) + rest
        if not waiting:
            books.pending.pop(epoch, None)
        self._credit(currency, sweep(self.records, books.flows, epoch, inflow, royalties,
                                     self.disputes, currency))

    def _credit(self, currency: str, credits: Mapping[str, int]) -> None:
        balances = self.books[currency].balances
        for handle, amount in credits.items():
            balances.setdefault(handle, Balance()).available += amount

    def _mature(self, epoch: int, currency: str, asset: int, pending: Pending) -> Matured:
        """Nets the asset's refund debit against its gross, never touching what was attributed."""
        debits = self.books[currency].debits_minor
        gross_minor = pending.gross_minor
        attributed = sum(pending.attributed.values())
        if attributed > 0:
            net_ppb = self._net_ppb(asset, epoch)
            gross_minor = (gross_minor * net_ppb - attributed) // net_ppb
        netted_minor = min(debits.get(asset, 0), gross_minor)
        if netted_minor > 0:
            debits[asset] -= netted_minor
            self._note_netting(currency, asset, debits[asset], attributed)
        return Matured(epoch, currency, asset, pending.gross_minor - netted_minor,
                       pending.attributed)

    def _note_netting(self, currency: str, asset: int, left_minor: int, attributed: int) -> None:
        self.seen.add("a debit netted beside attribution" if attributed else "a debit netted")
        outlasted = self.carried.get((currency, asset), 0) + 1 if left_minor > 0 else 0
        self.carried[currency, asset] = outlasted
        if outlasted >= 2:
            self.seen.add("a debit carried over several settlements")

    def _net_ppb(self, asset: int, epoch: int) -> int:
        """What the network fee and the royalties leave of an asset's gross."""
        return PPB - self.fee_ppb_of(epoch) - sum(self._royalties(asset, epoch).values())

    def _royalties(self, asset: int, epoch: int) -> dict[int, int]:
        """The royalties that an asset's gross owes in an epoch, by claimant."""
        return {claimant: min(share, self.records[claimant].terms_at(epoch).royalty_ppb)
                for claimant, share in self.records[asset].stack.items()}

    # Operations.

    def apply(self, operation: Operation) -> bool:
        """Applies one operation; says whether it was accepted."""
        handlers = {
            "account": self._account,
            "record": self._record,
            "revenue": self._revenue,
            "fund": self._fund,
            "request_payout": self._request_payout,
            "confirm_payout": self._confirm_payout,
            "fail_payout": self._fail_payout,
            "amend": self._amend,
            "withdraw_amendment": self._withdraw_amendment,
            "lower_terms": self._lower_terms,
            "refund": self._refund,
            "parameters": self._propose_parameters,
            "open_case": self._open_case,
            "join_case": self._join_case,
            "answer_case": self._answer_case,
            "withdraw_claim": self._withdraw_claim,
            "agree_case": self._agree_case,
            "rule_case": self._rule_case,
            "preference": self._preference,
            "statement": self._statement,
            "freeze": self._freeze,
            "rule_incident": self._rule_incident,
        }
        try:
            handlers[operation["op"]](operation)
        except Refused:
            return False
        return True

    def _account(self, op: Operation) -> None:
        require(op["handle"] not in self.accounts, "the handle exists")
        self.accounts[op["handle"]] = Account()

    def _record(self, op: Operation) -> None:
        require(op["name"] not in self.records_by_name, "the name exists")
        require(op["id"] not in self.record_ids, "the record exists")
        sequence = len(self.records)
        version = self._version(op, sequence, self.epoch)
        parents = [parent for parent, _ in version.edges]
        stack = royalty_stack(self.records, parents, self.epoch)
        require(sum(stack.values()) <= self.royalty_max_ppb, "the royalty stack is too high")
        terms = self._terms(op, self.epoch)
        record = Record(op["name"], op["id"], sequence, [terms], stack, [version],
                        op.get("pool", False))
        self.records.append(record)
        self.records_by_name[record.name] = record
        self.record_ids.add(record.id)

    def _terms(self, op: Operation, effective_epoch: int) -> Terms:
        """Admits what a record asks for."""
        royalty = op["royalty_ppb"]
        alpha_max_ppb = op.get("alpha_max_ppb", 0)
        require(royalty <= self.royalty_max_ppb, "the royalty is too high")
        require(royalty == 0 or royalty * ROYALTY_FRACTION_MIN >= self.royalty_max_ppb,
                "the royalty is too low")
        require(op["min_share_ppb"] <= PPB and alpha_max_ppb <= PPB, "terms beyond the whole")
        return Terms(effective_epoch, alpha_max_ppb, royalty, op["min_share_ppb"])

    def _lower_terms(self, op: Operation) -> None:
        record = self._find_record(op["record"])
        last = record.terms[-1]
        require(op["effective_epoch"] > self.epoch, "the epoch has begun")
        require(op["effective_epoch"] >= last.effective_epoch, "out of order")
        terms = self._terms(op, op["effective_epoch"])
        require(terms.at_most(last), "terms are raised")
        require(not last.at_most(terms), "nothing is lowered")
        record.terms.append(terms)

    def _amend(self, op: Operation) -> None:
        record = self._find_record(op["record"])
        require(record.sequence not in self.disputes, "a case on it is open")
        require(op["effective_epoch"] > self.epoch, "the epoch has begun")
        require(len(record.versions) == 1
                or op["effective_epoch"] > record.versions[-1].effective_epoch, "out of order")
        version = self._version(op, record.sequence, op["effective_epoch"])
        parents = {n for n, _ in version.edges}
        before = {n for n, _ in record.versions[-1].edges}
        require(record.pool or parents == before, "only a pool changes its parents")
        owed = royalty_stack(self.records, sorted(parents - before), op["effective_epoch"])
        require(owed.keys() <= record.stack.keys(), "royalties that it was not admitted with")
        record.versions.append(version)

    def _withdraw_amendment(self, op: Operation) -> None:
        record = self._find_record(op["record"])
        require(record.sequence not in self.disputes, "a case on it is open")
        require(len(record.versions) > 1, "no amendment")
        require(op["effective_epoch"] == record.versions[-1].effective_epoch, "not the last one")
        require(op["effective_epoch"] > self.epoch, "it is in force")
        record.versions.pop()

    def _version(self, op: Operation, sequence: int, effective_epoch: int) -> Version:
        """Admits the lines of a record: authors, parents, and the shares of these."""
        authors = op["authors"]
        handles = [handle for handle, _ in authors]
        require(len(authors) <= AUTHORS_MAX, "too many authors")
        require(len(set(handles)) == len(handles), "an author is named twice")
        require(all(handle in self.accounts for handle in handles), "an author is unknown")
        require(all(share > 0 for _, share in authors), "an author's share is 0")
        require(sum(share for _, share in authors) == PPB, "authors do not sum to the whole")
        pass_through = op["pass_through_ppb"]
        require(pass_through <= PPB, "pass-through beyond the whole")
        require(pass_through == 0 or len(op["parents"]) > 0, "pass-through without parents")
        edges = self._admit_lines(op["parents"], pass_through)
        for parent, share in edges.items():
            require(parent < sequence, "a parent is not earlier")
            least = self.records[parent].terms_at(effective_epoch).min_share_ppb
            require(share >= least, "less than the parent asks for")
        return Version(effective_epoch, tuple(edges.items()),
                       tuple((handle, share) for handle, share in authors))

    def _admit_lines(self, named: Sequence[Sequence], total_ppb: int) -> dict[int, int]:
        """Admits weights by record name; returns ppb by sequence."""
        require(len(named) <= PARENTS_MAX, "too many parents")
        weights: dict[str, int] = {}
        sequences: dict[str, int] = {}
        for name, weight in named:
            record = self._find_record(name)
            require(record.id not in weights, "a parent is named twice")
            require(0 < weight <= WEIGHT_MAX, "a weight is out of range")
            weights[record.id] = weight
            sequences[record.id] = record.sequence
        if not weights:
            return {}
        shares = admit_shares(weights, total_ppb)
        require(total_ppb == 0 or all(share > 0 for share in shares.values()),
                "a share rounds to 0")
        return {sequences[key]: share for key, share in shares.items()}

    def _revenue(self, op: Operation) -> None:
        books = self._find_books(op)
        reporter = self._find_account(op["reporter"])
        asset = self._find_record(op["asset"])
        amount_minor = op["amount_minor"]
        key = (op["reporter"], op["reference"])
        require("reporter" in reporter.roles, "not a reporter")
        require(0 < amount_minor < AMOUNT_MINOR_END, "the amount is out of range")
        require(key not in self.events, "the reference exists")
        attribution = self._attribution(op, asset)
        outstanding = books.outstanding_minor.get(op["reporter"], 0) + amount_minor
        limit = reporter.credit_limit_minor.get(op["currency"], 0)
        require(limit == UNLIMITED_CREDIT or outstanding <= limit, "beyond the credit limit")
        books.outstanding_minor[op["reporter"]] = outstanding
        books.reported_minor += amount_minor
        pending = books.pending.setdefault(self.epoch, {}).setdefault(asset.sequence, Pending())
        pending.add(amount_minor, attribution)
        self.events[key] = Event(asset.sequence, op["currency"], self.epoch, amount_minor,
                                 attribution)
        if len(attribution) >= 3:
            self.seen.add("attribution over three records")
        if asset.sequence in attribution:
            self.seen.add("attribution to the asset itself")

    def _attribution(self, op: Operation, asset: Record) -> dict[int, int]:
        """Admits a per-output attribution as ppb of gross, by sequence."""
        named = op.get("attribution", [])
        alpha_max_ppb = asset.terms_at(self.epoch).alpha_max_ppb
        total_ppb = op.get("attribution_ppb", alpha_max_ppb) if named else 0
        require(total_ppb <= alpha_max_ppb, "more than the asset lets attribution direct")
        require(total_ppb <= self._net_ppb(asset.sequence, self.epoch),
                "more than is left of the gross")
        require(total_ppb > 0 or not named, "attribution of nothing")
        return self._admit_lines(named, total_ppb)

    def _refund(self, op: Operation) -> None:
        event = self.events.get((op["reporter"], op["reference"]))
        if event is None:
            raise Refused("no such event")
        amount_minor = op["amount_minor"]
        require(amount_minor > 0, "nothing to refund")
        require(event.epoch + HORIZON_EPOCHS >= self.epoch, "too old to refund")
        require(event.refunded_minor + amount_minor <= event.amount_minor, "more than the event")
        books = self.books[event.currency]
        event.refunded_minor += amount_minor
        books.reversed_minor += amount_minor
        books.outstanding_minor[op["reporter"]] -= amount_minor
        full = event.refunded_minor == event.amount_minor
        waiting = books.pending.get(event.epoch, {}).get(event.asset)
        pending = waiting is not None and not waiting.compensated
        if waiting is not None and waiting.compensated:
            self.seen.add("a refund of what a ruling took from")
        self.seen.add(f"a {'full' if full else 'partial'} refund "
                      f"{'before' if pending else 'after'} maturity")
        if pending and event.attribution:
            self.seen.add("a refund of an attributed event before maturity")
        if pending:
            books.pending[event.epoch][event.asset].add(-amount_minor, event.attribution)
        else:
            debit = books.debits_minor.get(event.asset, 0)
            books.debits_minor[event.asset] = debit + amount_minor

    def _freeze(self, op: Operation) -> None:
        asset = self._find_record(op["asset"]).sequence
        freeze = self.freezes.setdefault(asset, Freeze())
        require(not freeze.on, "it is frozen")
        freeze.on = True
        freeze.ruled = False
        self._schedule(freeze, self.time_ms + self.freeze_epochs * self.epoch_ms)
        self.seen.add("an asset was frozen")

    def _rule_incident(self, op: Operation) -> None:
        """Pays compensations out of what is frozen, and ends the freeze."""
        asset = self._find_record(op["asset"]).sequence
        freeze = self.freezes.get(asset)
        if freeze is None or not freeze.on or freeze.ruled:
            raise Refused("it is not frozen, or has been ruled on")
        wanted: dict[str, int] = {}
        for handle, currency, amount_minor in op["compensations"]:
            self._find_account(handle)
            require(currency in self.books and amount_minor > 0, "no such amount")
            wanted[currency] = wanted.get(currency, 0) + amount_minor
        for currency, amount_minor in wanted.items():
            held = sum(pending.gross_minor for _, pending in self._frozen(asset, currency))
            require(amount_minor <= held, "more than is frozen")
        for handle, currency, amount_minor in op["compensations"]:
            self._take_frozen(asset, currency, amount_minor)
            self._credit(currency, {handle: amount_minor * ATOMS_PER_MINOR})
            self.seen.add("a compensation")
        freeze.ruled = True
        self._schedule(freeze, self.time_ms)

    def _take_frozen(self, asset: int, currency: str, amount_minor: int) -> None:
        """Off the oldest epochs; what attribution directs out of them shrinks in proportion."""
        for _, pending in self._frozen(asset, currency):
            before = pending.gross_minor
            taken = min(amount_minor, before)
            if taken == 0:
                continue
            amount_minor -= taken
            pending.gross_minor -= taken
            pending.compensated = True
            if pending.attributed and pending.gross_minor > 0:
                self.seen.add("a compensation out of what was attributed")
            pending.attributed = {n: atoms * pending.gross_minor // before
                                  for n, atoms in pending.attributed.items()}

    def _frozen(self, asset: int, currency: str) -> list[tuple[int, "Pending"]]:
        """What is frozen of an asset, oldest epoch first."""
        return [(epoch, waiting[asset])
                for epoch, waiting in sorted(self.books[currency].pending.items())
                if asset in waiting and self._is_frozen(asset, epoch)]

    def _propose_parameters(self, op: Operation) -> None:
        require(len(self.proposals) < OPEN_PROPOSALS_MAX, "too many open proposals")
        require(op["effective_epoch"] > self.epoch, "the epoch has begun")
        require(op["fee_ppb"] + self.royalty_max_ppb <= PPB, "the fee is above its bound")
        require(op["maturity_epochs"] <= MATURITY_EPOCHS_MAX, "W is above its bound")
        self.proposals.append((op["effective_epoch"], op["fee_ppb"], op["maturity_epochs"]))

    def _fund(self, op: Operation) -> None:
        books = self._find_books(op)
        self._find_account(op["reporter"])
        outstanding = books.outstanding_minor.get(op["reporter"], 0)
        require(0 < op["amount_minor"] < AMOUNT_MINOR_END, "the amount is out of range")
        require(op["amount_minor"] <= outstanding, "more than is outstanding")
        books.outstanding_minor[op["reporter"]] = outstanding - op["amount_minor"]
        books.funded_minor += op["amount_minor"]

    def _request_payout(self, op: Operation) -> None:
        books = self._find_books(op)
        self._find_account(op["account"])
        amount_minor = op["amount_minor"]
        amount = amount_minor * ATOMS_PER_MINOR
        require(0 < amount_minor < AMOUNT_MINOR_END, "the amount is out of range")
        require(amount_minor % books.payout_unit_minor == 0, "not a whole payout unit")
        balance = books.balances.get(op["account"], Balance())
        require(amount <= balance.available, "more than is available")
        require(amount <= self._free_funds(books), "not funded")
        self._reserve(op["account"], op["currency"], amount_minor)

    def _free_funds(self, books: CurrencyBooks) -> int:
        """What of the confirmed funds is neither reserved nor paid."""
        committed = sum(b.paid + b.reserved for b in books.balances.values())
        return books.funded_minor * ATOMS_PER_MINOR - committed

    def _reserve(self, handle: str, currency: str, amount_minor: int) -> None:
        balance = self.books[currency].balances[handle]
        balance.available -= amount_minor * ATOMS_PER_MINOR
        balance.reserved += amount_minor * ATOMS_PER_MINOR
        self.payouts.append(Payout(handle, currency, amount_minor))

    def _preference(self, op: Operation) -> None:
        books = self._find_books(op)
        self._find_account(op["account"])
        above_minor = op["above_minor"]
        books.automatic_minor[op["account"]] = \
            max(above_minor, books.payout_unit_minor) if above_minor else 0

    def _statement(self, op: Operation) -> None:
        self._find_books(op)
        require("reporter" in self._find_account(op["reporter"]).roles, "not a reporter")
        self._find_record(op["asset"])
        first, last = op["first_epoch"], op["last_epoch"]
        require(first <= last < self.epoch, "no period that has ended")
        stated = self.statements.setdefault((op["reporter"], op["asset"], op["currency"]), [])
        require(all(last < begin or end < first for begin, end in stated), "stated already")
        stated.append((first, last))

    def _confirm_payout(self, op: Operation) -> None:
        balance, amount = self._close_payout(op["payout"])
        balance.reserved -= amount
        balance.paid += amount

    def _fail_payout(self, op: Operation) -> None:
        balance, amount = self._close_payout(op["payout"])
        balance.reserved -= amount
        balance.available += amount

    def _close_payout(self, number: int) -> tuple[Balance, int]:
        require(0 <= number < len(self.payouts), "no such payout")
        payout = self.payouts[number]
        require(payout.open, "the payout is closed")
        payout.open = False
        balance = self.books[payout.currency].balances[payout.account]
        return balance, payout.amount_minor * ATOMS_PER_MINOR

    # Disputes.

    def _open_case(self, op: Operation) -> None:
        record = self._find_record(op["record"])
        level = op["level"]
        dispute = self.disputes.get(record.sequence, disputes.Dispute())
        require(level not in dispute.cases, "a case of this level is open")
        require(not any(case.ended for case in dispute.cases.values()), "a pot waits")
        case = disputes.Case(record.sequence, level, self.time_ms + self.case_response_ms)
        self._claim(op, case)
        self._schedule(case, case.due_ms)
        self.disputes[record.sequence] = dispute
        dispute.cases[level] = case
        self.cases.append(case)
        if len(dispute.cases) == 2:
            self.seen.add("cases on both levels of a record")
        if record.versions[-1].effective_epoch > self.epoch:
            self.seen.add("a case opened while an amendment was pending")

    def _join_case(self, op: Operation) -> None:
        case = self._find_case(op)
        require(len(case.claims) < disputes.CLAIMS_MAX, "too many claims")
        self._claim(op, case)

    def _schedule(self, item: "disputes.Case | Freeze", due_ms: int) -> None:
        item.due_ms, item.due_order = due_ms, self.due_count
        self.due_count += 1

    def _claim(self, op: Operation, case: disputes.Case) -> None:
        """Admits a claim and takes its bond; it is in force from a segment of its own on."""
        self._find_account(op["claimant"])
        require((case.record, op["claimant"]) not in self.claimed, "claimed before")
        shares, kept = self._vector(op, case)
        require(not self._is_status_quo(case, shares, kept), "it is the status quo")
        claim = disputes.Claim(op["claimant"], shares, kept, currency=op["currency"])
        books = self._find_books(op)
        balance = books.balances.get(op["claimant"], Balance())
        bond = self._bond(case, claim, books)
        require(balance.available >= bond, "the bond is not covered")
        balance.available -= bond
        balance.bonded += bond
        claim.bond = bond
        if case.claims:
            case.segments += 1
        claim.first = case.segments - 1
        case.claims.append(claim)
        self.claimed.add((case.record, op["claimant"]))

    def _status_quo(self, case: disputes.Case) -> Version:
        record = self.records[case.record]
        return record.versions[record.version_at(max(self.epoch, record.versions[0].effective_epoch))]

    def _vector(self, op: Operation, case: disputes.Case) -> tuple[dict, int]:
        """A complete vector of the case's level."""
        lines, kept = op["lines"], op["kept_ppb"]
        require(len(lines) > 0, "no line")
        status_quo = self._status_quo(case)
        if case.level == disputes.LINES:
            subjects = [self._find_record(name).sequence for name, _ in lines]
            require(all(n < case.record for n in subjects), "a parent is not earlier")
            known = [n for n, _ in status_quo.edges]
            most = PARENTS_MAX
        else:
            subjects = [name for name, _ in lines]
            require(all(name in self.accounts for name in subjects), "an account is unknown")
            known = [handle for handle, _ in status_quo.authors]
            most = AUTHORS_MAX
            require(kept == 0, "authors keep nothing back")
        shares = dict(zip(subjects, (share for _, share in lines)))
        require(len(shares) == len(lines), "a line stands twice")
        require(set(known) <= shares.keys(), "a line is not named")
        require(sum(shares.values()) + kept == PPB, "it does not add up")
        require(sum(share > 0 for share in shares.values()) <= most, "too many lines")
        return shares, kept

    def _is_status_quo(self, case: disputes.Case, shares: dict, kept: int) -> bool:
        status_quo = self._status_quo(case)
        if case.level == disputes.LINES:
            return kept == status_quo.kept_ppb and \
                all(shares[n] == share for n, share in status_quo.edges)
        return all(shares[handle] == share for handle, share in status_quo.authors)

    def _falls(self, case: disputes.Case, claim: disputes.Claim) -> dict[str, int]:
        """By account: what the claim would take from its lines, in ppb of ppb."""
        status_quo = self._status_quo(case)
        falls: dict[str, int] = {}

        def add(version: Version, fall: int) -> None:
            for handle, share in version.authors if fall > 0 else ():
                falls[handle] = falls.get(handle, 0) + fall * share
        if case.level == disputes.AUTHORS:
            for handle, share in status_quo.authors:
                if share > claim.shares.get(handle, 0):
                    falls[handle] = (share - claim.shares.get(handle, 0)) * PPB
            return falls
        for n, share in status_quo.edges:
            parent = self.records[n]
            at = parent.version_at(max(self.epoch, parent.versions[0].effective_epoch))
            add(parent.versions[at], share - claim.shares.get(n, 0))
        add(status_quo, status_quo.kept_ppb - claim.kept_ppb)
        return falls

    def _bond(self, case: disputes.Case, claim: disputes.Claim, books: CurrencyBooks) -> int:
        status_quo = self._status_quo(case)
        flow = books.flows.get(case.record, Flow(0))
        total = flow.c if case.level == disputes.LINES else \
            flow.c * status_quo.kept_ppb // PPB + flow.k
        lines = status_quo.edges if case.level == disputes.LINES else status_quo.authors
        fall = sum(max(0, share - claim.shares.get(subject, 0)) for subject, share in lines)
        if case.level == disputes.LINES:
            fall += max(0, status_quo.kept_ppb - claim.kept_ppb)
        return max(self.bond_floor_minor * ATOMS_PER_MINOR,
                   total * fall // PPB * self.bond_ppb // PPB)

    def _answer_case(self, op: Operation) -> None:
        case = self._find_case(op)
        require(not case.answered, "it is answered")
        holders = set().union(*(self._falls(case, case.claims[i - 1]) for i in case.standing()))
        require(op["account"] in holders, "no holder of a line that falls")
        case.answered = True
        self._schedule(case, self.time_ms + self.case_ruling_ms)

    def _withdraw_claim(self, op: Operation) -> None:
        case = self._find_case(op)
        own = [i for i in case.standing() if case.claims[i - 1].claimant == op["account"]]
        require(len(own) == 1, "no claim of it stands")
        claim = case.claims[own[0] - 1]
        self._return_bond(case, claim, lost=case.answered, winner=None)
        claim.withdrawn = True
        if case.standing():
            claim.end = case.segments
            case.segments += 1
            self.seen.add("a claim withdrawn beside others")
        else:
            self._end_case(case, [0] * case.segments, ruled=False)

    def _agree_case(self, op: Operation) -> None:
        case = self._find_case(op)
        shares, kept = self._vector(op, case)
        dispute = self.disputes[case.record]
        record = self.records[case.record]
        for segments in dispute.segments.values():
            for segment in segments:
                edges, least_kept, authors = dispute.least(record.versions[segment.version],
                                                           segment.at)
                least = edges if case.level == disputes.LINES else authors
                require(all(shares.get(n, 0) >= share for n, share in least.items()), "taken back")
                require(case.level == disputes.AUTHORS or kept >= least_kept, "taken back")
        if self._is_status_quo(case, shares, kept):
            self._end_case(case, [0] * case.segments, ruled=False)
            return
        case.claims.append(disputes.Claim(None, shares, kept))
        self._end_case(case, [len(case.claims)] * case.segments, ruled=False)
        self.seen.add("an agreement")

    def _rule_case(self, op: Operation) -> None:
        case = self._find_case(op)
        require(case.answered, "nobody has answered")
        require(len(op["choices"]) == case.segments, "one choice for each segment")
        for segment, number in enumerate(op["choices"]):
            require(number == 0 or (number in case.standing()
                                    and case.claims[number - 1].in_force(segment)),
                    "not a claim that stood then")
        if len(set(op["choices"])) > 1:
            self.seen.add("a ruling that differs by segment")
        self._end_case(case, op["choices"], ruled=True)

    def _deadline(self, case: disputes.Case) -> None:
        """Unanswered, the first claim that stands wins; unruled, the status quo stands."""
        choices = [0] * case.segments
        if not case.answered:
            first = case.standing()[0]
            choices = [first if case.claims[first - 1].in_force(segment) else 0
                       for segment in range(case.segments)]
        self.seen.add("an unruled case" if case.answered else "an unanswered case")
        self._end_case(case, choices, ruled=False)

    def _end_case(self, case: disputes.Case, choices: list[int], ruled: bool) -> None:
        case.choices = list(choices)
        winners = [i for i in case.standing() if i in choices]
        for i in case.standing():
            lost = ruled and i not in choices
            winner = case.claims[winners[-1] - 1].claimant if winners else None
            self._return_bond(case, case.claims[i - 1], lost, winner)
        dispute = self.disputes[case.record]
        if all(other.ended for other in dispute.cases.values()):
            self._pay_out(case.record, dispute)

    def _return_bond(self, case: disputes.Case, claim: disputes.Claim, lost: bool,
                     winner: str | None) -> None:
        bond, claim.bond = claim.bond, 0
        if bond == 0:
            return
        balances = self.books[claim.currency].balances
        balances[claim.claimant].bonded -= bond
        if not lost:
            self._credit(claim.currency, {claim.claimant: bond})
            return
        self.seen.add("a bond lost")
        if winner is not None:
            self._credit(claim.currency, {winner: bond})
            return
        falls = self._falls(case, claim)
        holders = [handle for handle in self.accounts if handle in falls]
        whole = sum(falls.values())
        parts = {handle: bond * (falls[handle] * PPB // whole) // PPB for handle in holders}
        parts[holders[0]] += bond - sum(parts.values())
        self._credit(claim.currency, parts)

    def _pay_out(self, sequence: int, dispute: disputes.Dispute) -> None:
        """The record goes on under what was chosen last, and the pots are paid out."""
        record = self.records[sequence]
        last = dispute.last_choice()
        ruled = None
        if any(last.values()):
            at = record.version_at(max(self.epoch, record.versions[0].effective_epoch))
            version = disputes.chosen_version(record.versions[at], last.get(disputes.LINES),
                                              last.get(disputes.AUTHORS), self.settled_epochs)
            # Those of this epoch and later are never in force again, but money may rest under them.
            record.versions.append(version)
            ruled = len(record.versions) - 1
            self.seen.add("a claim that won")
        del self.disputes[sequence]
        for currency in sorted(dispute.segments):
            books = self.books[currency]
            if dispute.held(record, currency) > 0:
                self.seen.add("a pot that held money")
            flow, parents, authors = disputes.play(dispute, record, currency,
                                                   books.flows.get(sequence), ruled)
            books.flows[sequence] = flow
            self._credit(currency, authors)
            self._credit(currency, sweep(self.records, books.flows, max(self.settled_epochs - 1, 0),
                                         parents, {}, self.disputes, currency))

    def _find_case(self, op: Operation) -> disputes.Case:
        require(0 <= op["case"] < len(self.cases), "no such case")
        case = self.cases[op["case"]]
        require(not case.ended, "it has ended")
        return case

    def _find_books(self, op: Operation) -> CurrencyBooks:
        require(op["currency"] in self.books, "the currency is unknown")
        return self.books[op["currency"]]

    def _find_account(self, handle: str) -> Account:
        require(handle in self.accounts, "the account is unknown")
        return self.accounts[handle]

    def _find_record(self, name: str) -> Record:
        require(name in self.records_by_name, "the record is unknown")
        return self.records_by_name[name]

    # Reading.

    def totals(self, currency: str) -> dict[str, int]:
        """Both sides of the law of conservation, recounted, in atoms."""
        books = self.books[currency]
        pending_minor = sum(p.gross_minor for assets in books.pending.values()
                            for p in assets.values()) - sum(books.debits_minor.values())
        return {
            "reported": books.reported_minor * ATOMS_PER_MINOR,
            "reversed": books.reversed_minor * ATOMS_PER_MINOR,
            "fees": books.fees,
            "available": sum(b.available for b in books.balances.values()),
            "reserved": sum(b.reserved for b in books.balances.values()),
            "paid": sum(b.paid for b in books.balances.values()),
            "pending": pending_minor * ATOMS_PER_MINOR,
            "dust": sum(self.dust(currency, sequence) for sequence in books.flows),
            "bonds": sum(b.bonded for b in books.balances.values()),
            "escrow": sum(dispute.held(self.records[n], currency)
                          for n, dispute in self.disputes.items()),
        }

    def dust(self, currency: str, sequence: int) -> int:
        """What a record holds of the money that arrived in it."""
        flow = self.books[currency].flows[sequence]
        return sum(leftovers(self.records[sequence].versions[flow.version], flow.c, flow.k))

    def flow_digest(self) -> str:
        """SHA-256 over all flows, in the form that the format of histories states."""
        digest = hashlib.sha256()
        for record in self.records:
            for code in sorted(self.books):
                flow = self.books[code].flows.get(record.sequence)
                if flow is not None and (flow.c or flow.k):
                    digest.update(f"{record.name} {code} {flow.c} {flow.k}\n".encode())
        return digest.hexdigest()


def imbalance(totals: Mapping[str, int]) -> int:
    """Zero, by the law of conservation: reported - reversed = where the money is."""
    held = ("fees", "available", "reserved", "paid", "pending", "dust", "bonds", "escrow")
    return totals["reported"] - totals["reversed"] - sum(totals[name] for name in held)
