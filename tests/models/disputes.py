"""Disputes, in exact integers: cases, what waits in pots, and how they end (docs/rewards.md, 11).

Written from that section and not from the engine. A record in dispute has a Dispute beside its
flows: what arrived, segment by segment, while its own totals rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from integer_model import PPB, Flow, Record, Version, leftovers, outflow

CLAIMS_MAX = 8
LINES, AUTHORS = "lines", "authors"


@dataclass
class Claim:
    """A complete vector of one level, in force in the segments from `first` up to `end`."""

    claimant: str | None  # None: what the parties agreed on
    shares: dict  # by sequence of the parent, or by handle
    kept_ppb: int
    first: int = 0
    end: int | None = None
    currency: str = ""
    bond: int = 0
    withdrawn: bool = False

    def in_force(self, segment: int) -> bool:
        return self.claimant is not None and self.lowers(segment)

    def lowers(self, segment: int) -> bool:
        """An agreement lowers every segment: those before it no further than they were."""
        return self.first <= segment and (self.end is None or segment < self.end)


@dataclass
class Case:
    """One level of one record. A choice is 0 for the status quo, or the number of a claim."""

    record: int
    level: str
    due_ms: int
    claims: list[Claim] = field(default_factory=list)
    segments: int = 1
    answered: bool = False
    choices: list[int] | None = None  # once it has ended
    due_order: int = 0

    @property
    def ended(self) -> bool:
        return self.choices is not None

    def standing(self) -> list[int]:
        return [i for i, claim in enumerate(self.claims, start=1)
                if not claim.withdrawn and claim.claimant is not None]

    def chosen(self, segment: int) -> Claim | None:
        number = self.choices[segment] if self.choices else 0
        return self.claims[number - 1] if number else None


@dataclass
class Segment:
    """What arrived in a currency under one version and one set of claims at each level."""

    version: int
    at: dict[str, int]  # by level of an open case: its segment
    c: int = 0
    k: int = 0


@dataclass
class Dispute:
    """The cases of a record, by level, and what has arrived since, by currency."""

    cases: dict[str, Case] = field(default_factory=dict)
    segments: dict[str, list[Segment]] = field(default_factory=dict)

    def take(self, currency: str, version: int, c: int, k: int) -> tuple[Segment, Segment]:
        """Adds what arrives; returns the segment as it was and as it is."""
        at = {level: case.segments - 1 for level, case in self.cases.items()}
        segments = self.segments.setdefault(currency, [])
        if not segments or segments[-1].version != version or segments[-1].at != at:
            segments.append(Segment(version, at))
        last = segments[-1]
        before = Segment(version, at, last.c, last.k)
        last.c += c
        last.k += k
        return before, last

    def least(self, status_quo: Version, at: dict[str, int]) -> tuple[dict, int, dict]:
        """The pointwise minimum: edges by sequence, kept, authors by handle."""
        edges, authors = dict(status_quo.edges), dict(status_quo.authors)
        kept = status_quo.kept_ppb
        for level, segment in at.items():
            for claim in self.cases[level].claims:
                if not claim.lowers(segment):
                    continue
                lines = edges if level == LINES else authors
                for subject in lines:
                    lines[subject] = min(lines[subject], claim.shares.get(subject, 0))
                if level == LINES:
                    kept = min(kept, claim.kept_ppb)
        return edges, kept, authors

    def paid(self, record: Record, segment: Segment) -> tuple[dict, dict]:
        """What the lines have of a segment: by sequence, by handle."""
        edges, kept, authors = self.least(record.versions[segment.version], segment.at)
        owned = segment.c * kept // PPB + segment.k
        return ({n: segment.c * share // PPB for n, share in edges.items()},
                {handle: owned * share // PPB for handle, share in authors.items()})

    def held(self, record: Record, currency: str) -> int:
        """The pot of a currency."""
        total = 0
        for segment in self.segments.get(currency, []):
            edges, authors = self.paid(record, segment)
            total += segment.c + segment.k - sum(edges.values()) - sum(authors.values())
        return total

    def vector(self, status_quo: Version, at: dict[str, int]) -> Version:
        """The lines that the end of the cases chose for a segment."""
        lines = self.cases[LINES].chosen(at[LINES]) if LINES in at else None
        authors = self.cases[AUTHORS].chosen(at[AUTHORS]) if AUTHORS in at else None
        return chosen_version(status_quo, lines, authors, status_quo.effective_epoch)

    def last_choice(self) -> dict[str, Claim | None]:
        return {level: case.chosen(case.segments - 1) for level, case in self.cases.items()}


def chosen_version(status_quo: Version, lines: Claim | None, authors: Claim | None,
                   effective_epoch: int) -> Version:
    """The status quo with a claim in place of a level; lines that get nothing are gone."""
    edges, who = status_quo.edges, status_quo.authors
    if lines is not None:
        known = dict(status_quo.edges)
        edges = tuple((n, share) for n, share in lines.shares.items()
                      if share > 0 or (lines.kept_ppb == PPB and n in known))
    if authors is not None:
        who = tuple((handle, share) for handle, share in authors.shares.items() if share > 0)
    return Version(effective_epoch, edges, who)


class Player:
    """The totals of a record while its segments are played again."""

    def __init__(self, flow: Flow, version: Version, name: object) -> None:
        self.c, self.k = flow.c, flow.k
        self.version = version
        self.name = name
        self.parents: dict[int, int] = {}
        self.authors: dict[str, int] = {}

    def arrive(self, version: Version, name: object, c: int, k: int) -> None:
        if name != self.name:
            line_dust, author_dust = leftovers(self.version, self.c, self.k)
            if version.authors == self.version.authors:
                self.k += outflow(self.version, self.c, self.k).kept
            else:
                self.k = 0
                k += author_dust
            self.c = 0
            c += line_dust
            self.version, self.name = version, name
        self._book(-1)
        self.c += c
        self.k += k
        self._book(1)

    def _book(self, sign: int) -> None:
        out = outflow(self.version, self.c, self.k)
        for (n, _), amount in zip(self.version.edges, out.edges):
            self.parents[n] = self.parents.get(n, 0) + sign * amount
        for (handle, _), amount in zip(self.version.authors, out.authors):
            self.authors[handle] = self.authors.get(handle, 0) + sign * amount

    def already(self, parents: dict, authors: dict) -> None:
        for n, amount in parents.items():
            self.parents[n] = self.parents.get(n, 0) - amount
        for handle, amount in authors.items():
            self.authors[handle] = self.authors.get(handle, 0) - amount


def play(dispute: Dispute, record: Record, currency: str, rested: Flow | None,
         ruled: int | None) -> tuple[Flow, dict[int, int], dict[str, int]]:
    """Pays the pot of a currency out: the flow afterwards, and what parents and authors get.

    `ruled` is the index of the version that the end of the cases made, if it made one.
    """
    segments = dispute.segments[currency]
    flow = rested or Flow(0)
    player = Player(flow, record.versions[flow.version], (flow.version, flow.version))
    for segment in segments:
        status_quo = record.versions[segment.version]
        name = tuple(
            segment.version if level not in segment.at or
            dispute.cases[level].choices[segment.at[level]] == 0
            else ("claim", dispute.cases[level].choices[segment.at[level]])
            for level in (LINES, AUTHORS))
        player.arrive(dispute.vector(status_quo, segment.at), name, segment.c, segment.k)
        player.already(*dispute.paid(record, segment))
    last = segments[-1].version if ruled is None else ruled
    player.arrive(record.versions[last], (last, last), 0, 0)
    for amount in [*player.parents.values(), *player.authors.values()]:
        if amount < 0:
            raise AssertionError("a pot takes back")
    return Flow(last, player.c, player.k), player.parents, player.authors
