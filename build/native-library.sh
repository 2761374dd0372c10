#!/usr/bin/env bash
# Compiles the shared library for this machine's Linux to artifacts/native: lib and include, as a C compiler wants them. Needs clang (or gcc) and zlib's headers.
#
#   bash build/native-library.sh
set -euo pipefail
cd "$(dirname "$0")/.."
case "$(uname -m)" in
    x86_64) runtime=linux-x64 ;;
    aarch64) runtime=linux-arm64 ;;
    *) echo "There is no native compiler for $(uname -m)." >&2; exit 1 ;;
esac
command -v clang >/dev/null || command -v gcc >/dev/null || { echo "Neither clang nor gcc is installed; the native compiler links with one of them." >&2; exit 1; }
dotnet publish src/LayerPeeled.Native -c Release -r "$runtime" -o artifacts/native/lib
mkdir -p artifacts/native/include
cp src/LayerPeeled.Native/include/layerpeeled.h artifacts/native/include/
