#!/bin/sh
#SBATCH --job-name=impasto
#SBATCH --array=0-3
#SBATCH --open-mode=append
# Paints the frames 1001 to 1024 of a shot, six in each of four tasks: sbatch slurm.sh
first=$((1001 + 6 * SLURM_ARRAY_TASK_ID))
impasto paint shot/shot.####.png --frames "$first-$((first + 5))" --resume \
    --style starry-night --out painted/shot.####.png && exit
# A task that failed is tried again, three times at most, and goes on where it was.
[ "${SLURM_RESTART_COUNT:-0}" -lt 3 ] && scontrol requeue "$SLURM_JOB_ID"
exit 1
