"""Makes a failing history small: delta debugging over its lines, then over what each line says.

A history stays one: its first line is the genesis, with the account that registers all others, the
next one a block. Which of its operations
are still accepted does not matter, for engine and model refuse alike. What must stay is the failure
itself, so that a shrunk history shows the fault that was found and not another one: the caller's
`fails` decides that.
"""

from __future__ import annotations

import copy
import json
from typing import Any, Callable, Iterator

Line = dict[str, Any]
Fails = Callable[[list[str]], bool]

PPB = 10**9
SPONSOR = "a0"  # who registers accounts in the engine; the model does not ask
ROUND_AMOUNTS = [1, 100, 10**6, 10**9]
ROUND_SHARES = [0, PPB, PPB // 2]


def shrink(lines: list[str], fails: Fails) -> list[str]:
    """The smallest history found that still fails. Requires: fails(lines)."""
    history = [json.loads(line) for line in lines]

    def still(shorter: list[Line]) -> bool:
        return is_history(shorter) and fails(_encode(shorter))

    before: list[Line] = []
    while history != before:
        before = history
        history = _drop_lines(history, still)
        history = _simplify_lines(history, still)
        history = _tighten_times(history, still)
    return _encode(history)


def _encode(history: list[Line]) -> list[str]:
    return [json.dumps(line, separators=(",", ":")) for line in history]


def is_history(history: list[Line]) -> bool:
    if len(history) < 2 or history[0]["op"] != "genesis" or history[1]["op"] != "block":
        return False
    return any(account["handle"] == SPONSOR for account in history[0]["accounts"])


def _drop_lines(history: list[Line], still: Callable[[list[Line]], bool]) -> list[Line]:
    """Drops pieces, large ones first, as long as the history still fails."""
    piece = max(1, len(history) // 2)
    while True:
        start, dropped = 1, False  # line 0 is the genesis
        while start < len(history):
            shorter = history[:start] + history[start + piece:]
            if still(shorter):
                history, dropped = shorter, True
            else:
                start += piece
        if piece == 1 and not dropped:
            return history
        piece = max(1, piece // 2)


def _simplify_lines(history: list[Line], still: Callable[[list[Line]], bool]) -> list[Line]:
    """Makes each line simpler, by one change after the other."""
    for number in range(len(history)):
        tried: set[str] = set()
        again = True
        while again:
            again = False
            for simpler in simpler_lines(history[number]):
                text = json.dumps(simpler)
                if text in tried:
                    continue
                tried.add(text)
                changed = history[:number] + [simpler] + history[number + 1:]
                if still(changed):
                    history, again = changed, True
                    break
    return history


def _tighten_times(history: list[Line], still: Callable[[list[Line]], bool]) -> list[Line]:
    """Moves blocks together: each one, and all after it, as much earlier as the failure allows."""
    epoch_ms = history[0]["epoch_ms"]
    for number in range(1, len(history)):
        if history[number]["op"] != "block":
            continue
        earlier = [line["time_ms"] for line in history[:number] if "time_ms" in line][-1]
        step_ms = history[number]["time_ms"] - earlier
        for wanted_ms in sorted({0, *(epoch_ms * n for n in range(1, 9))}):
            if wanted_ms >= step_ms:
                break
            changed = copy.deepcopy(history)
            for line in changed[number:]:
                if line["op"] == "block":
                    line["time_ms"] -= step_ms - wanted_ms
            if still(changed):
                history = changed
                break
    return history


def simpler_lines(line: Line) -> Iterator[Line]:
    """Lines that say the same with less: without a part, or with a rounder number."""
    for name, value in line.items():
        if isinstance(value, list):
            yield from ({**line, name: shorter} for shorter in _shorter_lists(name, value))
        elif name in ("amount_minor", "alpha_max_ppb", "royalty_ppb", "min_share_ppb", "fee_ppb",
                      "pass_through_ppb", "attribution_ppb", "maturity_epochs",
                      "automatic_above_minor"):
            yield from ({**line, name: simpler} for simpler in _rounder(name, value))
    for name in ("attribution", "attribution_ppb", "pool"):
        if name in line:
            yield {key: value for key, value in line.items() if key != name}


def _rounder(name: str, value: int) -> Iterator[int]:
    choices = ROUND_SHARES if name.endswith("_ppb") else ROUND_AMOUNTS
    if name == "maturity_epochs":
        choices = [0]
    for simpler in choices:
        if value == simpler:
            return
        if name.endswith("_ppb") or simpler < value:
            yield simpler


def _shorter_lists(name: str, value: list[Any]) -> Iterator[list[Any]]:
    for i in range(len(value)):
        left = value[:i] + value[i + 1:]
        if name == "authors" and left and isinstance(left[0], list):
            left = [[left[0][0], left[0][1] + value[i][1]], *left[1:]]  # they add up to the whole
        if left or name in ("parents", "attribution"):
            yield left
    if name in ("parents", "attribution"):
        for i, (target, weight) in enumerate(value):
            if weight != 1:
                yield [*value[:i], [target, 1], *value[i + 1:]]
    if name == "authors" and len(value) == 2 and isinstance(value[0], list):
        if [share for _, share in value] != [PPB // 2, PPB // 2]:
            yield [[value[0][0], PPB // 2], [value[1][0], PPB // 2]]


# ------------------------------------------------------------------------------------------------
# In words

def describe(lines: list[str]) -> list[str]:
    """The history with a comment before each line that says it in words; it can be replayed."""
    result: list[str] = []
    genesis = json.loads(lines[0])
    for text in lines:
        result += [f"# {_words(json.loads(text), genesis)}", text]
    return result


def _words(line: Line, genesis: Line) -> str:
    op = line["op"]
    if op == "genesis":
        return (f"chain: epochs of {line['epoch_ms']} ms, revenue settles after "
                f"{line['maturity_epochs']} more, fee {_percent(line['fee_ppb'])}")
    if op == "block":
        since_ms = line["time_ms"] - genesis["time_ms"]
        return f"BLOCK in epoch {since_ms // genesis['epoch_ms']}"
    if op in ("record", "amend"):
        return _record_words(line)
    if op == "revenue":
        words = f"{line['asset']} earns {line['amount_minor']} {line['currency']}"
        if line.get("attribution"):
            part = f"{_percent(line['attribution_ppb'])} " if "attribution_ppb" in line else ""
            words += f", {part}attributed to {_weighted(line['attribution'])}"
        return words
    said = ", ".join(f"{name} {value}" for name, value in line.items() if name != "op")
    return f"{op.replace('_', ' ')}: {said}"


def _record_words(line: Line) -> str:
    authors = ", ".join(f"{handle} {_percent(share)}" for handle, share in line["authors"])
    name = line["name"] if line["op"] == "record" else \
        f"from epoch {line['effective_epoch']} on {line['record']}"
    words = f"{name} by {authors}"
    if line["parents"]:
        words += f", passes {_percent(line['pass_through_ppb'])} to {_weighted(line['parents'])}"
    for term in ("royalty_ppb", "min_share_ppb", "alpha_max_ppb"):
        if line.get(term):
            words += f", {term.removesuffix('_ppb').replace('_', ' ')} {_percent(line[term])}"
    return words


def _percent(ppb: int) -> str:
    text = f"{ppb // 10**7}.{ppb % 10**7:07d}".rstrip("0").rstrip(".")
    return f"{text} %"


def _weighted(pairs: list[list[Any]]) -> str:
    if len({weight for _, weight in pairs}) == 1:
        return ", ".join(name for name, _ in pairs)
    return ", ".join(f"{name} (weight {weight})" for name, weight in pairs)
