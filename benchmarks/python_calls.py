"""What Python adds to a solve of two groups, and what a diagnosis adds to the memory that holds its features.

    python3 benchmarks/python_calls.py [--samples 50000]

The solve is compared with the same calls of the C interface.
"""
import argparse
import ctypes
import resource
import statistics
import time

import numpy as np

import layerpeeled
from layerpeeled import _abi
from layerpeeled._arrays import view
from layerpeeled._library import library, sized

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--samples", type=int, default=50_000, help="examples of 512 features")
options = arguments.parse_args()


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


counts = np.array([1000.0] * 5 + [10.0] * 5)
array, config, options_of_solve, info = view(counts), sized(_abi.lp_model_config), sized(_abi.lp_solve_options), sized(_abi.lp_solution_info)
config.classifier, config.feature = 1, 5


def interface():
    """The same by the C interface alone, with all arguments made beforehand."""
    model, solution = ctypes.c_void_p(), ctypes.c_void_p()
    library.lp_model_from_counts(array, None, config, model)
    library.lp_solve(model, options_of_solve, None, solution)
    library.lp_solution_get_info(solution, info)
    library.lp_solution_free(solution)
    library.lp_model_free(model)


def timed(call):
    start = time.perf_counter()
    call()
    return 1e6 * (time.perf_counter() - start)


# One after the other, so that both have the same machine.
times = [(timed(interface), timed(lambda: layerpeeled.solve(counts, ew=1, eh=5))) for _ in range(2000)][200:]
for name, of in (("median", statistics.median), ("least", min)):
    direct, python = of(t[0] for t in times), of(t[1] for t in times)
    print(f"two groups, {name}: C interface {direct:.0f} us, layerpeeled.solve {python:.0f} us, {python - direct:.0f} us more")

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
