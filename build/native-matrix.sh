#!/usr/bin/env bash
# The tool and the back-end tests on every BLAS that Debian has, whole and broken. Each cell is a folder that comes before those of the system; nothing is
# installed. Packages that this machine cannot get make their cells skipped, visibly. Needs a Release build; prints one line a cell, with its seconds. Cells that end up with a
# library and a layer of another cell run no tests of their own: that they do is what they show.
#
#   bash build/native-matrix.sh [FOLDER]           downloads and unpacks to FOLDER, and keeps it; else to a temporary one
#   bash build/native-matrix.sh FOLDER download    that alone, which needs no build
#   NATIVE_MATRIX_TESTS=no                   info and one certified solve only
set -uo pipefail
cd "$(dirname "$0")/.."
tool="$PWD/src/LayerPeeled.Cli/bin/Release/net10.0/layerpeeled.dll"
suite="tests/LayerPeeled.Solver.Tests/bin/Release/net10.0/LayerPeeled.Solver.Tests.dll"
tests="FullyQualifiedName~NativeBackendTests|FullyQualifiedName~ProviderSwitchTests|FullyQualifiedName~ThreadCountTests|FullyQualifiedName~AnyNumberOfThreads"
if [ -n "${1:-}" ]; then
    mkdir -p "$1"
    work="$(realpath "$1")"
else
    work="$(mktemp -d)"
    trap 'rm -rf "$work"' EXIT
fi
chmod 755 "$work"
failures=0

# --- Packages, from an apt that knows of non-free and shares nothing with the system's.
apt="$work/apt"
mkdir -p "$apt"/{sources,lists/partial,archives/partial} "$work"/{packages,unpacked}
bash build/non-free-sources.sh "$apt/sources" main non-free || echo "no Debian sources here"
private=(-qq -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$apt/sources" -o "Dir::State::lists=$apt/lists"
    -o "Dir::Cache::archives=$apt/archives" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root)
# Unpacks a package; says so when the machine cannot get it.
unpack() {
    (cd "$work/packages" && apt-get "${private[@]}" download "$1" >/dev/null 2>&1) || { echo "not available here: $1"; return; }
    dpkg -x "$work/packages/$1"_*.deb "$work/unpacked/$1"
}
mkl=(libmkl-rt libmkl-core libmkl-intel-lp64 libmkl-sequential libmkl-gnu-thread libmkl-intel-thread
    libmkl-avx2 libmkl-avx512 libmkl-def libmkl-vml-avx2 libmkl-vml-avx512 libmkl-vml-def)
missing=()
for package in "${mkl[@]}" libomp5-14 libgomp1 libgfortran5 libopenblas0-pthread libopenblas0-openmp libopenblas0-serial libopenblas64-0-pthread libblas3; do
    [ -d "$work/unpacked/$package" ] || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
    apt-get "${private[@]}" update >/dev/null 2>&1
    for package in "${missing[@]}"; do
        unpack "$package"
    done
fi
[ "${2:-}" != download ] || exit 0

# --- A folder with links to the libraries of some packages; those whose names match the second argument are text files, which hide those of the system too.
folder() {
    local target="$work/cells/$1" broken="$2" package file
    shift 2
    rm -rf "$target"
    mkdir -p "$target"
    for package in "$@"; do
        [ -d "$work/unpacked/$package" ] || return 1
        while read -r file; do
            if [[ -n "$broken" && "$file" == *$broken* ]]; then
                echo "This is no library." > "$target/${file##*/}"
            else
                cp -al "$file" "$target/"
            fi
        done < <(find "$work/unpacked/$package" -name '*.so*' ! -path '*/mkl/*' ! -name 'liblapack*' ! -name 'libblas*')
    done
}

# --- cell NAME FOLDER PROVIDER TEXT TESTS [VARIABLE=VALUE …]: info names the provider and says the text, a solve is certified, the tests pass.
cell() {
    local name="$1" libraries="$work/cells/$2/" provider="$3" text="$4" run="$5" info line count="" begun=$SECONDS
    shift 5
    # Threads that wait for each other without giving way take minutes where other programs run beside the tests.
    local -a set=(env "LD_LIBRARY_PATH=$libraries" OMP_WAIT_POLICY=passive "$@")
    if ! info="$("${set[@]}" dotnet "$tool" info --json 2>&1)"; then
        failed "$name" "info ended with an error: $(tail -n 1 <<< "$info")"
    elif ! grep -q "\"linearAlgebra\": \"$provider\"" <<< "$info"; then
        failed "$name" "$(grep '"linearAlgebra' <<< "$info" | tr -d '\n')"
    elif ! grep -qF "$text" <<< "$info"; then
        failed "$name" "info does not say '$text'"
    elif ! "${set[@]}" dotnet "$tool" solve --long-tail 100,500,100 --ew 1 --eh 5 >/dev/null 2>&1; then
        failed "$name" "the solve is not certified"
    elif [ "$run" = tests ] && [ "${NATIVE_MATRIX_TESTS:-yes}" = yes ] && ! count="$("${set[@]}" dotnet test "$suite" --filter "$tests" 2>&1)"; then
        failed "$name" "$count"
    else
        line="$(sed -n 's/.*"description": "\(.*\)".*/\1/p' <<< "$info" | grep -F -m 1 "$text" | sed "s:$libraries::g")"
        printf '%-46s %4s s  %-9s %s threads  %-11s %s\n' "$name" "$((SECONDS - begun))" "$provider" "$(sed -n 's/.*"threads": \([0-9]*\).*/\1/p' <<< "$info")" \
            "$(sed -n 's/.*Passed: *\([0-9]*\).*/\1 tests/p' <<< "$count")" "$line"
    fi
}

failed() {
    failures=$((failures + 1))
    printf '%-46s FAILED: %s\n' "$1" "$2"
}

skipped() { printf '%-46s skipped: %s\n' "$1" "$2"; }

# --- MKL.
if folder mkl "" "${mkl[@]}" libgomp1 && folder mkl-llvm "" "${mkl[@]}" libgomp1 libomp5-14; then
    use=LAYERPEELED_BLAS=mkl
    folder mkl-broken-layer "gnu_thread" "${mkl[@]}" libgomp1
    folder mkl-broken-kernels "mkl_[adv][vem]" "${mkl[@]}" libgomp1
    cp "$work/cells/mkl-llvm/libomp.so.5" "$work/cells/mkl-llvm/libiomp5.so"
    cell "MKL, GNU OpenMP" mkl mkl "GNU OpenMP layer (libgomp.so.1)" tests $use
    cell "MKL, Intel OpenMP" mkl-llvm mkl "Intel OpenMP layer (libiomp5.so)" tests $use
    rm "$work/cells/mkl-llvm/libiomp5.so"
    cell "MKL, LLVM OpenMP, MKL_THREADING_LAYER=INTEL" mkl-llvm mkl "LLVM OpenMP layer (libomp.so.5)" no $use MKL_THREADING_LAYER=INTEL
    cell "MKL, MKL_THREADING_LAYER=SEQUENTIAL" mkl mkl "sequential layer" tests $use MKL_THREADING_LAYER=SEQUENTIAL
    cell "MKL, MKL_THREADING_LAYER=GNU" mkl mkl "GNU OpenMP layer" no $use MKL_THREADING_LAYER=GNU
    cell "MKL, MKL_THREADING_LAYER=TBB, not installed" mkl mkl "TBB layer not used" no $use MKL_THREADING_LAYER=TBB
    cell "MKL, MKL_THREADING_LAYER=nonsense" mkl mkl "GNU OpenMP layer" no $use MKL_THREADING_LAYER=nonsense
    cell "MKL, MKL_INTERFACE_LAYER=ILP64" mkl mkl "GNU OpenMP layer" no $use MKL_INTERFACE_LAYER=ILP64
    cell "MKL, its GNU layer broken" mkl-broken-layer mkl "sequential layer; GNU OpenMP layer (libgomp.so.1) not used" no $use
    cell "MKL, its kernels broken" mkl-broken-kernels managed "libmkl_rt.so ended with exit code" no $use
else
    skipped "MKL" "no package libmkl-rt, or one it needs, in Debian's non-free on this machine"
fi

# --- OpenBLAS.
for build in pthread openmp serial; do
    if folder "openblas-$build" "" "libopenblas0-$build" libgomp1 libgfortran5; then
        cell "OpenBLAS, $build" "openblas-$build" openblas "OpenBLAS" tests LAYERPEELED_BLAS=openblas
    else
        skipped "OpenBLAS, $build" "no package libopenblas0-$build on this machine"
    fi
done
if folder both "" "${mkl[@]}" libopenblas0-pthread libgomp1 libgfortran5; then
    wins=openblas
    grep -qm 1 GenuineIntel /proc/cpuinfo && wins=mkl
    cell "MKL with OpenBLAS beside it, nothing set" both $wins "$wins:" no LAYERPEELED_BLAS=
else
    skipped "MKL with OpenBLAS beside it" "one of them is not to be had on this machine"
fi

# --- Libraries that are not what their names say.
mkdir -p "$work/cells"/{text,half,wide,none}
echo "This is no library." > "$work/cells/text/libmkl_rt.so"
cell "a text file named libmkl_rt.so" text managed "libmkl_rt.so: file too short" no LAYERPEELED_BLAS=mkl
if [ -d "$work/unpacked/libblas3" ]; then
    cp -L "$work"/unpacked/libblas3/usr/lib/*/blas/libblas.so.3 "$work/cells/half/libmkl_rt.so"
    cp "$work/cells/half/libmkl_rt.so" "$work/cells/half/libopenblas.so.0"
    cell "half the routines (reference BLAS), as MKL" half managed "does not export dgesdd_" no LAYERPEELED_BLAS=mkl
    cell "half the routines (reference BLAS), as OpenBLAS" half managed "does not export dgesdd_" no LAYERPEELED_BLAS=openblas
else
    skipped "half the routines" "no package libblas3 on this machine"
fi
if [ -d "$work/unpacked/libopenblas64-0-pthread" ]; then
    cp -L "$work"/unpacked/libopenblas64-0-pthread/usr/lib/*/openblas64-pthread/libopenblas64.so.0 "$work/cells/wide/libopenblas.so.0"
    cell "64-bit integers (OpenBLAS)" wide managed "expects 64-bit integers" no LAYERPEELED_BLAS=openblas
else
    skipped "64-bit integers" "no package libopenblas64-0-pthread on this machine"
fi
# Not grep -q: it ends at the first line, and ldconfig with an error then.
if ldconfig -p | grep -E 'lib(openblas|mkl_rt)\.so' > /dev/null; then
    skipped "none" "this system has one"
else
    cell "none" none managed "not installed" no LAYERPEELED_BLAS=
fi

[ "$failures" -eq 0 ] || { echo "$failures cells failed."; exit 1; }
