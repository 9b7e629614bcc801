#!/bin/sh
# Starts Slurm with one node on this machine, runs the job in slurm-job.sh, kills the program of one
# of its tasks in mid-work, and waits until all are done. Runs in a network of its own.
set -e
work=/tmp/slurm
mkdir -p $work/state $work/spool $work/munge
name=$(hostname -s)

# Slurm resolves names only where there is an address beside the loopback's.
ip link set lo up
ip address add 10.77.0.1/32 dev lo
printf '127.0.0.1 localhost\n10.77.0.1 %s\n' "$name" >$work/hosts
[ -e /etc/hosts ] || : >/etc/hosts
mount --bind $work/hosts /etc/hosts

head -c 1024 /dev/urandom >$work/munge/key
chown -R munge: $work/munge
chmod 755 $work $work/munge
chmod 600 $work/munge/key
runuser -u munge -- munged --foreground --key-file=$work/munge/key --socket=$work/munge/socket \
    --pid-file=$work/munge/pid --log-file=$work/munge/log --seed-file=$work/munge/seed \
    >munge.log 2>&1 &

cat >$work/slurm.conf <<END
ClusterName=farm
SlurmctldHost=$name(10.77.0.1)
SlurmUser=root
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$work/munge/socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/linear
MpiDefault=none
ReturnToService=2
NodeName=$name NodeAddr=10.77.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=farm Nodes=ALL Default=YES OverSubscribe=FORCE:4 State=UP
END
echo 'CgroupPlugin=disabled' >$work/cgroup.conf
export SLURM_CONF=$work/slurm.conf
for _ in $(seq 100); do
    [ -S $work/munge/socket ] && break
    sleep 0.1
done
slurmctld -D >slurmctld.log 2>&1 &
slurmd -D >slurmd.log 2>&1 &
for _ in $(seq 300); do
    sinfo --noheader --format=%T 2>/dev/null | grep -q idle && break
    sleep 0.1
done

cd job
sbatch --parsable slurm-job.sh
# A question that fails, on a busy machine, is no answer.
while ! { left=$(squeue --noheader) && [ -z "$left" ]; }; do
    # The second task's second frame: its program is at work on the third.
    if [ ! -e ../killed ] && [ -e painted/shot.1008.png ]; then
        pkill --signal KILL --full -- '--frames 1007' && touch ../killed
    fi
    # What is tried again would wait for two minutes. A start in the second of the requeue would be
    # refused: Slurm revokes what was to start until then.
    if [ -e ../killed ] && [ ! -e ../hastened ]; then
        for again in $(squeue --noheader --array --states=PENDING --format=%i); do
            scontrol update JobId="$again" StartTime=now+3 && touch ../hastened
        done
    fi
    sleep 0.1
done
cat slurm-*.out
