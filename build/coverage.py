#!/usr/bin/env python3
"""Puts the reports of build/coverage.sh together: a line counts as covered if one of the test projects runs it. Prints lines and branches of each library and room, writes the same and
the lines that nothing runs to coverage.md in the folder of the reports. With a minimum, per cent of lines and of branches, a library below it is an error.

    python3 build/coverage.py artifacts/coverage [LINES BRANCHES]
"""
import collections
import glob
import os
import sys
import xml.etree.ElementTree as ElementTree

folder = sys.argv[1]
minimum = [float(share) for share in sys.argv[2:]]
lines = collections.defaultdict(int)
branches = {}
for report in glob.glob(folder + "/**/coverage.cobertura.xml", recursive=True):
    tree = ElementTree.parse(report)
    roots = [source.text or "" for source in tree.iter("source")]
    for unit in tree.iter("class"):
        name = unit.get("filename")
        path = next((p for p in [name, *(os.path.join(root, name) for root in roots)] if "src/LayerPeeled" in p), name)
        path = path[path.find("src/"):] if "src/" in path else "src/" + path
        for line in unit.iter("line"):
            place = (path, int(line.get("number")))
            lines[place] = max(lines[place], int(line.get("hits")))
            if line.get("branch") == "True" and "(" in line.get("condition-coverage", ""):
                covered, total = map(int, line.get("condition-coverage").split("(")[1].rstrip(")").split("/"))
                before = branches.get(place, (0, total))
                branches[place] = (max(before[0], covered), max(before[1], total))


def rooms(path):
    parts = path.split("/")
    library = parts[1]
    return library, library + "/" + (parts[2] if len(parts) > 3 else "(root)")


totals = collections.defaultdict(lambda: [0, 0, 0, 0])
for (path, _), hits in lines.items():
    for room in rooms(path):
        totals[room][0] += hits > 0
        totals[room][1] += 1
for (path, _), (covered, total) in branches.items():
    for room in rooms(path):
        totals[room][2] += covered
        totals[room][3] += total

table = ["| room | lines | covered | branches | covered |", "|---|--:|--:|--:|--:|"]
failed = not totals
for room, (line, all_lines, branch, all_branches) in sorted(totals.items()):
    shares = 100 * line / all_lines, 100 * branch / max(all_branches, 1)
    table.append(f"| {room} | {all_lines} | {shares[0]:.1f} % | {all_branches} | {shares[1]:.1f} % |")
    failed |= "/" not in room and any(share < least for share, least in zip(shares, minimum))
print("\n".join(table))
missing = collections.defaultdict(list)
for (path, number), hits in sorted(lines.items()):
    if hits == 0:
        missing[path].append(number)
with open(folder + "/coverage.md", "w") as report:
    report.write("\n".join(table) + "\n\nLines that nothing runs:\n\n")
    for path, numbers in sorted(missing.items(), key=lambda item: -len(item[1])):
        report.write(f"- {path} ({len(numbers)}): {', '.join(map(str, numbers))}\n")
if failed:
    print(f"There are no reports, or a library is below the minimum: {minimum} % of lines and branches.")
sys.exit(failed)
