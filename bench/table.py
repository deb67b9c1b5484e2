"""Figures beside their targets, as a table for the terminal and for docs."""
import datetime
import os

# What is to be reached, in ms of CPU a request over all processes; MB for memory. By line and engine.
TARGETS = {
    "thread": {"sqlite": 0.5, "postgresql": 1.0},
    "list": {"sqlite": 0.4, "postgresql": 0.4},
    "search": {"sqlite": 3.0, "postgresql": 3.0},
    "reply": {"sqlite": 1.5, "postgresql": 1.5},
    "queue": {"sqlite": 3.0, "postgresql": 3.0},
    **dict.fromkeys(("offer", "offer-taken", "letter", "letter-read"), {"sqlite": 3.0, "postgresql": 3.0}),
    "memory": {"sqlite": 150.0, "postgresql": 150.0},
    "gzip": {"sqlite": 0.2, "postgresql": 0.2},
}
# The targets come from another machine, where a bare answer of the thread page's size cost this much. A slower machine
# is slower at everything: both readings are printed, in ms and in floors.
TARGETS_FLOOR = 0.05
# With a million accounts and five million items in the file: at most so many times the demo's figure.
RATIOS = {"thread": 1.3, "list": 2.0, "search": 2.0}
LARGEST = (64_000, 18_000)  # bytes of the thread page, plain and compressed
AIMS = {"thread": "aim 0.38: a tenth of the lightest forum in use (3.8)"}

NAMES = {
    "thread": "thread page, 50 posts of 600 characters, signed in, filters on",
    "list": "list page of a room, 20 threads, signed in, filters on",
    "search": "search of a common word, newest first",
    "reply": "new reply: gate, case check, audit, index",
    "offer": "an offer: its share of a post that is sent, matched and put before two supporters",
    "offer-taken": "taking an offer",
    "letter": "a letter sent: gate, series, its place in the queue",
    "letter-read": "a letter read first: a moderator's yes, and its delivery",
    "queue": "queue page, 20,000 waiting, 50 deciding, 20 posts a second arriving",
    "queue-quiet": "queue page, 20,000 waiting, nobody else there",
}

# One line each: what the time goes to. Set by whoever has profiled it, with `perf record -g` on the release build.
LIMITS = {
    "thread": "about half is writing the page (fifty articles of a dozen parts, made as pieces and joined), a third reading: "
    "SQLite's own steps, text into strings, the reader's muted words over every text; the rest is the bare answer. With "
    "PostgreSQL, four round trips (who asks and their choices; thread and room; replies; badges), each waking two processes",
    "list": "the same for twenty articles. With PostgreSQL its own processes alone take more than the target: who asks and "
    "their choices, the room with its duty, and the threads are plans of a dozen nodes each, set up anew for every request",
    "search": "the list page, and the index's walk from the newest",
    "reply": "the write itself: item, index, thread's count, notice, one commit; with PostgreSQL twelve changes and "
    "three reads, each change sent along with the next: its own processes use nearly the whole target",
    "offer": "the post's facts and every supporter of the room are read once for all posts that are due",
    "queue": "twenty rows with their parts in words; the counts stop at a hundred",
    "memory": "content, rules and the connections' page caches",
}


def verdict(key, engine, value):
    target = TARGETS.get(key, {}).get(engine)
    if target is None:
        return "", ""
    return f"{target:g}", "met" if value <= target else f"not met ({value / target:.1f} x)"


def machine():
    with open("/proc/meminfo") as lines:
        memory = int(next(line for line in lines if line.startswith("MemTotal")).split()[1]) / 1024 / 1024
    return f"{os.cpu_count()} cores, {memory:.0f} GiB"


def rows(results):
    """(what, engine, ms CPU, of it PostgreSQL's, floor, times floor, bytes, a second, p99, target, met) as words."""
    made = []
    for engine, result in results.items():
        for key, figure in result["figures"].items():
            floor = result["floors"].get(key)
            target, met = verdict(key, engine, figure.cpu_ms)
            if figure.failed:
                met = f"{figure.failed} of {figure.requests} failed: no figure"
            floors, within = "", ""
            if floor and target:
                most = float(target) / TARGETS_FLOOR
                floors, within = f"{most:g}", "met" if figure.cpu_ms / floor <= most else "not met"
            made.append([
                NAMES.get(key, key), engine, f"{figure.cpu_ms:.3f}", f"{figure.database_ms:.3f}" if figure.database_ms else "", f"{floor:.3f}" if floor else "",
                f"{figure.cpu_ms / floor:.1f}" if floor else "", f"{figure.size:,}" if figure.size else "",
                f"{figure.per_second:.0f}" if figure.per_second else "", f"{figure.p99_ms:.1f}" if figure.per_second else "", target, met, floors, within])
    return made


HEADS = ["what", "engine", "CPU ms", "of it PostgreSQL", "floor ms", "times floor", "bytes", "a second", "p99 ms", "target ms", "met", "target in floors", "met"]


def markdown(heads, lines):
    return "\n".join(["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
                     + ["| " + " | ".join(map(str, line)) + " |" for line in lines])


def plain(heads, lines):
    wide = [max(len(str(line[place])) for line in [heads, *lines]) for place in range(len(heads))]
    return "\n".join("  ".join(str(part).ljust(width) for part, width in zip(line, wide)).rstrip() for line in [heads, *lines])


def beside(results):
    """What is printed beside the figures: compression, memory, arrival."""
    made = []
    for engine, result in results.items():
        for key, (plain_size, small, more) in result["gzip"].items():
            target, met = verdict("gzip", engine, more)
            if more < -0.05:
                met = "no figure: less than the machine's noise"
            floor = result["floors"].get(key)
            if floor and met.startswith("not"):
                most = 0.2 / TARGETS_FLOOR
                met += f"; {more / floor:.1f} floors of {most:g}: " + ("met" if more / floor <= most else "not met")
            made.append([f"compression of the {key} page", engine, f"{more:+.3f} ms", f"{plain_size:,} to {small:,} bytes", target, met])
        if "thread" in result["gzip"]:
            plain_size, small, _ = result["gzip"]["thread"]
            fits = plain_size <= LARGEST[0] and small <= LARGEST[1]
            made.append(["size of the thread page", engine, f"{plain_size:,} bytes", f"{small:,} compressed",
                         f"{LARGEST[0]:,} and {LARGEST[1]:,}", "met" if fits else "not met"])
        target, met = verdict("memory", engine, result["memory"])
        made.append(["server memory after everything (VmRSS)", engine, f"{result['memory']:.0f} MB",
                     f"{result['memory_start']:.0f} MB at the start, {result['memory_most']:.0f} MB at most", target, met])
        shift = result.get("shift")
        if shift:
            made.append([
                "posts that arrived and were queued", engine, f"{shift['per_second']:.1f} a second",
                f"{shift['queued']} of {shift['posted']} queued, p95 {shift['p95']:.0f} ms, {shift['decided']} decided meanwhile",
                "20 a second, all", "met" if shift["queued"] == shift["posted"] and shift["per_second"] >= 19 else "not met"])
    return made


SCREENING_HEADS = ["the screening alone, one core, rules and models", "value", "target", "met"]


def screening(figures):
    """The engine's own figures, against the bar of its own page."""
    def line(what, value, target, met):
        return [what, value, target, "met" if met else "not met"]

    speed, worst = figures["postsPerSecond"], figures["worstMilliseconds"]
    start, memory = figures["startMilliseconds"], figures["megabytes"]
    return [
        line(f"short posts a second ({figures['meanCharacters']:.0f} characters in the mean, half of them worrying)",
             f"{speed:,.0f}", "20,000", speed >= 20_000),
        line(f"64 KiB of the worst case ({figures['worst']})", f"{worst:.1f} ms", "20 ms", worst < 20),
        line("reading rules and models at the start", f"{start:.0f} ms", "300 ms", start < 300),
        line("memory that they take (VmRSS)", f"{memory:.0f} MB", "60 MB", memory < 60),
    ]


STATISTICS_HEADS = ["matching, statistics and reviews alone, one core", "value", "target", "met"]


def statistics(figures):
    def line(what, seconds, target):
        return [what, f"{seconds:.2f} s", f"{target} s", "met" if seconds < target else "not met"]

    pairs, month = figures["duplicates"], figures["month"]
    return [
        line(f"a month of a thousand members simulated: {month['posts']:,} posts, {month['supporters']} supporters", month["seconds"], 60),
        line("matching 10,000 open posts with 2,000 supporters", figures["matchingSeconds"], 1),
        line(f"scoring {figures['forms']:,} forms of {figures['items']} answers ({figures['measure']}), with bands, lines and risks",
             figures["scoringSeconds"], 2),
        line(f"acceptability curve: {figures['people']:,} people drawn {figures['resamples']:,} times, {figures['points']} points",
             figures["curveSeconds"], 2),
        line(f"duplicates among {pairs['records']:,} made-up records: {pairs['foundPairs']:,} of {pairs['truePairs']:,} pairs found "
             f"({pairs['foundShare']:.1%}), {pairs['falsePairs']} false", pairs["seconds"], 5),
    ]


BESIDE_HEADS = ["beside", "engine", "value", "more", "target", "met"]


def document(results, engine_alone, methods, seconds, build):
    today = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    parts = [
        "# Benchmarks", "",
        "Written by `make bench`; not by hand.", "",
        f"{today}, {machine()}, {build} build, about {seconds} s a figure after one to warm up (pages: the middle of three turns; letters: of five),",
        "loopback, wrk with four connections.",
        "CPU is user and system time of every server process (with PostgreSQL, all of its processes too) over the requests",
        "answered, without compression. Floor: a bare Hummingbird answer of the same size in the same run.", "",
        f"The targets in ms were set where a bare answer cost {TARGETS_FLOOR} ms; in floors they are the same targets on this machine.", "",
        markdown(HEADS, rows(results)), "",
        markdown(BESIDE_HEADS, beside(results)), "", markdown(SCREENING_HEADS, screening(engine_alone)), "",
        markdown(STATISTICS_HEADS, statistics(methods)), "",
        "For comparison, measured elsewhere on two cores with the same content: 50 rows from SQLite's C interface 0.036 ms,",
        "through GRDB 0.15; the lightest forum in use (plain PHP): thread page 3.8 ms, list 3.5, search 39, reply 5.2.", "",
        "What limits each:", "", *(f"- {NAMES.get(key, key)}: {text}" for key, text in LIMITS.items()),
        *(f"- {NAMES[key]}: {text}" for key, text in AIMS.items()), ""]
    for engine, result in results.items():
        for warning in result["warnings"]:
            parts += [f"Note ({engine}): {warning}", ""]
    return "\n".join(parts)


def large_document(rows_made, accounts, items, build):
    today = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    return "\n".join([
        "# Benchmarks at size", "", "Written by `make bench-large`; not by hand.", "",
        f"{today}, {machine()}, {build} build, {accounts:,} accounts and {items:,} items beside the demo's 300, in the same run.",
        "CPU ms a request over all server processes.", "", markdown(LARGE_HEADS, rows_made), ""])


LARGE_HEADS = ["what", "engine", "demo", "large", "ratio", "target", "met"]


def large_rows(engine, demo, large):
    made = []
    for key, target in RATIOS.items():
        ratio = large[key].cpu_ms / demo[key].cpu_ms
        failed = demo[key].failed + large[key].failed
        met = "met" if ratio <= target else "not met"
        if engine == "postgresql":
            target, met = "", "printed apart"
        made.append([NAMES[key], engine, f"{demo[key].cpu_ms:.3f}", f"{large[key].cpu_ms:.3f}", f"{ratio:.2f}", target,
                     f"{failed} requests failed: no figure" if failed else met])
    return made
