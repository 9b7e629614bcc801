"""Runs a program, and prints its seconds from start to end and its peak memory in bytes as JSON.

    python -S alone.py OUT LIMIT PROGRAM [ARGUMENT ...]

What the program prints goes to the file OUT. After LIMIT seconds it is killed. This process stays small: the child of a
large one would report that one's memory as its own peak.
"""
import json
import os
import sys
import threading
import time

out, limit, *command = sys.argv[1:]
try:
    # Where memory runs out, the system ends what is measured here and nothing else.
    with open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")
except OSError:
    pass
target = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
start = time.perf_counter()
child = os.posix_spawnp(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, target, 1)])
timer = threading.Timer(float(limit), os.kill, (child, 9))
timer.daemon = True
timer.start()
_, status, usage = os.wait4(child, 0)
seconds = time.perf_counter() - start
timer.cancel()
print(json.dumps({
    "seconds": seconds,
    "peak_rss_bytes": usage.ru_maxrss * 1024,
    "status": os.waitstatus_to_exitcode(status),
    "timed_out": seconds >= float(limit),
}))
