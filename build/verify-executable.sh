#!/usr/bin/env bash
# The published executable (artifacts/tool) on processors that lack instructions, emulated by qemu-user: the launcher takes the program for the level that
# there is, that program needs no more than it, and one for a higher level says so. Skipped, visibly, where qemu is not installed and cannot be.
set -euo pipefail
cd "$(dirname "$0")/../artifacts/tool"
if ! command -v qemu-x86_64 >/dev/null && ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends qemu-user; } >/dev/null 2>&1; then
    echo "SKIPPED: other processors are not tried, for qemu-user is not installed and cannot be."
    exit 0
fi
solve="solve --classes 5x1000,5x10 --ew 1 --eh 5"
for machine in "Nehalem x86-64-v2" "Haswell x86-64-v3"; do
    read -r processor level <<< "$machine"
    # What the launcher starts is not emulated any more.
    qemu-x86_64 -cpu "$processor" -strace ./layerpeeled --version 2>&1 | grep execve | grep "layerpeeled-$level\"" > /dev/null || { echo "$processor: not $level" >&2; exit 1; }
    qemu-x86_64 -cpu "$processor" "./layerpeeled-$level" $solve 2>/dev/null | grep '^Optimal' > /dev/null || { echo "$level does not run on $processor" >&2; exit 1; }
    echo "$processor: $level"
done
if refusal="$(qemu-x86_64 -cpu Nehalem ./layerpeeled-x86-64-v3 --version 2>&1)"; then
    echo "x86-64-v3 does not refuse Nehalem" >&2
    exit 1
fi
grep 'not supported by the current CPU' <<< "$refusal"
