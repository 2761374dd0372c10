#!/usr/bin/env python3
"""Kills the tool (SIGKILL) at random moments, lets it go on, and compares the result with that of a run that nobody disturbed, byte by byte.

    python3 build/kill-test.py [--kills 5] [--seed 1] [--only REGEX] [--tool 'dotnet …/layerpeeled.dll']

Needs a Release build. Of each kind of long run so many processes are killed: sweeps with --state (sweep, phase, grid, figure3), shards with --into, of which two
processes may have the same one, and merge; solve --out and convert, half of them at the moment at which the file is being written. After a kill the target of
a file is the old one or the new one, whole; a state or a checkpoint is one that the next process goes on from. Exit code 1 where anything differs.
"""
import argparse, os, random, re, shutil, subprocess, sys, tempfile, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SWEEPS = {
    "sweep": "--majority 5 --minority 5 --ew 1 --eh 5 --points 3000",
    "phase": "--points 60 --budget-points 60",
    "grid": "--majority 3 --minority 2 --ew 1 --eh 3 --points 100 --models lpm,ufm,svm",
    "figure3": "--points-per-decade 200",
}


class Killer:
    def __init__(self, tool, draw, kills):
        self.tool, self.draw, self.kills = tool.split(), draw, kills

    def start(self, command, out=subprocess.DEVNULL):
        return subprocess.Popen([*self.tool, *map(str, command)], stdout=out, stderr=subprocess.PIPE)

    def whole(self, command, out=None):
        """Runs to the end; returns the seconds that it took."""
        begun = time.monotonic()
        with open(out, "wb") if out else open(os.devnull, "wb") as stream:
            process = self.start(command, stream)
            error = process.communicate()[1].decode()
        require(process.returncode in (0, 1), f"{' '.join(map(str, command))}: exit code {process.returncode}, {error.strip()}")
        return time.monotonic() - begun

    def killed(self, commands, within):
        """Runs them side by side and kills each at a moment of its own. Returns how many were killed before they had ended."""
        begun = time.monotonic()
        moments = sorted(((self.draw.uniform(0, within), self.start(command)) for command in commands), key=lambda pair: pair[0])
        killed = 0
        for moment, process in moments:
            time.sleep(max(0, begun + moment - time.monotonic()))
            process.kill()
            error = process.communicate()[1].decode()
            require(process.returncode in (-9, 0, 1), f"exit code {process.returncode}: {error.strip()}")
            killed += process.returncode == -9
        return killed

    def killed_writing(self, command, folder, name):
        """Kills it a moment after the neighbour appears in which a file is written before it is moved."""
        process = self.start(command)
        before = set(os.listdir(folder))
        while process.poll() is None and not any(entry.startswith(f".{name}.") for entry in set(os.listdir(folder)) - before):
            time.sleep(0.0005)
        time.sleep(self.draw.uniform(0, 0.03))
        process.kill()
        process.communicate()
        return process.returncode == -9


def require(holds, message):
    if not holds:
        sys.exit(f"FAILED: {message}")


def same(folder, names, what):
    for name in names:
        require((folder / f"part.{name}").read_bytes() == (folder / f"whole.{name}").read_bytes(), f"{what}: {name} differs from that of the run in one piece")


def bits(path):
    """The bytes of a file, but for the seconds that a solve took."""
    return re.sub(rb'"seconds": [^,]*', b"", path.read_bytes()) if path.suffix == ".json" else path.read_bytes()


def outputs(folder, name):
    return ["--json", "--csv", folder / f"{name}.csv", "--plot", folder / f"{name}.svg"]


def sweep_state(killer, folder, command):
    arguments = [command, *SWEEPS[command].split()]
    # Warm caches first: moments of killing are drawn from the time that a whole run takes.
    took = killer.whole([*arguments, *outputs(folder, "whole")], folder / "whole.out")
    state, killed, ended = folder / "sweep.state", 0, 0
    while killed < killer.kills:
        now = killer.killed([[*arguments, *outputs(folder, "part"), "--state", state]], took)
        killed += now
        if not now or killed >= killer.kills:
            killer.whole([*arguments, *outputs(folder, "part"), "--state", state], folder / "part.out")
            same(folder, ["out", "csv", "svg"], f"{command} --state")
            ended += 1
            state.unlink()
    return killed, ended


def shards(killer, folder, command):
    arguments, count = [command, *SWEEPS[command].split()], 4
    took = killer.whole([*arguments, *outputs(folder, "whole")], folder / "whole.out")
    into, killed, ended = folder / "shards", 0, 0
    while killed < killer.kills:
        numbers = [killer.draw.randint(1, count) for _ in range(2)]
        killed += killer.killed([[*arguments, "--shard", f"{i}/{count}", "--into", into] for i in numbers], took / 2)
        if killer.draw.random() < 0.3 or killed >= killer.kills:
            for i in range(1, count + 1):
                killer.whole([*arguments, "--shard", f"{i}/{count}", "--into", into])
            require(len(os.listdir(into)) == count, f"shards of {command}: other files than the {count} shards are left, {os.listdir(into)}")
            killer.whole(["merge", into, *outputs(folder, "part")], folder / "part.out")
            same(folder, ["out", "csv", "svg"], f"shards of {command}")
            ended += 1
            shutil.rmtree(into)
    return killed, ended


def files(killer, folder, name, write, old):
    """write(target) is a command that writes the target, where old bytes stand."""
    whole = folder / f"whole.{name}"
    took = killer.whole(write(whole))
    expected, target, killed, replaced = bits(whole), folder / f"part.{name}", 0, 0
    while killed < killer.kills:
        target.write_bytes(old)
        before = killed
        killed += killer.killed_writing(write(target), folder, target.name) if killed % 2 else killer.killed([write(target)], took)
        content = bits(target)
        require(content in (old, expected), f"{name}: {len(content)} bytes that are neither those of before nor those of the whole file")
        replaced += content == expected and killed > before
        # What the process left behind is a hidden file, which nobody takes for the target.
        for entry in folder.glob(f".{target.name}.*.tmp"):
            entry.unlink()
    killer.whole(write(target))
    require(bits(target) == expected, f"{name} differs from that of the run in one piece")
    return killed, replaced


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--tool", default=f"dotnet {ROOT / 'src/LayerPeeled.Cli/bin/Release/net10.0/layerpeeled.dll'}")
    options = parser.parse_args()
    killer = Killer(options.tool, random.Random(options.seed), options.kills)
    solve = ["solve", "--long-tail", "400,5000,100", "--ew", "1", "--eh", "5", "--gap", "1e-4"]

    def convert(extension):
        def run(folder):
            source = folder / ("source.npz" if extension == "json" else "source.json")
            killer.whole([*solve, "--out", source])
            return files(killer, folder, extension, lambda target: ["convert", source, target], b"what was there before")
        return run

    def out(command, extension):
        return lambda folder: files(killer, folder, extension, lambda target: [*command, "--out", target], b"what was there before")

    runs = [(f"{command} --state", lambda folder, command=command: sweep_state(killer, folder, command)) for command in SWEEPS]
    runs += [(f"{command} --shard, merge", lambda folder, command=command: shards(killer, folder, command)) for command in ("sweep", "phase", "grid")]
    runs += [("solve --out json", out(solve, "json")), ("solve --model svm --out npz", out(["solve", "--model", "svm", "--long-tail", "600,5000,100"], "npz"))]
    runs += [("convert to npz", convert("npz")), ("convert to json", convert("json"))]
    print("| long run | killed | compared at the end, or whole new files |\n|---|---|---|", flush=True)
    total = 0
    for name, run in runs:
        if re.search(options.only, name):
            folder = Path(tempfile.mkdtemp(prefix="layerpeeled-"))
            try:
                killed, ended = run(folder)
            finally:
                shutil.rmtree(folder)
            total += killed
            print(f"| {name} | {killed} | {ended} |", flush=True)
    print(f"\n{total} processes killed; every result has the bytes of the run in one piece.")


if __name__ == "__main__":
    main()
