"""Whether the C library and its Python package keep memory: many calls of every kind from a few threads, each repetition with the bits of the first.

    python3 benchmarks/python_soak.py [--calls 10000] [--threads 4]

Prints the memory of the process ten times; an error where results differ, or where it grows by more than a tenth and 16 MB after the first fifth.
"""
import argparse
import concurrent.futures
import os
import sys
import tempfile
import time

import numpy as np

import layerpeeled

READINGS = 10

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--calls", type=int, default=10_000)
arguments.add_argument("--threads", type=int, default=4)
options = arguments.parse_args()

random = np.random.default_rng(0)
targets = random.dirichlet(np.ones(6), 4)
features, labels, weight = random.standard_normal((200, 16)), np.arange(200) % 4, random.standard_normal((4, 16))
folder = tempfile.TemporaryDirectory()


def counts(seed):
    return np.random.default_rng(seed).integers(1, 500, 4 + seed % 5)


def matrices(solution):
    return [np.asarray(array).tobytes() for array in (solution.W, solution.H, solution.Z, solution.classifier_gram)] + [solution.objective, solution.bound]


def saved(seed, suffix):
    # A file of its own for each call
    with tempfile.NamedTemporaryFile(dir=folder.name, suffix=suffix) as file:
        layerpeeled.solve(counts(seed), ew=1, eh=5).save(file.name)
        return str(layerpeeled.verify(file.name)), layerpeeled.load(file.name).objective


def refused(seed):
    try:
        layerpeeled.solve(counts(seed), ew=-1, eh=5)
    except layerpeeled.InvalidArgumentError as error:
        return str(error)
    raise AssertionError("A negative budget was taken.")


def cancelled(seed):
    token = layerpeeled.CancelToken()
    token.cancel()
    try:
        return layerpeeled.solve(counts(seed), ew=1, eh=5, cancel=token).status
    except layerpeeled.CancelledError as error:
        return str(error)


KINDS = [
    lambda seed: matrices(layerpeeled.solve(counts(seed), ew=1, eh=5)),
    lambda seed: matrices(layerpeeled.solve(counts(seed), lambda_w=5e-3, lambda_h=1e-4, lambda_b=0.01, loss="vs:gamma=0.3,tau=1")),
    lambda seed: matrices(layerpeeled.solve(counts(seed), ew=1, eh=2, method="low-rank", progress=lambda progress: None)),
    lambda seed: matrices(layerpeeled.solve(counts(seed), ew=1, eh=1, method="projected-gradient", max_iterations=50, seed=seed)),
    lambda seed: layerpeeled.solve_targets(targets, ew=1, eh=1 + seed % 7).objective,
    lambda seed: layerpeeled.threshold(3, 2 + seed % 4, ew=1, eh=5).ratio,
    lambda seed: repr(layerpeeled.metrics(features * (1 + seed % 5), labels, weight)),
    lambda seed: repr(layerpeeled.diagnose(features, labels, weight * (1 + seed % 5))),
    lambda seed: saved(seed, ".json"),
    lambda seed: saved(seed, ".npz"),
    refused,
    cancelled,
]
JOBS = [(kind, seed) for seed in range(30) for kind in range(len(KINDS))]
first = {}


def call(number):
    job = JOBS[number % len(JOBS)]
    result = KINDS[job[0]](job[1])
    if first.setdefault(job, result) != result:
        raise AssertionError(f"kind {job[0]}, seed {job[1]}: {result} in place of {first[job]}")


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


start, warm, now = time.perf_counter(), 0, 0
print(f"{len(KINDS)} kinds, {len(JOBS)} different calls, {options.threads} threads")
with concurrent.futures.ThreadPoolExecutor(options.threads) as pool:
    for reading in range(1, READINGS + 1):
        for _ in pool.map(call, range(options.calls * (reading - 1) // READINGS, options.calls * reading // READINGS)):
            pass
        now = resident()
        warm = now if reading <= 2 else warm
        print(f"{options.calls * reading // READINGS:7} calls {time.perf_counter() - start:6.0f} s {now / 1e6:6.0f} MB {len(os.listdir('/proc/self/fd')):4} files open", flush=True)
if now > 1.1 * warm + (16 << 20):
    sys.exit(f"grown from {warm / 1e6:.0f} to {now / 1e6:.0f} MB")
