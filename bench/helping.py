"""What helping costs: a post that is put before supporters, taking it, a letter sent and a letter read and delivered."""
import http.client
import json
import time

from scene import ok
from throwaway import Trouble, call
from wrk import Figure

SUPPORTERS = 200
POSTS = 150
LETTERS = 480
WARM = 80  # of what is sent: every connection of a database plans a statement once before it keeps the plan
MANY = 200
TURNS = 5  # of many requests: the middle one counts, so that what else the machine had to do meanwhile is no part of it
STEPS = {"mind": "I moved here in spring and I still know nobody.", "felt": "Like a coat that is not mine.",
         "matters": "I would like to laugh with somebody again.", "wish": "Somebody who has moved too."}


class Bill:
    """CPU of every server process while requests are sent one after another, over one open connection. Of two hundred and more the
    middle one of five turns."""

    def __init__(self, server, meter):
        self.server, self.meter = server, meter

    def of(self, requests):
        """`requests`: (cookie, path, fields) each."""
        if len(requests) < MANY:
            return self._turn(requests)
        each = len(requests) // TURNS
        turns = sorted((self._turn(requests[at * each:(at + 1) * each]) for at in range(TURNS)), key=lambda turn: turn.cpu_ms)
        middle = turns[TURNS // 2]
        middle.failed, middle.requests = sum(turn.failed for turn in turns), sum(turn.requests for turn in turns)
        return middle

    def _turn(self, requests):
        line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        before, of_it, began, failed, times, size = self.meter.seconds(), self.meter.database_seconds(), time.monotonic(), 0, [], 0
        for cookie, path, fields in requests:
            start = time.monotonic()
            line.request("POST", path, json.dumps(fields).encode(), {
                "Cookie": "understory=" + cookie, "Accept": "application/json", "Content-Type": "application/json"})
            answer = line.getresponse()
            size = len(answer.read()) or size
            failed += answer.status >= 300
            times.append((time.monotonic() - start) * 1000)
        used, of_it = self.meter.seconds() - before, self.meter.database_seconds() - of_it
        took, n = time.monotonic() - began, len(requests)
        line.close()
        times.sort()
        return Figure(used / n * 1000, n, n / took, times[n // 2], times[int(n * 0.99)], failed, size, database_ms=of_it / n * 1000)


def before_them(server, supporters):
    return [(one, its_csrf, offer["id"], offer["item"]) for one, its_csrf in supporters
            for offer in ok(call(f"{server.url}/offers", one), "/offers")["offers"]]


def offers(scene, meter, staff):
    """(made, taken): a post and its offers, all told, for each offer made; and taking one."""
    server = scene.server
    asked, lonely = (scene.room_of("byRisk", name) for name in ("asked", "lonely"))
    supporters = scene.writers(asked, SUPPORTERS, seasoned=False)
    token, csrf = staff
    for one, its_csrf in supporters:
        name = ok(call(f"{server.url}/session", one), "/session")["name"]
        ok(call(f"{server.url}/rooms/{asked}/supporters", token, {"name": name, "trained": "elsewhere", "days": 300, "csrf": csrf}), "A supporter's standing")
        ok(call(f"{server.url}/offers/settings", one, {"per_day": 5, "per_week": 15, "csrf": its_csrf}), "How one helps")

    def posts(room, run):
        """CPU seconds of the posts and of the matching that follows, and the size of an answer."""
        writers = scene.writers(room, POSTS, seasoned=True)
        cost = Bill(server, meter).of([
            (one, f"/rooms/{room}/items", {
                "title": f"Number {run}-{place}", "wants": "listen", "voice": "name", "csrf": its_csrf,
                "body": "We walked to the park this morning and the leaves were all yellow. How was your day?"})
            for place, (one, its_csrf) in enumerate(writers)])
        before = meter.seconds()
        server.tell("jobs")
        return cost.cpu_ms * POSTS / 1000 + meter.seconds() - before, cost.size

    posts(lonely, 0)  # warm up: the posts, then the matching
    posts(asked, 1)
    earlier = len(before_them(server, supporters))
    cost, size = posts(asked, 2)
    found = before_them(server, supporters)
    if len(found) - earlier < POSTS:
        raise Trouble(f"{POSTS} posts were put before supporters {len(found) - earlier} times only.")
    made = Figure(cost / (len(found) - earlier) * 1000, len(found) - earlier, 0, 0, 0, size=size)
    # One a supporter and one a post: what somebody has taken is before nobody else.
    takers, posts_taken, taking = set(), set(), []
    for one, its_csrf, offer, item in found:
        if one not in takers and item not in posts_taken:
            takers.add(one)
            posts_taken.add(item)
            taking.append((one, f"/offers/{offer}/accept", {"csrf": its_csrf}))
    bill = Bill(server, meter)
    bill.of(taking[:WARM])
    return made, bill.of(taking[WARM:])


def letters(scene, meter, staff):
    """(sent, delivered): a first letter through the gate into its series; a moderator's yes, and its delivery."""
    server = scene.server
    desk = server.tell("room bench-letters letters 18-25 byRisk readable=signedIn night=wait").split()[0]
    forum = scene.room_of("byRisk", "before-letters")
    seekers = scene.writers(forum, LETTERS, seasoned=True)
    scene.threads(forum, seekers, LETTERS)
    server.tell(f"advance {4 * 86_400}")
    for one, _ in seekers:  # nobody sends one without having opened its page, which is their first of that day
        ok(call(f"{server.url}/letters/new?room={desk}", one), "The page of a first letter")
    token, csrf = staff
    bill, sending = Bill(server, meter), [(one, f"/rooms/{desk}/letters", {**STEPS, "csrf": its_csrf}) for one, its_csrf in seekers]
    bill.of(sending[:WARM])
    sent = bill.of(sending[WARM:])
    cases, place = [], 0
    while place is not None:
        page = ok(call(f"{server.url}/queue?room={desk}&from={place}", token), "/queue")
        cases += [case["id"] for case in page["cases"]]
        place = page["next"]
    for case in cases:
        ok(call(f"{server.url}/cases/{case}/claim", token, {"csrf": csrf}), "Taking a case")
    if len(cases) < LETTERS - sent.failed:
        raise Trouble(f"{LETTERS} letters were sent and {len(cases)} wait.")
    deciding = [(token, f"/cases/{case}/decisions", {"act": "approve", "seconds": 6, "deliberate": 1, "csrf": csrf}) for case in cases]
    bill.of(deciding[:WARM])
    return sent, bill.of(deciding[WARM:])
