#!/usr/bin/env bash
# A sweep as a Slurm job array, one shard a task:
#
#   sbatch --array=1-8 sweep-array.sh 8 FOLDER sweep --majority 5 --minority 5 --ew 1 --eh 5 --points 100000
#
# The first argument is the number of shards, also where only some of them are submitted again (--array=3,5-6). FOLDER is on a file system that all nodes see.
# Tasks that were killed go on where they were; finished ones do nothing.
#SBATCH --job-name=layerpeeled
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=1G
#SBATCH --time=01:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=layerpeeled-%A_%a.log
set -euo pipefail
shards="$1" folder="$2"
shift 2
exec layerpeeled "$@" --shard "$SLURM_ARRAY_TASK_ID/$shards" --into "$folder" --threads "${SLURM_CPUS_PER_TASK:-1}"
