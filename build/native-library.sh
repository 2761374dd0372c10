#!/usr/bin/env bash
# Compiles the shared library for this machine's Linux to artifacts/native: lib and include, as a C compiler wants them. Needs clang (or gcc) and zlib's headers.
#
#   bash build/native-library.sh             for x86-64 processors with AVX2
#   bash build/native-library.sh portable    for every x86-64 processor; that for those with AVX2 lies in glibc-hwcaps, where the dynamic linker finds it
set -euo pipefail
cd "$(dirname "$0")/.."
case "$(uname -m)" in
    x86_64) runtime=linux-x64 ;;
    aarch64) runtime=linux-arm64 ;;
    *) echo "There is no native compiler for $(uname -m)." >&2; exit 1 ;;
esac
command -v clang >/dev/null || command -v gcc >/dev/null || { echo "Neither clang nor gcc is installed; the native compiler links with one of them." >&2; exit 1; }
library=artifacts/native/lib
# publish FOLDER [OPTION …]
publish() { dotnet publish src/LayerPeeled.Native -c Release -r "$runtime" -o "$@"; }
rm -rf "$library/glibc-hwcaps"
if [ "${1:-}" = portable ] && [ "$runtime" = linux-x64 ]; then
    publish "$library/glibc-hwcaps/x86-64-v3"
    publish "$library" -p:NativeProcessor=x86-64-v2 -p:NativeOutputPath=bin/portable/ -p:NativeIntermediateOutputPath=obj/portable/
else
    publish "$library"
fi
mkdir -p artifacts/native/include
cp src/LayerPeeled.Native/include/layerpeeled.h artifacts/native/include/
