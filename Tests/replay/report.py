"""What one replay says: counts, delays, errors, and failures by id."""
import collections

STATES = ("shown", "waiting", "held", "refused")


def share(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


def outcome(post):
    if post.refusal:
        return "refused"
    return post.state if post.state in STATES else (post.state or "unanswered")


def gathered(engine, program, reading, evening, findings, cases, threads_walked, seconds, crash):
    posts = evening.posts
    sets = {}
    for source in sorted({post.source for post in posts}):
        mine = [post for post in posts if post.source == source]
        counts = collections.Counter(map(outcome, mine))
        sets[source] = {
            "posts": len(mine), **{state: counts.pop(state, 0) for state in STATES},
            "heldForRisk": sum(post.state == "held" and post.reason == "risk" for post in mine),
            "helpAtOnce": sum(post.help == "atOnce" for post in mine),
        }
        if counts:
            sets[source]["other"] = sum(counts.values())
    delays = [post.milliseconds for post in posts if post.is_kept]
    tally = evening.tally
    failed = {what: ids for what, ids in findings.failed.items() if ids}
    return {
        "engine": engine, "program": program,
        "lines": reading.lines, "posts": len(posts), "linesSplit": reading.split,
        "linesUnreadable": len(reading.unreadable), "members": len(evening.town.members), "seconds": round(seconds),
        "sets": sets,
        "reasons": dict(collections.Counter(
            f"{post.state}: {post.reason}" for post in posts if post.is_kept and post.reason).most_common()),
        "refusals": dict(collections.Counter(post.refusal for post in posts if post.refusal).most_common()),
        "cases": cases,
        "alarms": evening.alarms,
        "delayMilliseconds": {
            "p50": round(share(delays, 0.5), 1), "p95": round(share(delays, 0.95), 1),
            "p99": round(share(delays, 0.99), 1), "most": round(max(delays, default=0), 1)},
        "requests": sum(tally.by_status.values()),
        "byStatus": {str(status): count for status, count in sorted(tally.by_status.items())},
        "refusedRequests": dict(tally.refusals.most_common(12)),
        "serverErrors": dict(tally.server_errors.most_common()),
        "lostConnections": tally.lost_connections,
        "pagesRead": evening.pages_read, "threadsWalked": threads_walked, "liveEvents": evening.live_events,
        "reports": len(evening.reports), "staffActs": dict(evening.decided),
        "toldToWait": evening.told_to_wait, "hoursAdvanced": evening.advanced // 3600,
        "crash": crash,
        "invariants": {what: {"checked": count, "failed": len(failed.get(what, []))}
                       for what, count in sorted(findings.checked.items())},
        "failures": {what: sorted(set(ids))[:50] for what, ids in failed.items()},
        "faults": evening.faults,
        "holds": not failed and not tally.server_errors and not evening.faults and not tally.lost_connections,
    }


def told(result):
    """The same for a person at a terminal."""
    lines = [f"\n{result['engine']} ({result['program']} build): {result['posts']} posts by {result['members']} members, "
             f"{result['requests']} requests in {result['seconds']} s"]
    if result["linesSplit"] or result["linesUnreadable"]:
        lines.append(f"  {result['linesSplit']} lines of more than 10,000 characters were split, "
                     f"{result['linesUnreadable']} lines were no post")
    heads = ("posts", *STATES, "for risk", "help at once")
    wide = max(len(name) for name in [*result["sets"], "all"])
    lines.append("  " + "set".ljust(wide) + "".join(head.rjust(13) for head in heads))
    total = collections.Counter()
    for name, row in result["sets"].items():
        values = [row["posts"], *(row[state] for state in STATES), row["heldForRisk"], row["helpAtOnce"]]
        total.update(dict(zip(heads, values)))
        lines.append("  " + name.ljust(wide) + "".join(str(value).rjust(13) for value in values))
    lines.append("  " + "all".ljust(wide) + "".join(str(total[head]).rjust(13) for head in heads))
    for title, counts in (("why not shown at once", result["reasons"]), ("refused", result["refusals"]),
                          ("staff", result["staffActs"])):
        if counts:
            lines.append(f"  {title}: " + ", ".join(f"{what} {count}" for what, count in counts.items()))
    cases = result["cases"]
    lines.append(
        f"  cases open {cases['open']}, urgent {cases['urgent']} (with an owner {cases['urgentOwned']}, overdue "
        f"{cases['urgentOverdue']}, climbed {cases['urgentAtHigherTier']}); alarms that left since the restart {result['alarms']}")
    delay = result["delayMilliseconds"]
    lines.append(f"  delay of a post: p50 {delay['p50']} ms, p95 {delay['p95']} ms, p99 {delay['p99']} ms, most {delay['most']} ms")
    lines.append("  answers: " + ", ".join(f"{status} {count}" for status, count in result["byStatus"].items())
                 + f"; lost connections {result['lostConnections']}")
    if result["refusedRequests"]:
        lines.append("  refused requests: " + ", ".join(f"{what} {count}" for what, count in result["refusedRequests"].items()))
    if result["toldToWait"]:
        lines.append(f"  told to wait {result['toldToWait']} times (sent again by somebody else); the clock was moved "
                     f"{result['hoursAdvanced']} hours")
    crash = result["crash"]
    lines.append(f"  kill -9 after {crash['acknowledged']} acknowledged posts: {crash['missing']} missing after the restart "
                 f"({crash['seconds']} s down{', database crashed too' if crash['databaseToo'] else ''})")
    lines.append(f"  read meanwhile: {result['pagesRead']} pages, {result['reports']} reports, {result['liveEvents']} live events; "
                 f"walked afterwards: {result['threadsWalked']} threads")
    for what, counts in result["invariants"].items():
        mark = "holds " if not counts["failed"] else "FAILED"
        lines.append(f"  {mark} {what} ({counts['checked']} checks{', failed ' + str(counts['failed']) if counts['failed'] else ''})")
    for what, ids in result["failures"].items():
        lines.append(f"  failed, {what}: {' '.join(ids[:20])}{' ...' if len(ids) > 20 else ''}")
    for what, count in result["serverErrors"].items():
        lines.append(f"  SERVER ERROR {what}: {count}")
    for fault in result["faults"]:
        lines.append(f"  FAULT {fault}")
    return "\n".join(lines)
