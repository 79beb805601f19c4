"""What is measured of a tool on one corpus, and in which order.

cold        no output, no cache but the file cache (and Opas's picture cache)
unchanged   again over the same output, nothing changed
one edit    one article's body grew by a paragraph since the last run
pictures    Opas only: a cold run with the picture cache empty too
serve       seconds to the first page of the dev server, and from a saved edit to the page that has it
"""
import shutil
import statistics
import time
from dataclasses import asdict, dataclass, field

import latency
import measure


@dataclass
class Figures:
    """The runs of one tool in one scenario."""
    tool: str
    scenario: str
    runs: list = field(default_factory=list)
    note: str = ""

    def add(self, run):
        self.runs.append(run)
        if run.failed:
            self.note = run.failed
        return not run.failed and not run.over

    def median(self, what):
        return statistics.median(getattr(run, what) for run in self.runs)

    @property
    def over(self):
        return any(run.over for run in self.runs)

    def record(self):
        kept = {"tool": self.tool, "scenario": self.scenario, "note": self.note, "runs": [asdict(r) for r in self.runs]}
        if self.runs:
            kept |= {"wall": self.median("wall"), "cpu": self.median("cpu"), "peak": self.median("peak"), "over": self.over}
        return kept


class Bench:
    """Measures on one corpus, in a folder of its own."""

    def __init__(self, corpus, work, runs, limit, edits, say):
        self.corpus, self.work, self.runs, self.limit, self.edits, self.say = corpus, work, runs, limit, edits, say
        self.figures, self.sizes, self.served = [], {}, {}

    def builds(self, peer):
        """Every build scenario of a tool; stops at the first that fails or takes too long."""
        if peer.pages or not peer.home.exists():
            self.prepare(peer)
        if hasattr(peer, "clean_pictures"):
            peer.clean()
            peer.clean_pictures()
            if not self.once(peer, "pictures"):
                return
        if not (self.repeat(peer, "cold", peer.clean) and peer.pages):
            return
        if self.repeat(peer, "unchanged", lambda: None):
            source = peer.source(self.edited())
            original = source.read_bytes()
            self.repeat(peer, "one edit", lambda: grow(source))
            source.write_bytes(original)

    def prepare(self, peer):
        self.say(f"{peer.name}: laying out {len(self.corpus.articles)} articles")
        shutil.rmtree(peer.home, ignore_errors=True)
        peer.home.mkdir(parents=True)
        peer.prepare(self.corpus)

    def edited(self):
        """The article to edit: one in the middle, as much linked to as any."""
        return self.corpus.articles[len(self.corpus.articles) // 2]

    def once(self, peer, scenario):
        return self.repeat(peer, scenario, lambda: None, 1)

    def repeat(self, peer, scenario, before, runs=None):
        """`runs` runs, each after `before`; False if one failed or took too long."""
        figures = Figures(peer.name, scenario)
        self.figures.append(figures)
        for number in range(runs or self.runs):
            before()
            good = figures.add(measure.run(peer.build(), peer.home, self.limit, self.work / f"{peer.binary}.log"))
            self.say(f"{peer.name}: {scenario} {number + 1}: {figures.runs[-1].wall:.2f} s {figures.note}")
            if not good:
                return False
        if scenario == "cold":
            self.sizes[peer.name] = measure.tree_size(peer.out)
        return True

    def copy(self, peer):
        """`cp -r` of a tool's output: what the disk asks for it."""
        figures, to = Figures(f"cp -r of {peer.name}'s output", "cold"), self.work / "copy"
        self.figures.append(figures)
        for _ in range(self.runs):
            measure.put_away(to)
            figures.add(measure.run(["cp", "-r", peer.out, to], self.work, self.limit, self.work / "cp.log"))
        measure.put_away(to)

    def serve(self, peer):
        """The dev server's latencies, if it has one."""
        if peer.serve(0) is None:
            return
        article = self.edited()
        try:
            first, times = latency.latencies(peer.serve, peer.home, peer.source(article), peer.page(article),
                                             self.edits, self.limit, self.work / f"{peer.binary}-serve.log")
        except latency.Unserved as problem:
            self.served[peer.name] = {"note": str(problem)}
        else:
            self.served[peer.name] = {"first": first, **latency.summary(times), "times": times}
        self.say(f"{peer.name}: serve {self.served[peer.name]}")


def grow(source):
    """One more paragraph, another one every time."""
    with source.open("a", encoding="utf-8") as file:
        file.write(f"\nLisätty kappale {time.time_ns()}.\n")
