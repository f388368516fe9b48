#!/usr/bin/env bash
# Runs a benchmark with the arguments given, in-new-directory standing for one that is not there
# yet. It must end well and print at least one row.
set -euo pipefail

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"${@/in-new-directory/$scratch/new}" | tee "$scratch/rows"
grep -q '^{' "$scratch/rows"
