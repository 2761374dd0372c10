#!/usr/bin/env python3
"""Starts of the tool as whole processes: milliseconds from start to end of a two-group solve, medians of interleaved runs, beside a program that does nothing.

    dotnet publish src/LayerPeeled.Cli -c Release -r linux-x64 -o artifacts/tool
    dotnet build src/LayerPeeled.Cli -c Release
    python3 build/cold-start.py
"""
import os
import statistics
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 101
SOLVE = ["solve", "--classes", "5x1000,5x10", "--ew", "1", "--eh", "5"]
PROGRAMS = {
    "/bin/true": ["/bin/true"],
    "native executable": [ROOT + "/artifacts/tool/layerpeeled", *SOLVE],
    "dotnet layerpeeled.dll": ["dotnet", ROOT + "/src/LayerPeeled.Cli/bin/Release/net10.0/layerpeeled.dll", *SOLVE],
}


def run(command):
    """Milliseconds, and processor milliseconds, of one run."""
    began = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    _, status, used = os.wait4(process, 0)
    elapsed = time.perf_counter() - began
    if status:
        sys.exit(f"{' '.join(command)} ended with status {status}")
    return elapsed * 1e3, (used.ru_utime + used.ru_stime) * 1e3


samples = {name: [] for name in PROGRAMS}
for _ in range(RUNS):
    for name, command in PROGRAMS.items():
        samples[name].append(run(command))
print(f"{RUNS} runs, medians       ms   processor ms")
for name, rows in samples.items():
    elapsed, processor = (statistics.median(column) for column in zip(*rows))
    print(f"{name:22}{elapsed:7.1f}{processor:15.1f}")
