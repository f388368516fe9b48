#!/usr/bin/env python3
"""Reads a whole log over HTTP as C2SP tlog-tiles and C2SP signed notes say, with nothing of ours.

tiles.py ADDRESS VERIFIER_KEY: fetches the checkpoint, checks its signature, then every tile of
every level and every bundle of entries, and that all of them are the one tree that was signed.
"""
import base64
import hashlib
import sys
import urllib.error
import urllib.request

import nacl.exceptions
import nacl.signing

WIDTH = 256


def get(address, path):
    with urllib.request.urlopen(f"http://{address}/{path}", timeout=20) as answer:
        return answer.read(), answer.headers


def refuse(what):
    raise SystemExit(f"tiles: {what}")


def sha256(data):
    return hashlib.sha256(data).digest()


def verify_note(note, verifier_key):
    """The text of a note that this key has signed."""
    name, key_id, encoded = verifier_key.split("+", 2)
    kind_and_key = base64.b64decode(encoded, validate=True)
    if kind_and_key[0] != 1 or sha256(name.encode() + b"\n" + kind_and_key)[:4].hex() != key_id:
        refuse("the verifier key does not agree with itself")
    text, signatures = note[:note.rindex(b"\n\n") + 1], note[note.rindex(b"\n\n") + 2:]
    for line in signatures.decode().splitlines():
        dash, who, encoded = line.split(" ")
        signature = base64.b64decode(encoded, validate=True)
        if dash != "\u2014" or who != name or signature[:4].hex() != key_id:
            continue
        try:
            nacl.signing.VerifyKey(kind_and_key[1:]).verify(text, signature[4:])
            return text.decode()
        except nacl.exceptions.BadSignatureError:
            refuse("the checkpoint's signature is wrong")
    refuse("the checkpoint is not signed by this key")


def number_path(number):
    parts = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        parts.append(f"x{number % 1000:03}")
    return "/".join(reversed(parts))


def pages(address, kind, count):
    """The pages of so many items: full ones, then a partial one."""
    for number in range((count + WIDTH - 1) // WIDTH):
        width = min(WIDTH, count - number * WIDTH)
        path = f"tile/{kind}/{number_path(number)}" + (f".p/{width}" if width < WIDTH else "")
        body, headers = get(address, path)
        if headers["Content-Type"] != "application/octet-stream":
            refuse(f"{path} is {headers['Content-Type']}")
        yield path, width, body


def entries_of(path, width, body):
    at, entries = 0, []
    while at < len(body):
        size = int.from_bytes(body[at:at + 2], "big")
        entries.append(body[at + 2:at + 2 + size])
        at += 2 + size
    if at != len(body) or len(entries) != width:
        refuse(f"{path} does not hold {width} whole entries")
    return entries


def tree_hash(hashes):
    """RFC 6962 section 2.1, of leaf hashes or of the hashes of full subtrees."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return sha256(b"\x01" + tree_hash(hashes[:split]) + tree_hash(hashes[split:]))


def main():
    address, verifier_key = sys.argv[1:]
    note, headers = get(address, "checkpoint")
    if headers["Content-Type"] != "text/plain; charset=utf-8":
        refuse(f"the checkpoint is {headers['Content-Type']}")
    origin, size, root = verify_note(note, verifier_key).splitlines()[:3]
    if origin != verifier_key.split("+", 1)[0]:
        refuse("the checkpoint is of another log")
    size, root = int(size), base64.b64decode(root, validate=True)
    leaves = [sha256(b"\x00" + entry)
              for page in pages(address, "entries", size) for entry in entries_of(*page)]
    if tree_hash(leaves) != root:
        refuse("the entries do not lead to the root that was signed")
    level, hashes, tiles = 0, leaves, 0
    while hashes:
        stored = []
        for path, width, body in pages(address, level, len(hashes)):
            if len(body) != width * 32:
                refuse(f"{path} does not hold {width} hashes")
            stored += [body[at:at + 32] for at in range(0, len(body), 32)]
            tiles += 1
        if stored != hashes:
            refuse(f"the tiles of level {level} are not those of the entries")
        hashes = [tree_hash(hashes[at:at + WIDTH])
                  for at in range(0, len(hashes) - WIDTH + 1, WIDTH)]
        level += 1
    try:
        get(address, f"tile/0/{number_path(size // WIDTH + 1)}")
        refuse("there is a tile beyond the log")
    except urllib.error.HTTPError as error:
        if error.code != 404:
            refuse(f"a tile that is not there answers {error.code}")
    print(f"tiles: {size} entries and {tiles} tiles of {level} levels are the tree that was signed")


if __name__ == "__main__":
    main()
