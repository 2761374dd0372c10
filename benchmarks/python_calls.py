"""What Python adds to a solve of two groups, and what a diagnosis adds to the memory that holds its features.

    python3 benchmarks/python_calls.py [--samples 50000]

The solve itself is what the library measures inside (Solution.seconds); the rest of the call is Python, the interface, and making model and solution.
"""
import argparse
import resource
import statistics
import time

import numpy as np

import layerpeeled

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--samples", type=int, default=50_000, help="examples of 512 features")
options = arguments.parse_args()


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


counts = [1000] * 5 + [10] * 5
calls, solves = [], []
for _ in range(600):
    start = time.perf_counter()
    solution = layerpeeled.solve(counts, ew=1, eh=5)
    calls.append(time.perf_counter() - start)
    solves.append(solution.seconds)
extra = [call - solve for call, solve in zip(calls, solves)][100:]
print(f"two groups: call {1e6 * statistics.median(calls[100:]):.0f} us, of it solve {1e6 * statistics.median(solves[100:]):.0f} us, "
      f"the rest {1e6 * statistics.median(extra):.0f} us")

random = np.random.default_rng(0)
weight = random.standard_normal((10, 512), np.float32)
layerpeeled.diagnose(random.standard_normal((1000, 512), np.float32), np.arange(1000) % 10, weight)
features = np.empty((options.samples, 512), np.float32)
for block in np.array_split(features, 50):
    block[:] = random.standard_normal(block.shape, np.float32)
labels = np.arange(options.samples) % 10
before, start = peak(), time.perf_counter()
layerpeeled.diagnose(features, labels, weight)
print(f"diagnosis of {features.shape[0]} x {features.shape[1]} float32 ({features.nbytes / 1e6:.0f} MB): "
      f"{time.perf_counter() - start:.2f} s, peak memory {(peak() - before) / 1e6:.0f} MB above the features")
