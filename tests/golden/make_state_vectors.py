#!/usr/bin/env python3
"""Writes state_vectors.txt: what stands under a header and what is signed over the log, made with
nothing but the standard library, so that the vectors do not come from the code that they test.

    python3 tests/golden/make_state_vectors.py > tests/golden/state_vectors.txt

A line is `name hex`. The byte forms are those of docs/formats.md, sections 2 to 4.
"""
import base64
import struct

from make_codec_vectors import CHAIN, SPONSOR_SEED, public_key, sha, show, sign, tagged

PAGE_BYTES = 4_096


# RFC 6962, section 2.1, from its definition: a list of leaf hashes is split at the largest power of
# two below its length.
def leaf(data):
    return sha(b"\0" + data)


def split(leaves):
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return leaves[:k], leaves[k:]


def root(leaves):
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    left, right = split(leaves)
    return sha(b"\1" + root(left) + root(right))


def path(at, leaves):
    """The inclusion proof of leaf `at`, its sibling first."""
    if len(leaves) == 1:
        return []
    left, right = split(leaves)
    if at < len(left):
        return path(at, left) + [root(right)]
    return path(at - len(left), right) + [root(left)]


def hashed(tag, data):
    return sha(tagged(tag, data))


def u128(n):
    return (n % 2**128).to_bytes(16, "little")


# ---- Section 2: what a block's results and settlements are hashed to.


def result(transaction_id, sender, skipped, records, payouts):
    return leaf(transaction_id + struct.pack("<IQ", sender, skipped)
                + struct.pack(f"<I{len(records)}I", len(records), *records)
                + struct.pack(f"<I{len(payouts)}Q", len(payouts), *payouts))


def results_root(results):
    return hashed(b"results", root(results))


def settlement(number, epoch, currency, gross, netted, fee, credited, dust_change, records):
    return (struct.pack("<QQH", number, epoch, currency) + u128(gross) + u128(netted) + u128(fee)
            + u128(credited) + u128(dust_change) + struct.pack("<Q", records))


def settlement_root(settlements):
    return hashed(b"settlement", b"".join(settlements))


# ---- Section 4: pages, tables, state.


def table_number(kind, sub):
    return kind << 16 | sub


def table_root(kind, sub, row_bytes, rows, tree):
    return hashed(b"table-root",
                  struct.pack("<IIQ", table_number(kind, sub), row_bytes, rows) + tree)


def state_root(tables):
    return hashed(b"state-root", root(state_leaves(tables)))


def state_leaves(tables):
    return [leaf(struct.pack("<I", number) + digest) for number, digest in sorted(tables.items())]


def page(rows):
    data = b"".join(rows)
    return data + bytes(PAGE_BYTES - len(data))


def pages_of(rows, row_bytes):
    per_page = PAGE_BYTES // row_bytes
    return [rows[i:i + per_page] for i in range(0, len(rows), per_page)]


def row(number, size):
    return bytes((number * 31 + i * 7) % 256 for i in range(size))


BALANCE_ROWS, BALANCE_BYTES, BALANCES = 67, 128, 10  # three pages, the last one with three rows
EDGE_ROWS, EDGE_BYTES, EDGES = 300, 16, 6            # two pages, hashed whole
PROVED_ROW = 40


def main():
    first = result(sha(b"first"), 7, 2, [4, 9], [1])
    second = result(sha(b"second"), 8, 0, [], [2**40, 3])
    show("results.none", results_root([]))
    show("results.two", results_root([first, second]))

    paid = settlement(5, 17, 1, 10**27, 10**20, 10**25, 10**27 - 10**25 - 3, 3, 12)
    back = settlement(6, 18, 0, 2**100, 0, 0, 2**100 + 2, -2, 2**33)
    show("settlements.none", settlement_root([]))
    show("settlements.two", settlement_root([paid, back]))

    edges = [page(rows) for rows in pages_of([row(i, EDGE_BYTES) for i in range(EDGE_ROWS)],
                                             EDGE_BYTES)]
    edge_leaves = [leaf(data) for data in edges]
    show("edges.page_leaf", edge_leaves[1])
    show("edges.tree", root(edge_leaves))
    edge_root = table_root(EDGES, 0, EDGE_BYTES, EDGE_ROWS, root(edge_leaves))
    show("edges.table_root", edge_root)

    balances = [row(i, BALANCE_BYTES) for i in range(BALANCE_ROWS)]
    row_leaves = [[leaf(data) for data in rows] for rows in pages_of(balances, BALANCE_BYTES)]
    balance_leaves = [root(leaves) for leaves in row_leaves]
    show("balances.page_leaf", balance_leaves[2])
    show("balances.tree", root(balance_leaves))
    balance_root = table_root(BALANCES, 1, BALANCE_BYTES, BALANCE_ROWS, root(balance_leaves))
    show("balances.table_root", balance_root)

    tables = {table_number(EDGES, 0): edge_root, table_number(BALANCES, 1): balance_root,
              table_number(17, 0): sha(b"some table root")}
    show("state.root", state_root(tables))

    per_page = PAGE_BYTES // BALANCE_BYTES
    number, at = divmod(PROVED_ROW, per_page)
    position = sorted(tables).index(table_number(BALANCES, 1))
    show("proof.row", balances[PROVED_ROW])
    show("proof.page_path", b"".join(path(at, row_leaves[number])))
    show("proof.table_path", b"".join(path(number, balance_leaves)))
    show("proof.state_path", b"".join(path(position, state_leaves(tables))))

    # Section 3: the checkpoint of a log, a C2SP signed note.
    origin = b"tributary/" + CHAIN
    key = b"\x01" + public_key(SPONSOR_SEED)
    key_id = sha(origin + b"\n" + key)[:4]
    text = origin + b"\n1234567\n" + base64.b64encode(sha(b"log")) + b"\n"
    line = base64.b64encode(key_id + sign(SPONSOR_SEED, text))
    show("checkpoint.text", text)
    show("checkpoint.note", text + b"\n" + "— ".encode() + origin + b" " + line + b"\n")
    show("checkpoint.verifier_key",
         origin + b"+" + key_id.hex().encode() + b"+" + base64.b64encode(key))


if __name__ == "__main__":
    main()
