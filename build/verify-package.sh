#!/usr/bin/env bash
# Packs everything, and uses the packages as their users do, from a folder and outside the repository: a C#, an F# and a natively compiled program with the
# libraries, and the tool, native and under the run-time.
set -euo pipefail
cd "$(dirname "$0")/.."
bash build/pack.sh
packages="$PWD/artifacts/packages"
version="$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# The version that was just packed must come from the folder, not from a cache of an earlier run.
export NUGET_PACKAGES="$work/cache"
# The folder in addition to the sources the machine has anyway.
cat > "$work/nuget.config" <<CONFIG
<configuration>
  <packageSources>
    <add key="packed" value="$packages" />
  </packageSources>
</configuration>
CONFIG

# project FOLDER EXTENSION PROGRAM [PROPERTIES]: a project that uses both packages.
project() {
    mkdir "$work/$1"
    cat > "$work/$1/$1.$2" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <InvariantGlobalization>true</InvariantGlobalization>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    ${4:-}
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="LayerPeeled.Solver" Version="$version" />
    <PackageReference Include="LayerPeeled.Data" Version="$version" />
    <Compile Include="$3" Condition="'\$(MSBuildProjectExtension)' == '.fsproj'" />
  </ItemGroup>
</Project>
PROJECT
    cat > "$work/$1/$3"
}

# The first C# block of the README is the first program, with files it is the second.
awk '/^```csharp$/ { inside = 1; next } /^```$/ { if (inside) exit } inside' README.md | project csharp csproj Program.cs
(cd "$work/csharp" && dotnet run -c Release) | tee "$work/csharp.txt"
grep -q Optimal "$work/csharp.txt"

project fsharp fsproj Program.fs <<'PROGRAM'
open LayerPeeled.Data
open LayerPeeled.Solver.Model
open LayerPeeled.Solver.Solvers

let classes = ClassCountReader.Parse "class,count\ncat,5000\ndog,500\naxolotl,5\n"
let model = LayerPeeledModel.FromClassCounts(classes, classifierBudget = 1.0, featureBudget = 5.0)
let solution = LayerPeeledSolver.Solve model
printfn $"F#: {solution.Status}, {solution.Groups.Count} groups, classes below %.1f{solution.CriticalClassSize} examples collapse"
PROGRAM
(cd "$work/fsharp" && dotnet run -c Release) | tee "$work/fsharp.txt"
grep -q 'F#: Optimal, 3 groups' "$work/fsharp.txt"

project native csproj Program.cs '<PublishAot>true</PublishAot>' <<'PROGRAM'
using System.Runtime.CompilerServices;
using LayerPeeled.Data;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;

var model = LayerPeeledModel.FromClassCounts([5000, 500, 5], classifierBudget: 1, featureBudget: 5);
LayerPeeledSolution solution = LayerPeeledSolver.Solve(model);
using var file = new MemoryStream();
SolutionJson.Write(file, solution, new SolutionJsonOptions { IncludeMatrices = true });
file.Position = 0;
SolutionVerification again = SolutionVerifier.Verify(SolutionJson.Read(file));
Console.WriteLine($"native: {solution.Status}, proven again from its file: {again.Certified}, compiled at run time: {RuntimeFeature.IsDynamicCodeCompiled}");
PROGRAM
(cd "$work/native" && dotnet publish -c Release -o out)
DOTNET_ROOT=/none "$work/native/out/native" | tee "$work/native.txt"
grep -q 'native: Optimal, proven again from its file: True, compiled at run time: False' "$work/native.txt"

# Here the package for Linux x64 is taken, which must not need a run-time.
(cd "$work" && dotnet tool install LayerPeeled.Tool --version "$version" --tool-path "$work/tool")
(cd "$work" && env -u DOTNET_ROOT PATH=/none DOTNET_ROOT=/none "$work/tool/layerpeeled" --version) | tee "$work/tool.txt"
[ "$(cat "$work/tool.txt")" = "$version" ]
"$work/tool/layerpeeled" solve --classes 5x1000,5x10 --ew 1 --eh 5 >/dev/null
for level in v2 v3; do
    [ -n "$(find "$work/tool" -name "layerpeeled-x86-64-$level" -type f)" ]
done

# Elsewhere the one for the run-time: its files, run here.
mkdir "$work/any"
(cd "$work/any" && python3 -m zipfile -e "$packages/LayerPeeled.Tool.any.$version.nupkg" .)
dotnet "$work/any/tools/net10.0/any/layerpeeled.dll" solve --classes 5x1000,5x10 --ew 1 --eh 5 >/dev/null
echo "The packages restore and run."
