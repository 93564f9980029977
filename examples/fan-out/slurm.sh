#!/bin/sh
#SBATCH --job-name=iso4-batch
#SBATCH --array=1-4
#SBATCH --cpus-per-task=2
#SBATCH --mem=1G
#SBATCH --requeue
#SBATCH --signal=B:TERM@10
# slurm.sh P.snap JOBS.jsonl: `sbatch slurm.sh p.snap jobs.jsonl` in a directory that all nodes see. Each task takes its
# part of the jobs; one that is started again goes on where its results end.
set -eu

part=$SLURM_ARRAY_TASK_ID
results=results-$part.jsonl
"${ISO4:-iso4}" batch --snapshot "$1" --jobs "${SLURM_CPUS_PER_TASK:-1}" --shard "$part/$SLURM_ARRAY_TASK_COUNT" \
    -o "$results" --resume "$results" "$2" &
batch=$!

# Slurm sends the signal to this shell, ten seconds before the time is up. The results so far are whole then.
trap 'kill -TERM $batch' TERM
while status=0 && { wait $batch || status=$?; } && [ $status -gt 128 ] && kill -0 $batch 2>/dev/null; do
    : # the wait was interrupted, and the batch has not ended yet
done
# Status 1: a run failed, and its result says so.
[ $status = 1 ] || exit $status
