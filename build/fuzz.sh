#!/usr/bin/env bash
# More than a million files, changed under the guidance of coverage, through every reader of files: each is read or refused in one line, within bounds of memory and time.
#   bash build/fuzz.sh [seed]
# Files that a reader takes otherwise stay in artifacts/fuzz, with what happened beside them; the exit code is then 1.
# To replace the corpus in the repository by what this run finds: FUZZ_GROW=tests/LayerPeeled.Fuzz/Corpus bash build/fuzz.sh
set -euo pipefail
cd "$(dirname "$0")/.."
seed=${1:-1}

dotnet build tests/LayerPeeled.Fuzz -c Release -v quiet
failed=0
# Slow readers get fewer.
for run in counts:80000 npy:250000 npz:20000 solution-json:150000 solution-npz:20000 targets:150000 names:150000 permutations:150000 words:150000 shards:100000; do
    dotnet tests/LayerPeeled.Fuzz/bin/Release/net10.0/LayerPeeled.Fuzz.dll "${run%:*}" --inputs "${run#*:}" --seed "$seed" ${FUZZ_GROW:+--grow "$FUZZ_GROW"} || failed=1
done
exit $failed
