"""From a saved edit to the page that a dev server hands out with it.

A word that stood nowhere before is put into an article; the page is asked for until it has the word.
That is what a writer waits for, whatever the tool does in between. Servers that tell browsers to
reload do so at about the same time; asking works alike for all of them.
"""
import os
import socket
import statistics
import subprocess
import time
import urllib.error
import urllib.request

import measure

POLL = 0.01


class Unserved(Exception):
    """The server ended, or did not answer in time."""


def latencies(serve, folder, article, page, edits, limit, log):
    """Seconds until the first page, and the seconds of each of `edits` edits of the file `article`.

    `serve(port)` gives the command, `page` the address below the server's root. The file gets its old
    text back at the end.
    """
    port = free_port()
    original = article.read_bytes()
    with log.open("wb") as out:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in serve(port)], cwd=folder, stdout=out, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            url = f"http://127.0.0.1:{port}/{page}"
            first = until(lambda body: body is not None, url, start, limit, process)
            time.sleep(2)  # a watcher that starts after the first answer
            times = []
            for number in range(edits):
                word = f"muokkaus{os.getpid()}n{number}"
                saved = time.perf_counter()
                article.write_bytes(original + f"\n\n{word}\n".encode())
                times.append(until(lambda body: body is not None and word.encode() in body, url, saved, limit, process))
                time.sleep(0.5)
            return first, times
        finally:
            article.write_bytes(original)
            measure.stop_tree(process.pid)
            process.wait()


def until(good, url, start, limit, process):
    """Seconds from `start` until `good` says yes to the page."""
    while time.perf_counter() - start < limit:
        if process.poll() is not None:
            raise Unserved("the server ended")
        if good(get(url, limit)):
            return time.perf_counter() - start
        time.sleep(POLL)
    raise Unserved(f"over {limit} s")


def get(url, limit):
    """The page's bytes, or None while the server has none."""
    try:
        with urllib.request.urlopen(url, timeout=limit) as answer:
            return answer.read()
    except (OSError, urllib.error.URLError, ValueError):
        return None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def summary(times):
    ordered = sorted(times)
    return {"median": statistics.median(ordered), "max": ordered[-1], "edits": len(ordered)}
