#!/usr/bin/env bash
# Builds the native library and the wheel of the Python package that carries it: dist/layerpeeled-…-py3-none-linux_x86_64.whl. Needs nothing from the network but what
# build/native-library.sh needs; LAYERPEELED_LIBRARY names one that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${LAYERPEELED_LIBRARY:-}" ]; then
    bash build/native-library.sh
fi
mkdir -p dist
cd src/LayerPeeled.Python
python3 -c 'import wheel_backend; print("dist/" + wheel_backend.build_wheel("../../dist"))'
