#!/usr/bin/env bash
# Builds the wheel, installs it without a network into an environment of its own that sees the distribution's NumPy, and runs the tests of the package there: what a user
# has. Then the package as it lies in the repository is installed the same way.
set -euo pipefail
cd "$(dirname "$0")/.."
# The distribution's Python is the one that has its NumPy.
python=/usr/bin/python3
bash build/python-wheel.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m venv --system-site-packages "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --no-index --no-deps dist/layerpeeled-*-py3-none-linux_x86_64.whl
tests=$PWD/src/LayerPeeled.Python/tests
(cd "$work" && env -u LAYERPEELED_LIBRARY -u PYTHONPATH "$work/venv/bin/python" -m unittest discover -s "$tests" -v)
"$work/venv/bin/python" -m pip install --quiet --no-index --no-deps --force-reinstall src/LayerPeeled.Python
(cd "$work" && env -u LAYERPEELED_LIBRARY -u PYTHONPATH "$work/venv/bin/python" -c 'import layerpeeled; print(layerpeeled.solve([100, 10], ew=1, eh=5))')
