#!/usr/bin/env bash
# Writes the packages to artifacts/packages: the two libraries with their symbols, and the tool, natively compiled for Linux x64 (which needs clang or
# gcc, and zlib's headers) and for the run-time anywhere else.
set -euo pipefail
cd "$(dirname "$0")/.."
# Paths of this machine stay out of the packages.
export ContinuousIntegrationBuild=true
packages=artifacts/packages
rm -rf "$packages"
dotnet pack src/LayerPeeled.Solver -c Release -o "$packages"
dotnet pack src/LayerPeeled.Data -c Release -o "$packages"
# The package that is installed names one for each platform.
dotnet pack src/LayerPeeled.Cli -c Release -o "$packages"
for platform in linux-x64 any; do
    dotnet pack src/LayerPeeled.Cli -c Release -r "$platform" -o "$packages"
done
