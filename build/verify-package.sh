#!/usr/bin/env bash
# Packs the library and the tool, restores the library from the packed folder into a fresh project outside the repository, runs the README's
# example against it, and installs and runs the tool.
set -euo pipefail
cd "$(dirname "$0")/.."
packages="$PWD/artifacts/packages"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
rm -rf "$packages"

dotnet pack LayerPeeled.Solver.sln -c Release -o "$packages"

# The version that was just packed must come from the folder, not from a cache of an earlier run.
export NUGET_PACKAGES="$work/cache"

mkdir "$work/example"
cat > "$work/example/example.csproj" <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <InvariantGlobalization>true</InvariantGlobalization>
  </PropertyGroup>
</Project>
PROJECT
# The first C# block of the README is the program.
awk '/^```csharp$/ { inside = 1; next } /^```$/ { if (inside) exit } inside' README.md > "$work/example/Program.cs"
grep -q LayerPeeledSolver "$work/example/Program.cs"
version="$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)"
(
    cd "$work/example"
    # The folder in addition to the sources the machine has anyway.
    cat > nuget.config <<CONFIG
<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <packageSources>
    <add key="packed" value="$packages" />
  </packageSources>
</configuration>
CONFIG
    dotnet add package LayerPeeled.Solver --version "$version" >/dev/null
    dotnet run -c Release | tee output.txt
    grep -q Optimal output.txt
    dotnet tool install LayerPeeled.Tool --version "$version" --tool-path "$work/tool" >/dev/null
    "$work/tool/layerpeeled" solve --classes 5x1000,5x10 --ew 1 --eh 5 >/dev/null
)
echo "The packages restore and run."
