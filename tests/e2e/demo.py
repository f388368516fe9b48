#!/usr/bin/env python3
"""What the demo computes: events to report, and tables of who earned what."""
import json
import random
import subprocess
import sys
import time

SEED = 20240917


def load(paths):
    records = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for line in file:
                record = json.loads(line)
                records[record["id"].lower()] = record
    return records


def ancestors(records, start):
    seen, waiting = set(), [start]
    while waiting:
        for parent in records[waiting.pop()]["parents"]:
            key = parent["id"].lower()
            if key not in seen:
                seen.add(key)
                waiting.append(key)
    return seen


def most_derived(path, count):
    records = load([path])
    ranked = sorted(records, key=lambda key: (-len(ancestors(records, key)), key))
    return [records[key]["id"] for key in ranked[:count]]


def events(real, made_up, count):
    """Micropayments on the most derived models of both lineages."""
    chance = random.Random(SEED)
    models = most_derived(real, 25) + most_derived(made_up, 3)
    for i in range(count):
        print(json.dumps({
            "asset": "hf:" + models[i % len(models)] if i < len(models) else
                     "hf:" + chance.choice(models),
            "currency": "USD",
            "amount_minor": chance.randrange(1_000, 3_000_000),
            "reference": f"inference-{i}",
        }))


def call(program, *arguments):
    done = subprocess.run([program, "--json", "--quiet", *arguments], check=True, text=True,
                          stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def settled(program):
    """Waits until nothing is pending."""
    for _ in range(120):
        books = call(program, "trial-balance")["currencies"]
        if books and all(book["pending"]["atoms"] == "0" for book in books):
            return
        time.sleep(0.25)
    raise SystemExit("the revenue has not settled after 30 seconds")


def row(cells, widths):
    print("  ".join(f"{cell:>{-width}}" if width < 0 else f"{cell:<{width}}"
                    for cell, width in zip(cells, widths)).rstrip())


def assets(program, path):
    """What was reported on what: name, amount, number of ancestors, depth."""
    sums = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            event = json.loads(line)
            sums[event["asset"]] = sums.get(event["asset"], 0) + event["amount_minor"]
    widths = (58, -12, -10, -6)
    row(("asset", "USD", "ancestors", "depth"), widths)
    for asset in sorted(sums, key=lambda name: -sums[name])[:15]:
        lineage = call(program, "lineage", "ancestors", asset, "--limit", "1")
        row((asset, f"{sums[asset] / 1e6:.6f}", lineage["total"], lineage["depth"]), widths)
    print()


def all_balances(program):
    return [(int(balance["credited"]["atoms"]), answer["handle"], balance)
            for answer in call(program, "balance", "--all")["accounts"]
            for balance in answer["balances"] if balance["credited"]["atoms"] != "0"]


def earners(program, top_file):
    """The fifteen who earned most, each with the record that earned it most."""
    balances = all_balances(program)
    if len(balances) < 15:
        raise SystemExit(f"only {len(balances)} accounts have earned anything")
    balances.sort(key=lambda entry: (-entry[0], entry[1]))
    widths = (3, 24, -16, -8, 50, -10, -6)
    row(("", "account", "USD", "records", "most through", "ancestors", "depth"), widths)
    for place, (_, handle, balance) in enumerate(balances[:15], 1):
        why = call(program, "explain", "balance", handle, "--currency", "USD", "--limit", "1")
        best = why["records"][0]
        lineage = call(program, "lineage", "ancestors", best["record"], "--limit", "1")
        row((place, handle, balance["credited"]["major"], why["records_total"],
             best["record_name"], lineage["total"], lineage["depth"]), widths)
    total = sum(entry[0] for entry in balances)
    print(f"{len(balances)} accounts have earned {total / 1e15:.6f} USD")
    with open(top_file, "w", encoding="utf-8") as file:
        file.write(balances[0][1])


def depth(records, key):
    """Edges on the longest path to an ancestor, at each record once."""
    known = {}
    waiting = [key]
    while waiting:
        parents = [parent["id"].lower() for parent in records[waiting[-1]]["parents"]]
        missing = [parent for parent in parents if parent not in known]
        if missing:
            waiting.extend(missing)
        else:
            known[waiting.pop()] = 1 + max((known[parent] for parent in parents), default=-1)
    return known[key]


def deepest(events_file, lineage_file):
    """The first event on the deepest model of a lineage that has earned anything."""
    records = load([lineage_file])
    best = (-1, "")
    with open(events_file, encoding="utf-8") as file:
        for line in file:
            event = json.loads(line)
            key = event["asset"][len("hf:"):].lower()
            if key in records and depth(records, key) > best[0]:
                best = (depth(records, key), event["reference"])
    print(best[1])


def main():
    command, *rest = sys.argv[1:]
    if command == "events":
        events(rest[0], rest[1], int(rest[2]))
    else:
        {"settled": settled, "assets": assets, "earners": earners,
         "deepest": deepest}[command](*rest)


if __name__ == "__main__":
    main()
