#!/usr/bin/env python3
"""Has CometBFT's light client verify the newest header, and compares its app hash with the ledger.

light_client.py COMETBFT HOME LISTEN PRIMARY WITNESS TRIBUTARY NODE

The application hash of a block stands in the header of the next one. It must be the hash of the last
ledger header, SHA-256("tributary/v1/header" || 0x00 || header), which anybody can compute from the log.
"""
import hashlib
import json
import subprocess
import sys
import time
import urllib.request


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)["result"]


def main():
    cometbft, home, listen, primary, witness, tributary, node = sys.argv[1:]
    def ledger():
        return json.loads(subprocess.run([tributary, "--quiet", "--json", "--node", node, "status"],
                                         check=True, capture_output=True, text=True).stdout)

    trusted = get(f"{primary}/commit?height=1")["signed_header"]["commit"]["block_id"]["hash"]
    light = subprocess.Popen([cometbft, "light", ledger()["chain_id"], "-p", primary, "-w", witness,
                              "--height", "1", "--hash", trusted, "--home-dir", home, "--laddr", listen],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        seen = "nothing"
        for _ in range(100):
            time.sleep(0.2)
            try:
                height = int(get(f"{primary}/status")["sync_info"]["latest_block_height"])
                verified = get(f"{listen.replace('tcp', 'http')}/commit?height={height}")
            except OSError:
                continue
            seen = verified["signed_header"]["header"]["app_hash"].lower()
            # The newest header speaks of the block before; the next one comes within a heartbeat.
            if seen == ledger()["header_hash"]:
                print(f"block {height}: {seen}")
                return
        sys.exit(f"the light client verified {seen}, the ledger has {ledger()['header_hash']}")
    finally:
        light.terminate()
        light.wait()


main()
