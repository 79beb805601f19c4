"""One run of a command: wall, CPU and peak memory of the whole tree of processes, bounded in time."""
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    wall: float
    """Seconds; the limit if it was reached."""
    cpu: float
    """Seconds, user and system, children included."""
    peak: int
    """Bytes: the largest single process, or the largest sum over the tree, whichever is more."""
    over: bool
    """Whether the time limit ended it."""
    failed: str
    """The end of its output if it failed, else empty."""


def run(command, folder, limit, log, environment=None):
    """Runs `command` in `folder`, its output going to the file `log`; killed with its tree after `limit` seconds."""
    with log.open("wb") as out:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], cwd=folder, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            start_new_session=True, env={**os.environ, **(environment or {})})
        watch = TreeMemory(process.pid)
        timer = threading.Timer(limit, stop_tree, [process.pid])
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        timer.cancel()
        peak = max(watch.finish(), largest(usage))
    over = wall >= limit
    failed = "" if process.returncode == 0 or over else tail(log) or f"exit status {process.returncode}"
    return Run(min(wall, limit) if over else wall, usage.ru_utime + usage.ru_stime, peak, over, failed)


def largest(usage):
    """The largest process that ended, in bytes; 0 if it may be this program's own size, which a child starts with."""
    unit = 1 if sys.platform == "darwin" else 1024
    size, own = usage.ru_maxrss * unit, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return size if size > own else 0


def stop_tree(pid):
    """Ends a process started in a session of its own, with its children."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # it ended in the meantime


def tail(log, lines=4):
    text = log.read_text("utf-8", "replace").strip().splitlines()
    return " / ".join(line.strip() for line in text[-lines:])


class TreeMemory:
    """Samples the resident memory of a process and its descendants; where there is no /proc it sees nothing."""

    def __init__(self, pid, every=0.02):
        self.pid, self.every, self.peak, self.done = pid, every, 0, threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self):
        while not self.done.wait(self.every):
            self.peak = max(self.peak, sum(resident(pid) for pid in descendants(self.pid)))

    def finish(self):
        self.done.set()
        self.thread.join()
        return self.peak


def descendants(pid):
    found, queue = [], [pid]
    while queue:
        pid = queue.pop()
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                queue += [int(child) for child in task.read_text().split()]
            except OSError:
                continue  # it ended while we looked
    return found


def resident(pid):
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * resource.getpagesize()


def put_away(folder):
    """Takes a folder away without deleting it: it goes beside itself, and off the disk at the end.

    Some file systems (ext4 without a journal) look for minutes at each place that a deleted file had
    before they make a new one, so that thousands of deleted files slow down whoever writes next.
    """
    folder = Path(folder)
    if folder.exists():
        trash = folder.parent / ".trash"
        trash.mkdir(exist_ok=True)
        folder.rename(trash / f"{folder.name}-{time.time_ns()}")


def tree_size(folder):
    """Bytes and files below a folder."""
    size = files = 0
    for root, _, names in os.walk(folder):
        for name in names:
            size += os.lstat(os.path.join(root, name)).st_size
            files += 1
    return size, files
