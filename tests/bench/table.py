"""Prints the rows of benchmarks as one table.

usage: table.py ROWS.jsonl [--table NAME] [--write]

--write replaces what stands in docs/performance.md between the marks of that table ("table", or
NAME)."""

import argparse
import json
import os
import platform
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PAGE = os.path.join(ROOT, "docs", "performance.md")


def number(value: float) -> str:
    """Three significant digits at least, thousands separated."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def version(package: str) -> str:
    """Version of a Debian package, for the note under the table."""
    query = ["dpkg-query", "-W", "-f=${Version}", package]
    result = subprocess.run(query, capture_output=True, text=True, check=False)
    return result.stdout or "unknown"


def table(rows: list[dict]) -> str:
    """The rows in Markdown."""
    lines = ["| what | measured | raw limit or peer | ratio | aim | with |", "|---|---|---|---|---|---|"]
    for row in rows:
        if row["row"] == "settlement_sweep":
            row = {"row": "settlement sweep, flat arrays", "value": row["median_ms"], "unit": "ms",
                   "aim": "40 ms", "note": f'{row["records"]:,} records, {row["edges"]:,} edges, '
                   f'uniform random parents, seed {row["seed"]}'}
        peer = f'{row["peer"]}: {number(row["peer_value"])}' if "peer" in row else "–"
        ratio = f'{row["ratio"]:.2f}' if "ratio" in row else "–"
        lines.append(f'| {row["row"]} | {number(row["value"])} {row["unit"]} | {peer} | {ratio} '
                     f'| {row["aim"]} | {row["note"]} |')
    lines.append("")
    lines.append(f"Machine: {os.cpu_count()} cores, {platform.machine()}; libsodium "
                 f"{version('libsodium-dev')}, RocksDB {version('librocksdb-dev')}, "
                 f"g++ {version('g++')}.")
    return "\n".join(lines)


def write(name: str, text: str) -> None:
    """Replaces a table of docs/performance.md."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    with open(PAGE, encoding="utf-8") as page:
        whole = page.read()
    before, rest = whole.split(begin)
    after = rest.split(end)[1]
    with open(PAGE, "w", encoding="utf-8") as page:
        page.write(f"{before}{begin}\n{text}\n{end}{after}")


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rows")
    parser.add_argument("--table", default="table")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    with open(arguments.rows, encoding="utf-8") as file:
        text = table([json.loads(line) for line in file])
    print(text)
    if arguments.write:
        write(arguments.table, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
