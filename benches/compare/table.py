"""The figures as a Markdown table, with ratios to Opas."""

SCENARIOS = ["cold", "unchanged", "one edit", "pictures"]


def markdown(result):
    """The whole report: the machine, then a table for each corpus."""
    machine = result["machine"]
    lines = [
        f"{result['date']}, {machine['cores']} cores ({machine['cpu']}), {machine['memory']} of memory, {machine['system']}, "
        f"load before {machine['load']}.", "",
        "Versions: " + "; ".join(f"{name} ({version})" for name, version in result["versions"].items()) + ".", ""]
    for corpus in result["corpora"]:
        lines += [f"## {corpus['articles']:,} articles", ""]
        lines += table(["tool", "does", "build", "wall", "CPU", "peak memory", "output", "to Opas"], build_rows(corpus))
        if corpus["served"]:
            lines += ["", *table(["dev server", "first page", "edit to page, median", "worst", "to Opas"], serve_rows(corpus))]
        lines.append("")
    if result["missing"]:
        lines += ["Not measured, for want of the program:", ""]
        lines += [f"- {name}: `{install}`" for name, install in result["missing"].items()] + [""]
    return "\n".join(lines)


def build_rows(corpus):
    own = {f["scenario"]: f["wall"] for f in corpus["figures"] if f["tool"] == "Opas" and "wall" in f and not f["note"]}
    rows = []
    for figures in sorted(corpus["figures"], key=lambda f: SCENARIOS.index(f["scenario"])):
        row = [figures["tool"], corpus["does"].get(figures["tool"], ""), figures["scenario"]]
        if figures["note"]:
            rows.append([*row, "failed", "", "", "", ""])
            continue
        base = own.get(figures["scenario"])
        size = corpus["sizes"].get(figures["tool"]) if figures["scenario"] == "cold" else None
        more = "over " if figures["over"] else ""
        rows.append([*row, more + seconds(figures["wall"]), more + seconds(figures["cpu"]), more + size_text(figures["peak"]),
                     f"{size_text(size[0])}, {size[1]:,} files" if size else "",
                     more + f"{figures['wall'] / base:.2f}" if base else ""])
    return rows


def serve_rows(corpus):
    own = corpus["served"].get("Opas", {}).get("median")
    rows = []
    for name, served in corpus["served"].items():
        if "median" not in served:
            rows.append([name, served["note"], "", "", ""])
            continue
        rows.append([name, seconds(served["first"]), seconds(served["median"]), seconds(served["max"]),
                     f"{served['median'] / own:.1f}" if own else ""])
    return rows


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def seconds(value):
    if value < 1:
        return f"{value * 1000:.0f} ms"
    return f"{value:.2f} s" if value < 10 else f"{value:.0f} s"


def size_text(size):
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size:.0f} B"
