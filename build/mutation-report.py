#!/usr/bin/env python3
"""Summary of a report of Stryker: for each file how many mutants the tests notice, and each one that they do not, with its line as it is and as it was changed.

    python3 build/mutation-report.py artifacts/mutation/Losses
"""
import collections
import glob
import json
import re
import sys

NOTICED, MISSED = ("Killed", "Timeout"), ("Survived", "NoCoverage")
report = json.load(open(sorted(glob.glob(sys.argv[1] + "/**/mutation-report.json", recursive=True))[-1]))
missed, rows, total = [], [], collections.Counter()
for path, file in sorted(report["files"].items()):
    lines, states = file["source"].splitlines(), collections.Counter()
    for mutant in file["mutants"]:
        states[mutant["status"]] += 1
        if mutant["status"] in MISSED:
            start, end = mutant["location"]["start"], mutant["location"]["end"]
            inside = lines[start["line"] - 1][start["column"] - 1:end["column"] - 1 if end["line"] == start["line"] else None]
            words = [re.sub(r"\s+", " ", text)[:70] for text in (inside, mutant["replacement"])]
            missed.append(f"{path.split('/')[-1]}:{start['line']} {mutant['status']}, {mutant['mutatorName']}: {words[0]}  ->  {words[1]}")
    total.update(states)
    if sum(states[s] for s in NOTICED + MISSED):
        rows.append((path.split("/")[-1], states))
print(f"{'':36}{'noticed':>8}{'survived':>9}{'not run':>8}{'score':>8}")
for name, states in [*rows, ("all", total)]:
    noticed = sum(states[s] for s in NOTICED)
    print(f"{name:36}{noticed:8}{states['Survived']:9}{states['NoCoverage']:8}{100 * noticed / (noticed + sum(states[s] for s in MISSED)):6.1f} %")
print("", *missed, sep="\n")
