#!/usr/bin/env python3
"""Writes codec_vectors.txt: ids, signed messages and headers, made with nothing but the standard
library, so that the vectors do not come from the code that they test.

    python3 tests/golden/make_codec_vectors.py > tests/golden/codec_vectors.txt

A line is `name hex`. The byte forms are those of docs/formats.md.
"""
import hashlib
import struct

# Ed25519 as in RFC 8032, section 6: slow and plain.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    k = (a[1] - a[0]) * (b[1] - b[0]) % P
    m = (a[1] + a[0]) * (b[1] + b[0]) % P
    t = 2 * a[3] * b[3] * D % P
    z = 2 * a[2] * b[2] % P
    e, f, g, h = m - k, z - t, z + t, m + k
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(s, point):
    out = (0, 1, 1, 0)
    while s:
        if s & 1:
            out = add(out, point)
        point = add(point, point)
        s >>= 1
    return out


def base_point():
    y = 4 * pow(5, P - 2, P) % P
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x & 1:
        x = P - x
    return x, y, 1, x * y % P


BASE = base_point()


def compress(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def expand(seed):
    h = hashlib.sha512(seed).digest()
    a = int.from_bytes(h[:32], "little") & ((1 << 254) - 8) | 1 << 254
    return a, h[32:]


def public_key(seed):
    return compress(times(expand(seed)[0], BASE))


def sign(seed, message):
    a, prefix = expand(seed)
    key = public_key(seed)
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % L
    big_r = compress(times(r, BASE))
    h = int.from_bytes(hashlib.sha512(big_r + key + message).digest(), "little") % L
    return big_r + ((r + h * a) % L).to_bytes(32, "little")


# The protobuf wire format, written by hand.
def varint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def num(field, n):
    return varint(field << 3) + varint(n) if n else b""


def blob(field, b):
    return varint(field << 3 | 2) + varint(len(b)) + b if b else b""


def sha(b):
    return hashlib.sha256(b).digest()


def tagged(tag, *parts):
    return b"tributary/v1/" + tag + b"\0" + b"".join(parts)


def show(name, b):
    print(name, b.hex())


CHAIN = b"golden-1"
SPONSOR_SEED, AUTHOR_SEED = b"\x01" * 32, b"\x02" * 32

sponsor = blob(1, b"acme") + blob(3, public_key(SPONSOR_SEED))
sponsor_id = sha(tagged(b"account", sponsor))
author = blob(1, b"ann.b") + blob(2, sponsor_id) + blob(3, public_key(AUTHOR_SEED)) + blob(4, b"salt")
author_id = sha(tagged(b"account", author))
possession_message = tagged(b"possession", CHAIN, b"\0", author_id, public_key(AUTHOR_SEED))
possession = sign(AUTHOR_SEED, possession_message)

content = sha(b"the content")
parent_id = sha(tagged(b"record", b"a parent"))
record = (
    num(1, 13)
    + blob(2, blob(1, author_id) + num(2, 600_000_000))
    + blob(2, blob(1, sponsor_id) + num(2, 400_000_000))
    + blob(3, content)
    + num(4, 11)
    + blob(5, b"hf:Acme/Model")
    + blob(6, b"application/x-safetensors")
    + blob(7, b"Apache-2.0")
    + blob(8, "Modèle".encode())
    + blob(9, b"https://example.org/m")
    + num(10, 1_700_000_000_000)
    + blob(11, blob(1, parent_id) + num(2, 2) + num(3, 3)
           + blob(4, blob(1, b"trak") + num(2, 2 * 1_500_000_000 - 1) + blob(3, sha(b"report"))))
    + num(12, 250_000_000)
    + blob(13, num(1, 100_000_000) + num(2, 5_000_000) + num(3, 1))
    + blob(16, b"\x07" * 32)
)
record_id = sha(tagged(b"record", record))
reserve = sha(tagged(b"reserve", author_id, b"\x07" * 32, content))

claim = (blob(1, record_id) + blob(2, sponsor_id) + blob(3, b"inv-1") + blob(4, author_id)
         + blob(5, b"trak") + num(7, 50_000_000) + blob(8, blob(1, parent_id) + num(2, 9)))
attribution_message = tagged(b"attribution", CHAIN, b"\0", claim)
attribution = sign(AUTHOR_SEED, attribution_message)

operations = [
    blob(1, blob(1, author) + blob(2, possession)),
    blob(19, blob(1, reserve)),
    blob(5, blob(1, record) + num(2, 1)),
    blob(6, blob(1, record_id) + blob(2, b"EUR") + num(3, 2**63 - 1) + num(4, 1_700_000_000_001)
         + blob(5, b"inv-1") + blob(6, blob(1, claim) + blob(2, attribution))),
    varint(27 << 3 | 2) + varint(0),  # withdraw_claim of case 0: empty, and yet there
]
body = (blob(1, CHAIN) + blob(2, sponsor_id) + num(3, 1_700_000_100_000) + blob(4, bytes(range(16)))
        + b"".join(blob(5, operation) for operation in operations))
transaction_message = tagged(b"transaction", body)
transaction = (blob(1, body)
               + blob(2, blob(1, sponsor_id) + blob(2, sign(SPONSOR_SEED, transaction_message)))
               + blob(2, blob(1, author_id) + blob(2, sign(AUTHOR_SEED, transaction_message))))

parameters = (num(1, 60_000) + num(2, 2) + num(3, 10_000_000) + num(4, 20_000_000)
              + num(5, 100_000_000) + num(6, 600_000) + num(9, 30) + num(18, 1))
genesis = (blob(1, CHAIN) + num(2, 1_700_000_000_000) + num(3, 1) + blob(4, parameters)
           + blob(5, blob(1, b"EUR") + num(2, 6) + num(3, 10_000))
           + blob(6, blob(1, sponsor) + blob(2, num(1, 1)) + blob(2, num(1, 3))
                  + blob(3, blob(1, b"EUR") + num(2, 2**64 - 1)))
           + blob(7, num(1, 1)))
genesis_entry = b"\x01" + genesis
chain_hash = sha(genesis_entry)
header = (b"\x02\x01" + struct.pack("<Q", 1) + chain_hash + struct.pack("<QQ", 1, 1_700_000_000_500)
          + chain_hash + struct.pack("<Q", 2) + sha(b"log") + sha(b"results") + sha(b"state")
          + sha(b"settlement") + struct.pack("<Q", 0))


def main():
    show("sponsor.public_key", public_key(SPONSOR_SEED))
    show("sponsor.registration", sponsor)
    show("sponsor.account_id", sponsor_id)
    show("author.public_key", public_key(AUTHOR_SEED))
    show("author.registration", author)
    show("author.account_id", author_id)
    show("author.possession_message", possession_message)
    show("author.possession", possession)
    show("record.bytes", record)
    show("record.id", record_id)
    show("record.content_sha256", content)
    show("record.reserve_commitment", reserve)
    show("claim.bytes", claim)
    show("claim.message", attribution_message)
    show("claim.signature", attribution)
    show("transaction.body", body)
    show("transaction.id", sha(tagged(b"transaction-id", body)))
    show("transaction.message", transaction_message)
    show("transaction.bytes", transaction)
    show("genesis.entry", genesis_entry)
    show("genesis.chain_hash", chain_hash)
    show("header.bytes", header)
    show("header.hash", sha(tagged(b"header", header)))


if __name__ == "__main__":
    main()
