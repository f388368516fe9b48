#!/usr/bin/env python3
"""Submits a record, reports revenue, and checks that both stand in the log.

It uses nothing of Tributary but the generated messages: PyNaCl signs, hashlib hashes, grpcio talks.
Everything that the node says about its log is checked by a few lines of RFC 9162 below.

Usage: example.py --node 127.0.0.1:7400 --author-key ada.key --reporter-key shop.key
"""
import argparse
import hashlib
import os
import sys
import time

import grpc
from google.rpc import error_details_pb2, status_pb2
from nacl.signing import SigningKey

from tributary.v1 import api_pb2, api_pb2_grpc, ledger_pb2

ONE = 1_000_000_000  # parts per billion


# ---- Hashes and signatures, as docs/formats.md states them


def tagged(tag: str, *parts: bytes) -> bytes:
    """The domain tag, a zero byte, and the parts."""
    return tag.encode() + b"\0" + b"".join(parts)


def record_id(record: bytes) -> bytes:
    return hashlib.sha256(tagged("tributary/v1/record", record)).digest()


def transaction_id(body: bytes) -> bytes:
    return hashlib.sha256(tagged("tributary/v1/transaction-id", body)).digest()


class Account:
    """A key file and the account that it signs for."""

    def __init__(self, path: str, ledger):
        with open(path, encoding="ascii") as file:
            word, self.handle, seed = file.read().split()
        if word != "tributary-key-v1":
            raise SystemExit(f"{path} is not a key file")
        self.key = SigningKey(bytes.fromhex(seed))
        ref = api_pb2.AccountRef(handle=self.handle)
        self.id = ledger.GetAccount(api_pb2.GetAccountRequest(account=ref)).id

    def sign(self, body: bytes) -> ledger_pb2.Signature:
        message = tagged("tributary/v1/transaction", body)
        return ledger_pb2.Signature(account=self.id, signature=self.key.sign(message).signature)


# ---- Transactions


def send(ledger, account: Account, *operations: ledger_pb2.Operation):
    """Signs the operations, sends them, waits until they are committed."""
    status = ledger.GetStatus(api_pb2.GetStatusRequest())
    window = status.parameters.validity_window_ms
    body = ledger_pb2.TransactionBody(
        chain_id=status.chain_id,
        sender=account.id,
        valid_until_ms=max(status.time_ms, status.node_time_ms) + window // 2,
        nonce=os.urandom(16),
        operations=operations,
    ).SerializeToString()
    signed = ledger_pb2.SignedTransaction(body=body, signatures=[account.sign(body)])
    request = api_pb2.SubmitRequest(
        signed_transaction=signed.SerializeToString(), wait=api_pb2.WAIT_FOR_COMMITTED
    )
    response = ledger.Submit(request, timeout=30)
    if response.transaction_id != transaction_id(body):
        raise SystemExit("the node names another transaction than the one that was sent")
    return response.status.committed, signed.SerializeToString()


def submit_record(ledger, author: Account, text: bytes):
    record = ledger_pb2.Record(
        kind=ledger_pb2.RECORD_KIND_CORRECTION,
        authors=[ledger_pb2.Author(account=author.id, share_ppb=ONE)],
        content_sha256=hashlib.sha256(text).digest(),
        content_bytes=len(text),
        media_type="text/plain",
        title="A correction from Python",
    ).SerializeToString()
    operation = ledger_pb2.Operation(submit_record=ledger_pb2.SubmitRecord(record=record))
    committed, entry = send(ledger, author, operation)
    assert list(committed.records) == [record_id(record)], "the id is known before it is sent"
    return record_id(record), committed.position, entry


def report_revenue(ledger, reporter: Account, asset: bytes, currency: str, minor: int, when: int):
    reference = f"python-{os.urandom(6).hex()}"
    report = ledger_pb2.ReportRevenue(
        asset=asset, currency=currency, amount_minor=minor, occurred_at_ms=when,
        reference=reference,
    )
    committed, entry = send(ledger, reporter, ledger_pb2.Operation(report_revenue=report))
    return reference, committed.position, entry


# ---- RFC 9162, section 2.1.3.2


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def root_from(index: int, size: int, leaf: bytes, proof) -> bytes:
    if index >= size:
        raise ValueError("the index is beyond the tree")
    fn, sn, node = index, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            raise ValueError("the proof is too long")
        if fn & 1 or fn == sn:
            node = node_hash(sibling, node)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = node_hash(node, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise ValueError("the proof is too short")
    return node


def check_inclusion(ledger, what: str, entry: bytes, position) -> None:
    """The exact bytes that were sent stand in the log which the node has committed itself to."""
    checkpoint = ledger.GetCheckpoint(api_pb2.GetCheckpointRequest())
    proof = ledger.GetInclusionProof(
        api_pb2.GetInclusionProofRequest(index=position.entry, tree_size=checkpoint.size)
    )
    root = root_from(position.entry, checkpoint.size, leaf_hash(entry), proof.hashes)
    if root != checkpoint.root:
        raise SystemExit(f"{what}: the proof does not lead to the root of the checkpoint")
    changed = leaf_hash(entry + b"x")
    if root_from(position.entry, checkpoint.size, changed, proof.hashes) == checkpoint.root:
        raise SystemExit(f"{what}: the check would accept other bytes too")
    print(f"{what}: entry {position.entry} of {checkpoint.size}, proved by {len(proof.hashes)} hashes")


# ---- Errors


def refusal(error: grpc.RpcError) -> str:
    """The rule that was broken, from the google.rpc.Status that comes with the error."""
    for key, value in error.trailing_metadata() or ():
        if key != "grpc-status-details-bin":
            continue
        for detail in status_pb2.Status.FromString(value).details:
            info = error_details_pb2.ErrorInfo()
            if detail.Unpack(info):
                return f"{info.metadata['number']} {info.reason}"
    return f"{error.code().name}: {error.details()}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--node", default="127.0.0.1:7400")
    parser.add_argument("--author-key", required=True)
    parser.add_argument("--reporter-key", required=True)
    parser.add_argument("--currency", default="EUR")
    options = parser.parse_args()

    with grpc.insecure_channel(options.node) as channel:
        ledger = api_pb2_grpc.LedgerServiceStub(channel)
        author = Account(options.author_key, ledger)
        reporter = Account(options.reporter_key, ledger)

        text = f"It is 'whom', not 'who'. ({time.time_ns()})".encode()
        record, position, entry = submit_record(ledger, author, text)
        print(f"record {record.hex()} in block {position.height}")
        check_inclusion(ledger, "record", entry, position)

        reference, position, entry = report_revenue(
            ledger, reporter, record, options.currency, 1_250_000, position.time_ms
        )
        print(f"revenue {reference} in block {position.height}")
        check_inclusion(ledger, "revenue", entry, position)

        split = ledger.ExplainRevenue(
            api_pb2.ExplainRevenueRequest(
                reporter=api_pb2.AccountRef(id=reporter.id), reference=reference
            )
        ).split
        for recipient in split.recipients:
            print(f"  {recipient.handle} gets {recipient.amount.major} {recipient.amount.currency}")
        total = int(split.fee.atoms) + int(split.dust.atoms or 0)
        total += sum(int(recipient.amount.atoms) for recipient in split.recipients)
        total += int(split.folded_recipients.atoms or 0)
        assert total == int(split.gross.atoms), "fee, recipients and dust are the gross, to the atom"

        try:
            report_revenue(ledger, reporter, os.urandom(32), options.currency, 1, position.time_ms)
        except grpc.RpcError as error:
            print(f"revenue on a record that does not exist is refused: {refusal(error)}")
            assert refusal(error) == "500 AssetUnknown"
        else:
            raise SystemExit("revenue on a record that does not exist was accepted")
    return 0


if __name__ == "__main__":
    sys.exit(main())
