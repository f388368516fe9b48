"""Random histories (see history.py): small lineages with every kind of money operation.

A generator runs the integer model beside it, so that payouts and funds are mostly sensible; about
one operation in ten is made to be refused. The same seed gives the same history.
"""

from __future__ import annotations

import hashlib
import json
import random
from typing import Any, Collection

from history import Operation
from integer_model import (AMOUNT_MINOR_END, ATOMS_PER_MINOR, PPB, UNLIMITED_CREDIT, Ledger,
                           admit_shares)

MATURITY_EPOCHS_USED = 4
EPOCH_MS_CHOICES = [1000, 1000, 3_600_000]
WEEK_MS = 7 * 24 * 3_600_000
CURRENCIES = [("EUR", 6, 10000), ("USD", 9, 7)]


class _Generator:
    def __init__(self, seed: int, features: frozenset[str]) -> None:
        self.random = random.Random(seed)
        self.seed = seed
        self.features = features
        self.epoch_ms = self.random.choice(EPOCH_MS_CHOICES)
        self.deep = self.random.random() < 0.7
        self.handles: list[str] = []
        self.handles_before = 0  # of those, registered before the block
        self.names: list[str] = []
        self.references: list[tuple[str, str]] = []
        self.known: list[str] = []  # handles of blocks before this one: they can sign
        self.history: list[Operation] = [self._genesis()]
        self.ledger = Ledger(self.history[0])

    def run(self, block_count: int, operations_max: int) -> None:
        time_ms = self.ledger.time_ms
        for _ in range(block_count):
            time_ms += self._step_ms()
            self._block(time_ms)
            for _ in range(self.random.randint(0, operations_max)):
                self._emit(self._operation())
        if "rejected" in self.features:
            self._block(time_ms)
            self._withdraw_all()
        for _ in range(2):
            time_ms += 2 * (MATURITY_EPOCHS_USED + 4) * self.epoch_ms
            self._block(time_ms)

    def _withdraw_all(self) -> None:
        """Every case that is still open ends, and changes nothing."""
        for number, case in enumerate(self.ledger.cases):
            for claim in case.standing() if not case.ended else ():
                self._emit({"op": "withdraw_claim", "case": number,
                            "account": case.claims[claim - 1].claimant})

    def _step_ms(self) -> int:
        """To the next block: at once, within the epoch, one or some epochs, or a quiet week."""
        if self.epoch_ms * 1000 > WEEK_MS and self.random.random() < 0.06:
            return WEEK_MS + self.random.randint(0, self.epoch_ms)
        if "contested" in self.features:
            return self.random.choice([self.epoch_ms * 2 // 5, self.epoch_ms, self.epoch_ms])
        if "freezes" in self.features and self.random.random() < 0.5:
            return self.epoch_ms * 2 // 5  # blocks on both sides of a freeze's end in one epoch
        return self.random.choice(
            [0, 1, self.epoch_ms // 11, self.epoch_ms * 2 // 5, self.epoch_ms, 5 * self.epoch_ms])

    def _block(self, time_ms: int) -> None:
        self.handles_before = len(self.handles)
        self.ledger.end_block()
        self.history.append({"op": "block", "time_ms": time_ms})
        self.known = list(self.handles)
        self.ledger.begin_block(time_ms)

    def _emit(self, operation: Operation) -> None:
        self.history.append(operation)
        if not self.ledger.apply(operation):
            return
        if operation["op"] == "account":
            self.handles.append(operation["handle"])
        elif operation["op"] == "record":
            self.names.append(operation["name"])
        elif operation["op"] == "revenue":
            self.references.append((operation["reporter"], operation["reference"]))

    def _operation(self) -> Operation:
        if len(self.handles) < 2:
            return self._account()
        if len(self.names) < 2:
            return self._record()
        kinds = [self._account, self._record, self._revenue, self._fund, self._request_payout,
                 self._close_payout]
        weights = [3 if "contested" in self.features else 1, 9, 12, 3, 4,
                   4 if any(p.open for p in self.ledger.payouts) else 1]
        if "amendments" in self.features:
            kinds += [self._amend, self._withdraw_amendment]
            weights += [3, 1]
        if "terms" in self.features:
            kinds += [self._lower_terms]
            weights += [2]
        if "attribution" in self.features:
            kinds += [self._refund]
            weights += [5]
        if "freezes" in self.features:
            frozen = any(freeze.on for freeze in self.ledger.freezes.values())
            kinds += [self._freeze, self._rule_incident]
            weights += [3, 5 if frozen else 0.2]
        if "governance" in self.features:
            kinds += [self._parameters]
            weights += [2]
        if "disputes" in self.features and len(self.known) >= 2:
            open_cases = sum(not case.ended for case in self.ledger.cases)
            kinds += [self._open_case, self._on_case]
            often = 16 if "contested" in self.features else 8
            weights += [4, often if open_cases else 0]
        if "preferences" in self.features:
            kinds += [self._preference]
            weights += [1]
        if "statements" in self.features:
            kinds += [self._statement]
            weights += [1]
        return self.random.choices(kinds, weights)[0]()

    def _genesis(self) -> Operation:
        roles = ["steward", "reporter", "treasurer"]
        contested = "contested" in self.features
        longest = 16 if contested else 8
        cases = {
            "case_response_ms": self.epoch_ms *
            (10**6 if "rejected" in self.features else self.random.randint(longest // 8, longest)),
            "case_ruling_ms": self.epoch_ms * self.random.randint(longest // 8, longest),
            "bond_floor_minor": 0 if "rejected" in self.features else self.random.choice([0, 1]),
            "bond_ppb": 0 if "rejected" in self.features else self.random.choice([0, 100_000_000]),
        } if "disputes" in self.features else {}
        return {**cases,
            "op": "genesis", "time_ms": self.random.randint(1, 10**12),
            "epoch_ms": self.epoch_ms,
            "maturity_epochs": self.random.randint(0, 1 if contested else 3),
            "fee_ppb": self.random.choice([0, 1, 10_000_000, 333_333_333]),
            "royalty_max_ppb": self.random.choice([1000, 300_000_000]),
            **({"freeze_epochs": self.random.randint(1, 6)} if "freezes" in self.features else {}),
            "currencies": [{"code": code, "decimals": decimals, "payout_unit_minor": unit}
                           for code, decimals, unit in CURRENCIES],
            "accounts": [
                {"handle": "a0", "roles": roles,
                 "credit_limit_minor": {"EUR": UNLIMITED_CREDIT, "USD": UNLIMITED_CREDIT}},
                {"handle": "a1", "roles": roles, "credit_limit_minor": {"USD": 100000}},
            ],
        }

    def _mistake(self) -> bool:
        return self.random.random() < 0.03

    def _account(self) -> Operation:
        number = len(self.handles) - self._mistake()
        return {"op": "account", "handle": f"c{number}"}

    def _record(self) -> Operation:
        number = len(self.names) - self._mistake()
        identity = hashlib.sha256(f"{self.seed} {number}".encode()).hexdigest()
        limit = self.ledger.royalty_max_ppb
        royalty = self.random.choice([0, 0, 0, limit // 1000, limit // 20, limit // 3])
        record = {"op": "record", "name": f"r{number}", "id": identity, **self._lines(self.names),
                  "royalty_ppb": 0, "min_share_ppb": 0}
        if "terms" in self.features:
            least = -(-limit // 1000)
            record["royalty_ppb"] = \
                self.random.choice([limit + 1, least - 1]) if self._mistake() else royalty
            record["min_share_ppb"] = self.random.choice([0, 0, 0, 0, 1, 50_000_000])
        if "attribution" in self.features:
            record["alpha_max_ppb"] = self.random.choice([0, 400_000_000, 400_000_000, PPB])
        if "amendments" in self.features and self.random.random() < 0.25:
            record["pool"] = True
        return record

    def _freeze(self) -> Operation:
        """Mostly of what has money pending."""
        earning = sorted({asset for books in self.ledger.books.values()
                          for waiting in books.pending.values() for asset in waiting})
        names = [self.ledger.records[asset].name for asset in earning] or self.names
        return {"op": "freeze", "asset": "nothing" if self._mistake() else self.random.choice(names)}

    def _rule_incident(self) -> Operation:
        """Mostly on what is frozen; some of it, all of it, now and then more."""
        frozen = [self.ledger.records[asset].name
                  for asset, freeze in sorted(self.ledger.freezes.items()) if freeze.on]
        name = self.random.choice(frozen or self.names)
        asset = self.ledger.records_by_name[name].sequence
        compensations = []
        for currency in self.ledger.books:
            held = sum(pending.gross_minor for _, pending in self.ledger._frozen(asset, currency))
            if self.random.random() < 0.7:
                part = self.random.choice([1, held, held // 2, held // 3]) + self._mistake()
                compensations.append([self.random.choice(self.handles), currency,
                                      min(part, AMOUNT_MINOR_END - 1)])
        return {"op": "rule_incident", "asset": name,
                "compensations": [one for one in compensations if one[2] > 0]}

    def _parameters(self) -> Operation:
        """Another fee and W, from an epoch soon; now and then one that has begun, or too high."""
        ahead = 0 if self._mistake() else self.random.randint(1, 4)
        most = PPB - self.ledger.royalty_max_ppb
        return {"op": "parameters", "effective_epoch": self.ledger.epoch + ahead,
                "fee_ppb": most + 1 if self._mistake()
                else self.random.choice([0, 7, 20_000_000, 500_000_000, most]),
                "maturity_epochs": 65 if self._mistake() else self.random.randint(0, 4)}

    def _lower_terms(self) -> Operation:
        """Mostly of a record that asks for something; some or all of it, now and then more."""
        asking = [record.name for record in self.ledger.records
                  if record.terms[-1].royalty_ppb or record.terms[-1].min_share_ppb]
        name = self.random.choice(asking or self.names)
        last = self.ledger.records_by_name[name].terms[-1]
        least = max(1, -(-self.ledger.royalty_max_ppb // 1000))
        royalty = self.random.choice([last.royalty_ppb, 0, least, last.royalty_ppb // 2])
        terms = {"royalty_ppb": royalty + self._mistake(),
                 "min_share_ppb": self.random.choice([last.min_share_ppb, 0]) + self._mistake()}
        if "attribution" in self.features:
            terms["alpha_max_ppb"] = self.random.choice([last.alpha_max_ppb, 1])
        return {"op": "lower_terms", "record": name,
                "effective_epoch": self.ledger.epoch + self.random.choice([1, 1, 2, 3])
                - self._mistake(), **terms}

    def _lines(self, names: list[str]) -> dict[str, Any]:
        """Authors, parents and pass-through, as records and amendments state them."""
        author_count = self.random.randint(1, min(4, len(self.handles)))
        handles = self.random.sample(self.handles, author_count)
        shares = admit_shares({handle: self.random.randint(1, 9) for handle in handles}, PPB)
        near = names[-4:] if self.deep else names  # near ones: long chains that merge again
        parents = self.random.sample(near, min(len(near), self.random.randint(0, 4)))
        if self._mistake():
            parents.append("nobody")
        pass_through = self.random.choice(
            [0, 333_333_333, 500_000_000, 999_999_999, PPB, self.random.randint(0, PPB)])
        return {
            "authors": [[handle, share - self._mistake()] for handle, share in shares.items()],
            "parents": [[name, self._weight()] for name in parents],
            "pass_through_ppb": pass_through if parents or self._mistake() else 0,
        }

    def _weight(self) -> int:
        if self._mistake():
            return 0
        return self.random.choice([1, 1, 1, 2, 3, self.random.randint(1, 1000)]) \
            if self.random.random() < 0.97 else 2**32 - 1

    def _currency(self) -> str:
        return "XXX" if self._mistake() else self.random.choice(CURRENCIES)[0]

    def _reporter(self) -> str:
        return self.handles[0] if self._mistake() else self.random.choice(["a0", "a0", "a0", "a1"])

    def _earning(self) -> str:
        """Any asset; where cases matter most, mostly one that is contested."""
        contested = sorted(self.ledger.disputes) if "contested" in self.features else []
        if contested and self.random.random() < 0.7:
            return self.ledger.records[self.random.choice(contested)].name
        return self.random.choice(self.names)

    def _revenue(self) -> Operation:
        amount_minor = self.random.choice(
            [1, 2, self.random.randint(1, 100), self.random.randint(1, 10**7), 2**63 - 1])
        operation: Operation = {
            "op": "revenue", "reporter": self._reporter(),
            "asset": "nothing" if self._mistake() else self._earning(),
            "currency": self._currency(), "amount_minor": 0 if self._mistake() else amount_minor,
            "reference": f"x{len(self.references) - self._mistake()}",
        }
        if "attribution" in self.features and self.random.random() < 0.3:
            named = self.random.sample(self.names, self.random.randint(1, min(5, len(self.names))))
            if self._mistake():
                named.append(self.random.choice([named[0], "nobody"]))
            operation["attribution"] = [[name, self._weight()] for name in named]
            rest = PPB - self.ledger.fee_ppb_of(self.ledger.epoch)
            operation["attribution_ppb"] = self.random.choice(
                [1, 123_456_789, 400_000_000, 400_000_001, rest, rest + self._mistake()])
        return operation

    def _fund(self) -> Operation:
        reporter, currency = self._reporter(), self._currency()
        owed = [(handle, code) for code, books in self.ledger.books.items()
                for handle, amount in books.outstanding_minor.items() if amount > 0]
        if owed and self.random.random() < 0.9:
            reporter, currency = self.random.choice(owed)
        books = self.ledger.books.get(currency)
        outstanding = books.outstanding_minor.get(reporter, 0) if books else 0
        unit = books.payout_unit_minor if books else 1
        amount_minor = outstanding + 1 if self._mistake() else \
            self.random.choice([outstanding, outstanding // 2, outstanding // 2 // unit * unit])
        return {"op": "fund", "reporter": reporter, "currency": currency,
                "amount_minor": min(max(0, amount_minor), AMOUNT_MINOR_END)}

    def _request_payout(self) -> Operation:
        code, _, unit = self.random.choice(CURRENCIES)
        balances = self.ledger.books[code].balances
        handle = self.random.choice(sorted(balances) or self.handles)
        available = balances[handle].available // ATOMS_PER_MINOR if balances else 0
        committed = sum(balance.paid + balance.reserved for balance in balances.values())
        unspent = self.ledger.books[code].funded_minor - committed // ATOMS_PER_MINOR
        units = self.random.choice(
            [1, available // unit, available // unit // 3, unspent // unit, unspent // unit + 1])
        return {"op": "request_payout", "account": handle, "currency": code,
                "amount_minor": min(units * unit + self._mistake(), AMOUNT_MINOR_END)}

    def _close_payout(self) -> Operation:
        open_payouts = [i for i, payout in enumerate(self.ledger.payouts) if payout.open]
        known = len(self.ledger.payouts)
        payout = self.random.choice(open_payouts) if open_payouts and not self._mistake() else \
            self.random.randint(0, known)
        return {"op": self.random.choice(["confirm_payout", "fail_payout"]), "payout": payout}

    def _amend(self) -> Operation:
        index = self.random.randrange(len(self.names))
        record = self.ledger.records_by_name[self.names[index]]
        lines = self._lines(self.names if self._mistake() else self.names[:index])
        if not record.pool and not self._mistake():
            lines["parents"] = [[self.names[parent], self._weight()]
                                for parent, _ in record.versions[-1].edges]
            if self.random.random() < 0.1 and index > 0:
                lines["parents"].append([self.random.choice(self.names[:index]), 1])
            if not lines["parents"]:
                lines["pass_through_ppb"] = 0
            elif lines["pass_through_ppb"] == 0:
                lines["pass_through_ppb"] = PPB // 7
        if self.random.random() < 0.5:
            lines["authors"] = [list(author) for author in record.versions[-1].authors]
        return {"op": "amend", "record": self.names[index],
                "effective_epoch": self.ledger.epoch + self.random.choice([1, 1, 2, 3])
                - self._mistake(), **lines}

    def _withdraw_amendment(self) -> Operation:
        pending = [record for record in self.ledger.records
                   if record.versions[-1].effective_epoch > self.ledger.epoch]
        record = self.random.choice(pending or self.ledger.records)
        return {"op": "withdraw_amendment", "record": record.name,
                "effective_epoch": record.versions[-1].effective_epoch + self._mistake()}

    def _candidate(self, record: Any, level: str) -> dict[str, Any]:
        """A complete vector; the last version may be one that is still to come."""
        status_quo = record.versions[record.version_at(
            max(self.ledger.epoch, record.versions[0].effective_epoch))]
        if level == "lines":
            subjects = [self.ledger.records[n].name for n, _ in status_quo.edges]
            earlier = self.names[:record.sequence + self._mistake()]
        else:
            subjects = [handle for handle, _ in status_quo.authors]
            earlier = self.handles
        others = [name for name in earlier if name not in subjects]
        subjects += self.random.sample(others, min(len(others), self.random.randint(0, 2)))
        if self._mistake() and subjects:
            subjects.pop(0)
        keeps = level == "lines" and (not subjects or self.random.random() < 0.7)
        weights = {subject: self.random.choice([0, 1, 1, 2, self.random.randint(1, 1000)])
                   for subject in subjects}
        if keeps:
            weights[""] = self.random.randint(1, 9)
        elif weights and not any(weights.values()):
            weights[subjects[-1]] = 1
        shares = admit_shares(weights, PPB - self._mistake()) if weights else {}
        kept = shares.pop("", 0)
        return {"lines": [[name, share] for name, share in shares.items()], "kept_ppb": kept}

    def _open_case(self) -> Operation:
        earned = {n for books in self.ledger.books.values() for n in books.flows}
        pool = [self.ledger.records[n].name for n in sorted(earned)] or self.names
        record = self.ledger.records_by_name[self.random.choice(pool)]
        level = self.random.choice(["lines", "authors"])
        return {"op": "open_case", "claimant": self._claimant(record.sequence),
                "record": record.name, "level": level, **self._candidate(record, level),
                "currency": self._currency()}

    def _claimant(self, sequence: int) -> str:
        """Who may claim a record only once has mostly not done so."""
        fresh = [handle for handle in self.known if (sequence, handle) not in self.ledger.claimed]
        return self.random.choice(fresh if fresh and not self._mistake() else self.known)

    def _on_case(self) -> Operation:
        """Something that can be done on a case that is open; now and then on any."""
        going = [i for i, case in enumerate(self.ledger.cases) if not case.ended]
        number = self.random.choice(going)
        case = self.ledger.cases[number]
        if self._mistake():
            number = self.random.randint(0, len(self.ledger.cases))
        record = self.ledger.records[case.record]
        contested = "contested" in self.features
        if not case.answered and self.random.random() < (0.2 if contested else 0.5):
            return self._answer(number, case)
        step = self.random.choice(["join", "join", "withdraw", "agree"] +
                                  (["join", "rule", "rule", "rule"] if contested else ["rule", "rule"]))
        if "rejected" in self.features and step == "agree":
            step = "rule"
        if step == "join":
            return {"op": "join_case", "case": number, "claimant": self._claimant(case.record),
                    **self._candidate(record, case.level), "currency": self._currency()}
        if step == "withdraw":
            standing = case.standing()
            return {"op": "withdraw_claim", "case": number,
                    "account": case.claims[self.random.choice(standing) - 1].claimant}
        if step == "agree":
            return {"op": "agree_case", "case": number, **self._candidate(record, case.level)}
        return {"op": "rule_case", "case": number,
                "choices": [self._choice(case, segment) for segment in range(case.segments)]}

    def _answer(self, number: int, case: Any) -> Operation:
        holders = sorted(set().union(*(self.ledger._falls(case, case.claims[i - 1])
                                       for i in case.standing())) & set(self.known))
        account = self.random.choice(holders or self.known)
        return {"op": "answer_case", "case": number, "account": account}

    def _choice(self, case: Any, segment: int) -> int:
        if "rejected" in self.features:
            return 0
        numbers = [i for i in case.standing()
                   if case.claims[i - 1].in_force(segment) or self._mistake()]
        return self.random.choice([0, *numbers]) + self._mistake()

    def _preference(self) -> Operation:
        above_minor = self.random.choice([0, 1, 100, 20_000, 10**6])
        known = self.handles[:self.handles_before] or ["nobody"]  # their claims are in force
        exact = self._whole_credits(known)
        if exact and self.random.random() < 0.5:
            account, currency, above_minor = self.random.choice(exact)
            return {"op": "preference", "account": account, "currency": currency,
                    "above_minor": above_minor}
        return {"op": "preference",
                "account": "nobody" if self._mistake() else self.random.choice(known),
                "currency": self._currency(), "above_minor": above_minor}

    def _whole_credits(self, known: list[str]) -> list[tuple[str, str, int]]:
        """What is available without a fraction, and covered: a mark that is just reached."""
        found = []
        for code, books in self.ledger.books.items():
            for handle in known:
                minor, rest = divmod(books.balances[handle].available, ATOMS_PER_MINOR) \
                    if handle in books.balances else (0, 0)
                if rest == 0 and books.payout_unit_minor <= minor < AMOUNT_MINOR_END and \
                        self.ledger._free_funds(books) >= books.payout_unit_minor * ATOMS_PER_MINOR:
                    found.append((handle, code, minor))
        return found

    def _statement(self) -> Operation:
        if self.ledger.statements and self.random.random() < 0.4:
            return self._next_statement()
        last = self.ledger.epoch - 1 + self._mistake()
        first = max(0, last - self.random.choice([0, 0, 1, 5]))
        return {"op": "statement", "reporter": self._reporter(),
                "asset": "nothing" if self._mistake() else self.random.choice(self.names),
                "currency": self._currency(), "first_epoch": first, "last_epoch": max(0, last),
                "total_minor": self.random.choice([0, 1, 10**6])}

    def _next_statement(self) -> Operation:
        """On what was stated before, from the epoch after or, again, the same."""
        reporter, asset, currency = self.random.choice(sorted(self.ledger.statements))
        end = self.ledger.statements[reporter, asset, currency][-1][1]
        return {"op": "statement", "reporter": reporter, "asset": asset, "currency": currency,
                "first_epoch": end + self.random.randint(0, 1),
                "last_epoch": max(end, self.ledger.epoch - 1), "total_minor": 0}

    def _refund(self) -> Operation:
        reporter, reference = self.random.choice(self.references or [("a0", "x0")])
        event = self.ledger.events.get((reporter, reference))
        left = event.amount_minor - event.refunded_minor if event else 0
        return {"op": "refund", "reporter": reporter, "reference": reference,
                "amount_minor": self.random.choice([1, left, left // 2, left // 3])
                + self._mistake()}


FEATURES = frozenset({"terms", "amendments", "attribution", "governance", "preferences",
                      "statements"})
DISPUTED = FEATURES | {"disputes"}
CONTESTED = DISPUTED | {"contested"}  # longer cases, more on each, and money while they are open
FROZEN = FEATURES | {"freezes"}
# Every case ends with the status quo, and no bond is taken: as if nobody had disputed.
REJECTED = frozenset({"terms", "attribution", "disputes", "rejected"})
CASE_OPERATIONS = frozenset({"open_case", "join_case", "answer_case", "withdraw_claim",
                             "agree_case", "rule_case"})


def without_cases(lines: list[str], accepted: list[bool]) -> list[str]:
    """The history as if nobody had disputed: of its operations those that were accepted."""
    kept, verdicts = [], iter(accepted)
    for line in lines:
        name = json.loads(line)["op"]
        if name in ("genesis", "block") or (next(verdicts) and name not in CASE_OPERATIONS):
            kept.append(line)
    return kept


def random_history(seed: int, changes: bool = False, block_count: int = 12,
                   operations_max: int = 12, features: Collection[str] | None = None) -> list[str]:
    """The lines of a random history.

    `features` says what it holds beside records, revenue, funds and payouts: "terms" are royalties
    and least shares, also lowered ones; "amendments"; "attribution" comes with refunds;
    "preferences" are those of automatic payouts; "statements"; "freezes" come with rulings and
    compensations; "disputes", and with them "contested". Left out: terms, or with `changes` all of them but freezes.
    """
    chosen = frozenset(features) if features is not None else \
        FEATURES if changes else frozenset({"terms"})
    generator = _Generator(seed, chosen)
    generator.run(block_count, operations_max)
    return [json.dumps(operation, separators=(",", ":")) for operation in generator.history]
