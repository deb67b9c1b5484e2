"""What must hold, seen from outside. Every check gives ids of what failed, never words."""
import collections
import datetime
import itertools
import json
import re
import threading

from client import Gone
from posts import MARK


class Findings:
    def __init__(self):
        self.checked = collections.Counter()
        self.failed = collections.defaultdict(list)
        self.lock = threading.Lock()

    def check(self, what, holds, id):
        with self.lock:
            self.checked[what] += 1
            if not holds:
                self.failed[what].append(id)


HIDDEN = "nothing held, waiting or taken away is reachable by others"
RELEASED = "nothing is shown that neither the gate nor a person let out"
SEEN = "no answer during the run carried words that its reader may not see"
PUSHED_OUT = "no refused words anywhere"
URGENT = "every urgent item has a case with an owner or a running due time"
CASES = "everything that waits, is held or is offered help at once has an open case"
LOST = "nothing acknowledged is missing"
OWN = "authors can open what they wrote, whatever became of it"
WORDS = "what is kept is what was sent"
UNDONE = "no acknowledged decision, withdrawal or report is undone"
SEALED = "words that were never let out are not in clear in the database"
LOGS = "no words in the server's log"
VOICES = "an anonymous item never carries its writer's name"


def in_parallel(evening, things, act, count=6):
    """Runs act(client, thing) over all things; a lost server or a bug ends the check, not silently."""
    waiting, lock, wrong = iter(things), threading.Lock(), []

    def work():
        client = evening.checker()
        try:
            while not wrong:
                with lock:
                    thing = next(waiting, None)
                if thing is None:
                    return
                act(client, thing)
        except Gone as gone:
            wrong.append(f"no answer in a check: {str(gone)[:6]}...")
        except Exception as fault:
            wrong.append(f"{type(fault).__name__} in a check: {fault}"[:200])
        finally:
            client.close()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    evening.faults.extend(wrong)


# After the crash, and at the end

def still_there(evening, findings, posts, when):
    """Each acknowledged item, asked for by its author; keeps the state it is in now."""

    def look(client, post):
        item = client.get(f"/items/{post.id}", post.author).json.get("item", {})
        findings.check(OWN, bool(item), post.id)
        if not item:  # its page is closed to them, which is not the same as lost
            item = client.get(f"/items/{post.id}/sent", post.author).json.get("item", {})
        findings.check(f"{LOST} {when}", item.get("id") == post.id, post.id)
        if not item:
            post.now = None
            return
        post.now = item.get("state")
        findings.check(WORDS, (item.get("body") or "").split() == post.body.split(), post.id)
        if post.decisions and not post.unsure and all(known for *_, known in post.decisions):
            became = {"approve": "shown", "return": "returned", "hide": "hidden", "remove": "removed",
                      "withdraw": "withdrawn"}
            allowed = {became[act] for act, *_ in post.decisions}
            # Two people deciding at once: either may have been last. One alone must have come true.
            findings.check(UNDONE, post.now in allowed, post.id)

    in_parallel(evening, [post for post in posts if post.is_kept], look)


def reports_kept(evening, findings):
    by_person = collections.defaultdict(list)
    for viewer, id, item in evening.reports:
        by_person[viewer.called].append((viewer, id, item))

    def look(client, made):
        viewer = made[0][0]
        said = client.get("/reports", viewer).json.get("reports", [])
        known = {report.get("id") for report in said}
        for _, id, item in made:
            # A page of a person's reports is enough to hold what one evening makes.
            findings.check(UNDONE, id in known or len(said) >= 20, item)

    in_parallel(evening, by_person.values(), look)


# Reading

def others_can_not_reach(evening, findings, posts):
    """By id and by mark, as a stranger and as a member of the same room, on every surface that takes an id or a word."""
    town = evening.town
    neighbours = {room.key: town.neighbours(room, None) for room in town.rooms}
    tried = itertools.count()

    def look(client, post):
        turn = next(tried)
        near = neighbours[post.room.key]
        other = near[turn % len(near)]
        if other is post.author:
            other = near[(turn + 1) % len(near)]

        def check(holds, way, answer, viewer):
            who = "a stranger" if viewer is None else "a member of its room"
            findings.check(HIDDEN, holds, f"{post.id} ({post.now}) by {way} as {who}: {answer.status}")

        for viewer in (None, other):
            answer = client.get(f"/items/{post.id}", viewer)
            check(answer.status in (401, 403, 404) and post.mark not in answer.text, "id", answer, viewer)
            found = client.get(f"/search?q={post.mark}", viewer)
            check(post.id not in found.text and not found.json.get("items"), "search", found, viewer)
        if turn % 10 == 0:
            for viewer in (None, other):
                for path in ("", "/sent", "/edit", "/report"):
                    answer = client.get(f"/items/{post.id}{path}", viewer, page=turn % 20 == 0)
                    check(answer.status != 200 and post.mark not in answer.text, f"id{path}", answer, viewer)
                found = client.get(f"/search?q={post.mark}", viewer, page=True)
                check(post.id not in found.text, "search page", found, viewer)
        if turn % 25 == 0:
            for act, fields in (
                ("support", {"word": "hear"}), ("replies", {"body": "I hear you."}), ("mute", {}), ("block", {}),
                ("reports", {"kind": "wrong"}), ("edit", {"title": "Mine now", "body": "Mine now."}), ("withdraw", {}),
                ("uncovered", {}), ("professional", {}),
            ):
                answer = client.post(f"/items/{post.id}/{act}", other, fields)
                check(answer.status >= 400 and post.mark not in answer.text, f"POST {act}", answer, other)

    in_parallel(evening, posts, look)


def walk_everything(evening, findings, hidden):
    """Every list and every thread, page by page, as a stranger and as a member of each age; own pages of some members."""
    town = evening.town
    hidden_ids = {post.id: post for post in hidden}
    hidden_marks = {post.mark: post for post in hidden}
    found_threads = collections.defaultdict(set)

    def judge(answer, viewer, way, references=False):
        """On one's own pages the id of what one once answered or reported may stand; its words may not."""
        text = answer.text
        ids = set() if references else {id for id in re.findall(r"[0-9A-HJKMNP-TV-Z]{13}", text) if id in hidden_ids}
        ids |= {hidden_marks[mark].id for mark in MARK.findall(text) if mark in hidden_marks}
        for id in ids:
            if hidden_ids[id].author is not viewer:
                findings.check(HIDDEN, False, f"{id} ({hidden_ids[id].now}) on {way}")
        findings.checked[HIDDEN] += 1

    def walk(client, job):
        viewer, room, page = job
        cursor = ""
        for _ in range(2_000):
            answer = client.get(f"/rooms/{room.id}{cursor}", viewer)
            judge(answer, viewer, "a list")
            if page:
                judge(client.get(f"/rooms/{room.id}{cursor}", viewer, page=True), viewer, "a list page")
            said = answer.json
            for item in said.get("items", []):
                found_threads[room.key].add(item["id"])
            if not said.get("next"):
                return
            cursor = f"?before={said['next']}"

    viewers = [None] + [next(person for person in town.members if person.band == band and not person.csrf == "")
                        for band in sorted({person.band for person in town.members})]
    in_parallel(evening, [(viewer, room, True) for viewer in viewers for room in town.rooms], walk)

    def walk_thread(client, job):
        viewer, id, page = job
        cursor = ""
        for _ in range(500):
            answer = client.get(f"/items/{id}{cursor}", viewer)
            judge(answer, viewer, "a thread")
            if page:
                judge(client.get(f"/items/{id}{cursor}", viewer, page=True), viewer, "a thread page")
            if not answer.json.get("next"):
                return
            cursor = f"?after={answer.json['next']}"

    jobs = []
    for room in town.rooms:
        member = next(viewer for viewer in viewers[1:] if viewer.band == room.band)
        for place, id in enumerate(sorted(found_threads[room.key])):
            jobs.append((member, id, place % 4 == 0))
            if place % 4 == 1:
                jobs.append((None, id, True))
    in_parallel(evening, jobs, walk_thread)

    def own_pages(client, viewer):
        for path in ("/", "/today", "/mine", "/notices", "/talk", "/reports", "/standing", "/see", "/see/people", "/you",
                     "/you/export", "/you/devices", "/rooms", "/choose", "/write", "/look", "/you/erase"):
            judge(client.get(path, viewer), viewer, path, references=True)
            judge(client.get(path, viewer, page=True), viewer, f"{path} (page)", references=True)
        for format in ("json", "html"):
            answer = client.post("/you/export", viewer, {"words": " ".join(viewer.words), "format": format})
            if answer.status >= 400:
                evening.faults.append(f"POST /you/export gave {answer.status}")
            judge(answer, viewer, f"export ({format})", references=True)

    in_parallel(evening, town.members[:: max(1, len(town.members) // 12)], own_pages)

    def public_pages(client, path):
        for page in (True, False):
            judge(client.get(path, None, page=page), None, path)

    in_parallel(evening, [
        "/", "/rooms", "/choose", "/choose?intent=talk", "/counts", "/metrics", "/healthz", "/openapi.json", "/about",
        "/rules", "/privacy", "/help", "/session", "/today", "/mine", "/queue", "/delays", "/offline",
        *(f"/search?q={word}" for word in ("the", "and", "feel", "you", "zq", "zq*", "a")),
        *(f"/rooms/{room.id}/card" for room in town.rooms),
    ], public_pages)
    return sum(len(ids) for ids in found_threads.values())


def nothing_let_out_by_itself(findings, posts):
    for post in posts:
        if post.is_kept and post.now == "shown":
            findings.check(RELEASED, post.was_let_out, post.id)


def what_was_seen(evening, findings, posts):
    """Everything that anybody was answered during the whole run, judged by what became of each post."""
    staff = {person.called for person in evening.town.staff}
    by_mark = {post.mark: post for post in posts}
    for mark, places in evening.sightings.seen.items():
        post = by_mark.get(mark)
        if post is None:
            continue
        let_out_at = 0 if post.state == "shown" else min(
            (at for act, at, _ in post.decisions if act == "approve"), default=None)
        away = [at for act, at, _ in post.decisions if act != "approve"]
        back = [at for act, at, _ in post.decisions if act == "approve"]
        for (viewer, route), (first, last) in places.items():
            if viewer in staff or (post.author and viewer == post.author.called):
                continue
            if post.refusal:
                findings.check(PUSHED_OUT, False, f"post {post.number}")
                continue
            holds = let_out_at is not None and not (away and not back and last > max(away) and post.now != "shown")
            findings.check(SEEN, holds, f"{post.id} on {route}")
    for post in posts:
        if post.refusal:
            findings.checked[PUSHED_OUT] += 1


def voices_stay_apart(evening, findings, posts):
    def look(client, post):
        near = evening.town.neighbours(post.room, post.author)
        answer = client.get(f"/items/{post.id}", near[post.number % len(near)])
        if answer.status == 200:
            item = {key: value for key, value in answer.json["item"].items() if key not in ("title", "body")}
            findings.check(VOICES, f'"{post.author.called}"' not in json.dumps(item), post.id)

    in_parallel(evening, [post for post in posts if post.is_kept and post.anonymous and post.now == "shown"], look)


# Cases

def urgent_has_an_owner(evening, findings, posts):
    """Walks the whole queue as staff, then opens the case of everything urgent."""
    server, client = evening.server, evening.checker()
    now = server.tell("advance 0").split()[0]
    now = datetime.datetime.fromisoformat(now.replace("Z", "+00:00"))
    seen, by_item, at = {}, {}, 0
    while True:
        cases = client.get(f"/queue?from={at}", evening.town.staff[0]).json.get("cases", [])
        fresh = [case for case in cases if case["id"] not in seen]
        for case in fresh:
            seen[case["id"]] = case
            if case.get("item"):
                by_item[case["item"]] = case
        if not fresh:
            break
        at += len(cases)
    client.close()

    urgent = [post for post in posts if post.is_kept and post.state == "held" and post.reason == "risk"]
    urgent_ids = {post.id for post in urgent}

    def look(client, job):
        id, case = job
        said = client.get(f"/cases/{case['id']}", evening.town.staff[0])
        full = said.json.get("case", {}) if said.status == 200 else {}
        due = full.get("dueAt")
        running = bool(due) and (
            datetime.datetime.fromisoformat(due.replace("Z", "+00:00")) > now or str(full.get("tier", 0)) not in ("0", "moderator"))
        findings.check(URGENT, said.status == 200 and bool(full.get("claimedBy") or running), id)

    jobs = []
    for post in urgent:
        case = by_item.get(post.id)
        if case is None:
            # Only a person closes it; nobody here does.
            findings.check(URGENT, False, post.id)
        else:
            jobs.append((post.id, case))
    jobs += [(case.get("item") or case["id"], case) for case in seen.values()
             if case["urgent"] and case.get("item") not in urgent_ids]
    in_parallel(evening, jobs, look)

    for post in posts:
        # Whoever is offered help at once is known to staff as well, until a person has decided.
        if post.is_kept and (post.now in ("waiting", "held") or post.help == "atOnce" and not post.decisions):
            findings.check(CASES, post.id in by_item, post.id)
    urgent_cases = [case for case in seen.values() if case["urgent"]]
    return {
        "open": len(seen), "urgent": len(urgent_cases),
        "urgentOwned": sum(bool(case.get("claimedBy")) for case in urgent_cases),
        "urgentOverdue": sum(bool(case.get("overdue")) for case in urgent_cases),
        "urgentAtHigherTier": sum(str(case.get("tier", 0)) not in ("0", "moderator") for case in urgent_cases),
    }


# At rest

def words_at_rest(findings, posts, chunks):
    """Looks through the database's own bytes for marks of words that nobody ever let out."""
    private = {post.mark: post for post in posts if post.is_kept and not post.was_let_out}
    private |= {post.mark: post for post in posts if post.refusal}
    found, tail = set(), ""
    for chunk in chunks:
        text = tail + chunk
        found.update(mark for mark in MARK.findall(text) if mark in private)
        tail = text[-16:]
    findings.checked[SEALED] += len(private)
    for mark in found:
        findings.failed[SEALED].append(private[mark].id or f"post {private[mark].number}")


def words_in_log(findings, posts, log):
    marks = set(MARK.findall(log.read_text(errors="replace"))) if log.exists() else set()
    findings.checked[LOGS] += 1
    for post in posts:
        if post.mark in marks:
            findings.failed[LOGS].append(post.id or f"post {post.number}")
