#!/usr/bin/env python3
"""save_log.py ADDRESS SIZE: writes the first SIZE entries, as the bundles of entries of a tlog-tiles log, one after the other."""
import sys
import urllib.request

WIDTH = 256


def get(address, path):
    with urllib.request.urlopen(f"http://{address}/{path}", timeout=20) as answer:
        return answer.read()


def number_path(number):
    parts = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        parts.append(f"x{number % 1000:03}")
    return "/".join(reversed(parts))


def main():
    address, size = sys.argv[1], int(sys.argv[2])
    for first in range(0, size, WIDTH):
        partial = "" if size - first >= WIDTH else f".p/{size - first}"
        path = f"tile/entries/{number_path(first // WIDTH)}{partial}"
        sys.stdout.buffer.write(get(address, path))


main()
