#!/usr/bin/env bash
# Peak memory and time of metrics and diagnose on a network of 1000 classes, 2048 dimensions and 50 000 examples in single precision: 420 MB in an .npz, which must take less than 1 GB.
# Needs Python with NumPy.
set -euo pipefail
cd "$(dirname "$0")/.."
classes=${CLASSES:-1000} dimension=${DIMENSION:-2048} examples=${EXAMPLES:-50000} most=${MOST_MB:-1024}
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

dotnet build src/LayerPeeled.Cli -c Release -v quiet
/usr/bin/python3 - "$folder/network.npz" "$classes" "$dimension" "$examples" <<'PY'
import sys, numpy
path, (classes, dimension, examples) = sys.argv[1], map(int, sys.argv[2:])
random = numpy.random.default_rng(1)
means = random.standard_normal((classes, dimension), dtype=numpy.float32)
labels = numpy.arange(examples) % classes
features = means[labels]
for begin in range(0, examples, 1000):
    features[begin:begin + 1000] += 0.3 * random.standard_normal((min(1000, examples - begin), dimension), dtype=numpy.float32)
numpy.savez(path, features=features, labels=labels, weight=means / numpy.sqrt(numpy.float32(dimension)), bias=numpy.zeros(classes, numpy.float32))
PY

# Peak memory is that of the process itself, from the operating system.
/usr/bin/python3 - "$folder/network.npz" "$most" <<'PY'
import os, subprocess, sys, time
path, most = sys.argv[1], int(sys.argv[2])
failed = False
print(f"{os.path.getsize(path) / 2**20:.0f} MB in the file")
for command in (["metrics", path], ["diagnose", path]):
    begin = time.time()
    with open(os.devnull, "w") as nothing:
        process = subprocess.Popen(["dotnet", "src/LayerPeeled.Cli/bin/Release/net10.0/layerpeeled.dll", *command], stdout=nothing)
        _, status, usage = os.wait4(process.pid, 0)
    code, peak = os.waitstatus_to_exitcode(status), usage.ru_maxrss / 2**10
    print(f"{command[0]:8} exit code {code}  {peak:5.0f} MB at most  {time.time() - begin:6.1f} s, {usage.ru_utime + usage.ru_stime:6.1f} s of processors")
    failed |= code not in (0, 3) or peak > most
sys.exit(failed)
PY
