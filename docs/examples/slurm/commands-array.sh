#!/usr/bin/env bash
# A file of commands as a Slurm job array, a line a task. Each line is what stands behind "layerpeeled", and ends with the file that the command writes:
#
#   compare --classes 5x1000,5x10 --ew 1 --eh 5 --models lpm --loss focal --csv grid/focal-100.csv
#
#   sbatch --array=1-"$(wc -l < commands.txt)" commands-array.sh commands.txt
#
# The tool's files appear whole or not at all, so a task whose file is there does nothing.
#SBATCH --job-name=layerpeeled
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=1G
#SBATCH --time=01:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=layerpeeled-%A_%a.log
set -euo pipefail
read -ra arguments < <(sed -n "${SLURM_ARRAY_TASK_ID}p" "$1")
file="${arguments[-1]}"
if [ -e "$file" ]; then
    echo "'$file' is there. Nothing was done."
    exit
fi
mkdir -p "$(dirname "$file")"
exec layerpeeled "${arguments[@]}"
