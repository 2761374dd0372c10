#!/usr/bin/env bash
# Mutation testing of one room with Stryker: each mutant is run against the tests that reach it. The rest of the library is left out of the instrumentation, or else its inner loops
# would check for mutants. Takes from minutes to an hour a room. Prints the score; the report lists each mutant that survived.
#
#   bash build/mutation.sh ROOM [FILTER [PROJECT]]     for instance Losses, Certificates, Programs, Geometry, Analysis; FILTER: which tests, as of dotnet test
#   bash build/mutation.sh Numpy FullyQualifiedName~Numpy Data
#   MUTATION_SAMPLE=4 bash build/mutation.sh Losses    one member of the room in four, always the same ones
set -euo pipefail
cd "$(dirname "$0")/.."
room="$1"
project="${3:-Solver}"
filter="${2:-FullyQualifiedName~Tests.$room}"
report="$PWD/artifacts/mutation/$room"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
git ls-files -z -co --exclude-standard | xargs -0 cp --parents -t "$work"
cd "$work"
find "src/LayerPeeled.$project" -name '*.cs' ! -path "*/$room/*" -exec sed -i '1s/^\xEF\xBB\xBF//; 1i // Stryker disable all' {} +
dotnet tool restore
# Read by MSBuild: what is mutated need not be in good style, too.
export RunAnalyzers=false EnforceCodeStyleInBuild=false
# The members of the room's files that are drawn, by a checksum of their text; members stand between empty lines.
mutate="$(python3 - "src/LayerPeeled.$project" "$room" "${MUTATION_SAMPLE:-1}" <<'END'
import glob, json, re, sys, zlib
project, room, sample = sys.argv[1], sys.argv[2], int(sys.argv[3])
patterns = []
for path in sorted(glob.glob(f"{project}/**/{room}/**/*.cs", recursive=True)):
    text = open(path, encoding="utf-8-sig", newline="").read()
    ends = [0, *(end.start() for end in re.finditer(r"\n\n(?=    \S)", text)), len(text)]
    drawn = [f"{{{a}..{b}}}" for a, b in zip(ends, ends[1:]) if zlib.crc32(text[a:b].encode()) % sample == 0]
    if drawn:
        patterns.append("**/" + path.removeprefix(project + "/") + ("" if sample == 1 else "".join(drawn)))
print(json.dumps(patterns))
END
)"
cat > stryker.json <<END
{
  "stryker-config": {
    "project": "LayerPeeled.$project.csproj",
    "configuration": "Release",
    "mutate": $mutate,
    "test-case-filter": "$filter",
    "coverage-analysis": "perTest",
    "concurrency": ${MUTATION_CONCURRENCY:-2},
    "additional-timeout": 20000,
    "reporters": ["json", "markdown", "dots"]
  }
}
END
cd "tests/LayerPeeled.$project.Tests"
dotnet stryker -f ../../stryker.json -O "$report"
