#!/usr/bin/env python3
"""Solves under each provider of linear algebra, verified under each other: managed, MKL, and OpenBLAS with the kernels of several processors, of which known
releases are wrong on some. The bounds recomputed from one file must agree to 1e-12, whoever recomputes them, and no lower bound of a problem may exceed an objective
of it. Needs a Release build; prints one line a problem and provider.

    dotnet build src/LayerPeeled.Cli -c Release
    python3 build/provider-matrix.py [TOOL]          TOOL: another layerpeeled.dll than that of this build
"""
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOOL = sys.argv[1] if len(sys.argv) > 1 else ROOT + "/src/LayerPeeled.Cli/bin/Release/net10.0/layerpeeled.dll"
TOLERANCE = 1e-12
PROVIDERS = {
    "managed": ("managed", {}),
    "mkl": ("mkl", {}),
    **{"openblas " + core: ("openblas", {"OPENBLAS_CORETYPE": core}) for core in ("Haswell", "SkylakeX", "Prescott")},
}
# Large enough for native products (150 groups), Cholesky factors (450) and singular values (30).
PROBLEMS = {
    "180 classes": ["--long-tail", "180,5000,100", "--ew", "1", "--eh", "5"],
    "480 classes": ["--long-tail", "480,20000,100", "--ew", "1", "--eh", "5"],
    "60 classes, nuclear-norm": ["--long-tail", "60,5000,100", "--ew", "1", "--eh", "2", "--method", "nuclear-norm"],
    "180 classes, penalties": ["--long-tail", "180,5000,100", "--model", "ufm", "--lambda-w", "1e-4", "--lambda-h", "1e-4"],
}


def run(provider, arguments):
    name, variables = PROVIDERS[provider]
    return subprocess.run(["dotnet", TOOL, *arguments], env={**os.environ, "LAYERPEELED_BLAS": name, **variables}, capture_output=True, text=True)


def available():
    for provider, (name, _) in PROVIDERS.items():
        info = json.loads(run(provider, ["info", "--json"]).stdout)
        if info["linearAlgebra"] == name:
            yield provider
        else:
            print(f"{provider:<20} skipped: {info['linearAlgebra']} is in use")


failures = []
with tempfile.TemporaryDirectory() as folder:
    providers = list(available())
    print(f"{'problem':<26} {'solved under':<20} {'claimed gap':>11}  {'verified under the others':<26} {'bounds differ by':>16}")
    for problem, arguments in PROBLEMS.items():
        lower, upper = [], []
        for provider in providers:
            file = os.path.join(folder, "solution.json")
            solved = run(provider, ["solve", *arguments, "--out", file])
            if solved.returncode != 0:
                failures.append(f"{problem}, {provider}: solve ended {solved.returncode}: {(solved.stderr or solved.stdout)[:300]}")
                continue
            with open(file) as text:
                claim = json.load(text)
            bounds, verdicts = [], []
            lower.append(claim["lowerBound"])
            upper.append(claim["objective"])
            for other in providers:
                checked = run(other, ["verify", file, "--json"])
                verdict = json.loads(checked.stdout)
                verdicts.append(checked.returncode == 0 and verdict["certified"])
                bounds.append(verdict["lowerBound"])
                if not verdicts[-1]:
                    wrong = "; ".join(f"{check['name']}: {check['detail']}" for check in verdict["checks"] if check["outcome"] != "Holds")
                    failures.append(f"{problem}, {provider} verified under {other}: {wrong}")
            lower += bounds
            spread = (max(bounds) - min(bounds)) / abs(claim["objective"])
            if spread > TOLERANCE:
                failures.append(f"{problem}, {provider}: the bounds recomputed by the others differ by {spread:.1e}")
            print(f"{problem:<26} {provider:<20} {claim['relativeGap']:>11.1e}  {f'{sum(verdicts)} of {len(verdicts)} certified':<26} {spread:>16.1e}", flush=True)
        if lower and max(lower) > min(upper):
            failures.append(f"{problem}: a bound of {max(lower)!r} exceeds an objective of {min(upper)!r}")

for failure in failures:
    print("FAILED:", failure)
sys.exit(1 if failures else 0)
