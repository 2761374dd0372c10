#!/usr/bin/env bash
# A sweep on a real Slurm of one node, started here and taken away again: an array of 8 shards, of which one is killed, one requeued and one also computed
# by a second process at the same time; the killed one is submitted again, all are merged, and the result is compared with that of one process, byte by byte.
# On Debian, as root; needs a Release build. Skipped, visibly, where apt does not have slurm-wlm.
set -euo pipefail
cd "$(dirname "$0")/.."
root="$PWD"
tool="$root/src/LayerPeeled.Cli/bin/Release/net10.0/layerpeeled.dll"
if ! { command -v slurmctld && command -v slurmd && command -v munged && command -v sbatch; } >/dev/null; then
    if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends slurm-wlm munge; } >/dev/null 2>&1; then
        echo "SKIPPED: the test on Slurm, since apt cannot install slurm-wlm here."
        exit 0
    fi
fi

work="$(mktemp -d)"
daemons=()
clean_up() {
    local status=$?
    if [ "$status" -ne 0 ]; then
        tail -n 30 "$work"/log/* "$work"/jobs/*.log 2>/dev/null || true
    fi
    if [ "${#daemons[@]}" -gt 1 ]; then
        scancel --user=root 2>/dev/null || true
        for _ in $(seq 100); do [ -z "$(squeue --noheader 2>/dev/null)" ] && break; sleep 0.1; done
    fi
    # In the order opposite to their start
    for ((i = ${#daemons[@]} - 1; i >= 0; i--)); do
        kill "${daemons[i]}" 2>/dev/null || true
        wait "${daemons[i]}" 2>/dev/null || true
    done
    rm -rf "$work"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# --- Slurm of one node, nothing of it outside the folder.
chmod 755 "$work"
mkdir -p "$work"/{munge,state,spool,log,jobs,bin}
head -c 1024 /dev/urandom > "$work/munge/key"
chmod 600 "$work/munge/key"
chown -R munge "$work/munge"
runuser -u munge -- munged --foreground --key-file="$work/munge/key" --socket="$work/munge/socket" --pid-file="$work/munge/pid" \
    --log-file="$work/munge/log" --seed-file="$work/munge/seed" >"$work/log/munged" 2>&1 &
daemons+=($!)
processors="$(nproc)"
cat > "$work/slurm.conf" <<CONFIGURATION
ClusterName=layerpeeled-test
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=26817
SlurmdPort=26818
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket,cred_expire=5
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MailProg=/bin/true
ReturnToService=2
KillWait=5
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=$processors RealMemory=$(($(awk '/MemTotal/ {print $2}' /proc/meminfo) / 1024 - 100))
PartitionName=test Nodes=ALL Default=YES MaxTime=60 State=UP
CONFIGURATION
export SLURM_CONF="$work/slurm.conf"
until_true() {
    for _ in $(seq 600); do
        if "$@"; then return 0; fi
        sleep 0.1
    done
    echo "FAILED: waited in vain for: $*"
    return 1
}
until_true test -S "$work/munge/socket"
slurmctld -D >"$work/log/slurmctld" 2>&1 &
daemons+=($!)
slurmd -D >"$work/log/slurmd" 2>&1 &
daemons+=($!)
is_idle() { [ "$(sinfo --noheader --format=%T 2>/dev/null)" = idle ]; }
until_true is_idle
echo "$(sinfo --version) runs on $processors processors"

# --- One process, to compare with.
printf '#!/bin/sh\nexec dotnet "%s" "$@"\n' "$tool" > "$work/bin/layerpeeled"
chmod +x "$work/bin/layerpeeled"
export PATH="$work/bin:$PATH"
cd "$work/jobs"
sweep=(phase --points 640 --budget-points 40)
layerpeeled "${sweep[@]}" --csv one.csv --plot one.svg --json > one.json

# --- The array.
job="$(sbatch --parsable --array=1-8 "$root/docs/examples/slurm/sweep-array.sh" 8 shards "${sweep[@]}")"
has_checkpoint() { [ -n "$(find shards -name "$1-of-8.*.part" -size +8k 2>/dev/null)" ]; }
state_of() { squeue --noheader --array --format=%T --job="${job}_$1" 2>/dev/null; }
# Shard 1 dies as with a node that runs out of memory.
until_true has_checkpoint 1
kill -9 "$(scontrol listpids "$(squeue --noheader --array --format=%A --job="${job}_1")" | awk 'NR > 1 && $1 > 0 {print $1}' | sort -n | tail -1)"
# Shard 2 is requeued.
until_true has_checkpoint 2
scontrol requeue "${job}_2"
# Shard 8 is computed by somebody else too, at the same time.
until_true has_checkpoint 8
layerpeeled "${sweep[@]}" --shard 8/8 --into shards > second.log
is_over() { [ -z "$(squeue --noheader --job="$job" 2>/dev/null)" ]; }
until_true is_over
[ ! -e shards/1-of-8.shard ] || { echo "FAILED: shard 1 was not killed in time"; exit 1; }
grep -q "from an earlier run" "layerpeeled-${job}_2.log" || { echo "FAILED: shard 2 did not go on where it was"; exit 1; }
if layerpeeled merge shards --json > early.json 2> early.log; then echo "FAILED: merged without shard 1"; exit 1; fi
cat early.log

# --- Shard 1 and a finished one again, and the merge when they are done.
again="$(sbatch --parsable --array=1,3 "$root/docs/examples/slurm/sweep-array.sh" 8 shards "${sweep[@]}")"
sbatch --wait --dependency="afterok:$again" --output=merge.log --wrap "layerpeeled merge shards --csv all.csv --plot all.svg --json > all.json"
grep -h -v "^Time" "layerpeeled-${again}"_*.log
grep -q "from an earlier run" "layerpeeled-${again}_1.log"
grep -q "Nothing was done" "layerpeeled-${again}_3.log"
cat merge.log
for kind in csv svg json; do cmp "one.$kind" "all.$kind"; done

# --- A file of commands, a line a task; the second time nothing is left to do.
for ratio in 10 100; do echo compare --classes "5x${ratio}0,5x10" --ew 1 --eh 5 --models lpm --csv "compared/$ratio.csv"; done > commands.txt
for again in no yes; do
    sbatch --wait --array=1-2 --output="commands-$again-%a.log" "$root/docs/examples/slurm/commands-array.sh" commands.txt
done
layerpeeled compare --classes 5x1000,5x10 --ew 1 --eh 5 --models lpm --csv - | cmp - compared/100.csv
grep -q "Nothing was done" commands-yes-2.log

[ -z "$(find shards -name '*.part' -o -name '*.tmp')" ] || { echo "FAILED: files are left over"; ls -la shards; exit 1; }
echo "PASSED: 8 shards on Slurm give the bytes of one process"
