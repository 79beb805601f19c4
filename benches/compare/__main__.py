#!/usr/bin/env python3
"""Builds and serves the same articles with Opas and its peers, one after another, and compares.

1. Find the tools; those that are missing are listed with how to install them.
2. Take the corpora as given, or multiply the first one with `make_scale.py` from beside it.
3. For each corpus and tool: lay the articles out as the tool wants them, build cold, unchanged and after
   one edit, then time its dev server from a saved edit to the page that has it.
4. Print a Markdown table of medians with ratios to Opas; write it and every run as JSON.
"""
import argparse
import datetime
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import corpus
import peers
import scenarios
import table

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Settings:
    corpora: list
    sizes: list
    tools: list
    only: list
    runs: int
    limit: float
    edits: int
    work: Path
    report: Path


def arguments():
    parser = argparse.ArgumentParser(prog="compare", description=__doc__.split("\n")[0])
    parser.add_argument("--corpus", type=Path, action="append", default=[], metavar="PORTAL",
                        help="a portal to build; may be given again (default: bc-fi of ../shared/corpora beside the project)")
    parser.add_argument("--articles", default="873,10000", metavar="N,…",
                        help="sizes to multiply the first corpus to, with make_scale.py from beside it; its own size is itself")
    parser.add_argument("--tools", type=Path, action="append", default=[], metavar="DIR", help="a folder of programs besides the PATH")
    parser.add_argument("--only", default="", metavar="TOOL,…", help="of these programs only, e.g. opas,hugo")
    parser.add_argument("--runs", type=int, default=3, help="runs of each build; the median counts")
    parser.add_argument("--edits", type=int, default=5, help="edits of each dev server; 0 leaves the servers out")
    parser.add_argument("--limit", type=float, default=300, metavar="SECONDS", help="for one run, then it is stopped")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "opas-compare", help="scratch folder; not one that a .gitignore hides, mdBook would not watch it")
    parser.add_argument("--report", type=Path, help="folder for compare.md and compare.json (default: the scratch folder)")
    given = parser.parse_args()
    default = PROJECT.parent / "shared" / "corpora" / "bc-fi"
    corpora = given.corpus or ([default] if default.is_dir() else [])
    if not corpora:
        parser.error(f"no corpus: {default} does not exist; name a portal with --corpus")
    return Settings(
        [c.resolve() for c in corpora], [int(n) for n in given.articles.split(",") if n], [t.resolve() for t in given.tools],
        [t for t in given.only.split(",") if t], given.runs, given.limit, given.edits, given.work.resolve(),
        (given.report or given.work).resolve())


def portals(settings):
    """The portals to build, smallest first: those given, and the first one in the sizes asked for."""
    first = settings.corpora[0]
    own = len(corpus.read(first).articles)
    found = {own: first}
    for portal in settings.corpora[1:]:
        found[len(corpus.read(portal).articles)] = portal
    for size in settings.sizes:
        if size in found:
            continue
        made, script = settings.work / f"portal-{size}", first.parent / "make_scale.py"
        if not (made / "opas.toml").is_file():
            if not script.is_file():
                say(f"{script} is not there: {size} articles left out")
                continue
            say(f"making {size} articles of {first.name}")
            subprocess.run([sys.executable, script, first, made.with_suffix(".part"), str(size)], check=True)
            made.with_suffix(".part").rename(made)
        found[size] = made
    wanted = set(settings.sizes) | {len(corpus.read(p).articles) for p in settings.corpora[1:]}
    return [found[size] for size in sorted(found) if size in wanted or not settings.sizes]


def measure_portal(portal, settings):
    """Every tool on one portal, in turn."""
    articles = corpus.read(portal)
    work = settings.work / str(len(articles.articles))
    work.mkdir(parents=True, exist_ok=True)
    bench = scenarios.Bench(articles, work, settings.runs, settings.limit, settings.edits, say)
    tools = [tool(work, settings.tools) for tool in peers.ALL]
    tools = [tool for tool in tools if tool.found() and (not settings.only or tool.binary in settings.only)]
    for tool in tools:
        if not tool.pages:
            built = [t for t in tools if t.pages and t.name in bench.sizes]
            if not built:
                continue
            # Of pages as plain as can be, if there are such: the index is of their text.
            tool.over = next((t for t in built if t.binary == "hugo"), built[0]).out
        bench.builds(tool)
        if tool.binary == "opas" and tool.name in bench.sizes:
            bench.copy(tool)
        if settings.edits and tool.name in bench.sizes:
            bench.serve(tool)
    return {"portal": portal.name, "articles": len(articles.articles), "does": {t.name: t.does for t in tools},
            "figures": [f.record() for f in bench.figures], "sizes": bench.sizes, "served": bench.served}


def machine():
    try:
        cpu = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                    if line.startswith("model name")), platform.processor())
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        cpu, pages = platform.processor(), 0
    return {"cores": os.cpu_count(), "cpu": cpu, "memory": table.size_text(pages), "system": platform.platform(terse=True),
            "load": f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "?"}


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    settings = arguments()
    settings.work.mkdir(parents=True, exist_ok=True)
    settings.report.mkdir(parents=True, exist_ok=True)
    all_tools = [tool(settings.work, settings.tools) for tool in peers.ALL]
    result = {
        "date": datetime.date.today().isoformat(), "machine": machine(),
        "versions": {t.name: t.version() for t in all_tools if t.found() and (not settings.only or t.binary in settings.only)},
        "missing": {t.name: t.install for t in all_tools if not t.found()}, "corpora": []}
    if not result["versions"]:
        say("none of the tools is there:\n" + "\n".join(f"  {n}: {i}" for n, i in result["missing"].items()))
        return 2
    for portal in portals(settings):
        result["corpora"].append(measure_portal(portal, settings))
        text = table.markdown(result)
        # After every corpus: a session that is broken off keeps what it has.
        (settings.report / "compare.md").write_text(text, "utf-8")
        (settings.report / "compare.json").write_text(json.dumps(result, ensure_ascii=False, indent=1), "utf-8")
    for portal in result["corpora"]:
        shutil.rmtree(settings.work / str(portal["articles"]), ignore_errors=True)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
