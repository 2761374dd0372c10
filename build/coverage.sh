#!/usr/bin/env bash
# Line and branch coverage of the two libraries by their tests and those of the tool, for each room. Instrumented code is slower, so this is no part of .ci/run. Needs a Release build.
#
#   dotnet build LayerPeeled.Solver.sln -c Release
#   bash build/coverage.sh [FILTER]                    FILTER: as of dotnet test
#   COVERAGE_MINIMUM="90 80" bash build/coverage.sh    an error where a library has fewer per cent of its lines or branches
set -euo pipefail
cd "$(dirname "$0")/.."
rm -rf artifacts/coverage
for project in Solver Data Cli; do
    dotnet test "tests/LayerPeeled.$project.Tests" -c Release --no-build --settings build/coverage.runsettings --collect "XPlat Code Coverage" \
        --results-directory "artifacts/coverage/$project" ${1:+--filter "$1"}
done
read -ra minimum <<< "${COVERAGE_MINIMUM:-}"
python3 build/coverage.py artifacts/coverage "${minimum[@]}"
