#!/usr/bin/env bash
# Line and branch coverage of the two libraries by their tests and those of the tool, for each room; .ci/run measures the same. Needs a Release build.
#
#   dotnet build LayerPeeled.Solver.sln -c Release
#   bash build/coverage.sh [FILTER]    FILTER: as of dotnet test
set -euo pipefail
cd "$(dirname "$0")/.."
rm -rf artifacts/coverage
for project in Solver Data Cli; do
    dotnet test "tests/LayerPeeled.$project.Tests" -c Release --no-build --settings build/coverage.runsettings --collect "XPlat Code Coverage" \
        --results-directory artifacts/coverage ${1:+--filter "$1"}
done
python3 build/coverage.py artifacts/coverage
