"""What helping costs: a post that is put before supporters, taking it, a letter sent and a letter read and delivered."""
import time

from scene import ok
from throwaway import Trouble, call
from wrk import Figure

SUPPORTERS = 80
POSTS = 120
LETTERS = 150
STEPS = {"mind": "I moved here in spring and I still know nobody.", "felt": "Like a coat that is not mine.",
         "matters": "I would like to laugh with somebody again.", "wish": "Somebody who has moved too."}


class Bill:
    """CPU of every server process while a list of requests is sent one after another."""

    def __init__(self, meter):
        self.meter = meter

    def of(self, requests, act):
        """Figure over `requests`; `act` sends one and says whether it was taken."""
        before, began, failed, times, size = self.meter.seconds(), time.monotonic(), 0, [], 0
        for one in requests:
            start = time.monotonic()
            status, body = act(one)
            failed += status >= 300
            size = size or len(body)
            times.append((time.monotonic() - start) * 1000)
        used, took, n = self.meter.seconds() - before, time.monotonic() - began, len(requests)
        times.sort()
        return Figure(used / n * 1000, n, n / took, times[n // 2], times[int(n * 0.99)], failed, size)


def offers(scene, meter, staff):
    """(made, taken): what a post costs more where supporters are asked than where nobody is, for each offer made; and taking one."""
    server, bill = scene.server, Bill(meter)
    asked, lonely = scene.room_of("byRisk"), scene.room_of("byRisk")
    supporters = scene.writers(asked, SUPPORTERS, seasoned=False)
    token, csrf = staff
    for one, its_csrf in supporters:
        name = ok(call(f"{server.url}/session", one), "/session")["name"]
        ok(call(f"{server.url}/rooms/{asked}/supporters", token, {"name": name, "days": 300, "csrf": csrf}), "A supporter's standing")
        ok(call(f"{server.url}/offers/settings", one, {"per_day": 5, "per_week": 15, "csrf": its_csrf}), "How one helps")
    costs, made = [], 0
    for room in (lonely, asked):
        writers = scene.writers(room, POSTS, seasoned=True)
        before = meter.seconds()
        scene.threads(room, writers, POSTS)
        server.tell("jobs")
        costs.append(meter.seconds() - before)
    before_them = [(one, its_csrf, offer["id"]) for one, its_csrf in supporters
                   for offer in ok(call(f"{server.url}/offers", one), "/offers")["offers"]]
    if len(before_them) < POSTS:
        raise Trouble(f"{POSTS} posts were put before supporters {len(before_them)} times only.")
    made = Figure(max(0.0, costs[1] - costs[0]) / len(before_them) * 1000, len(before_them), 0, 0, 0)
    first = {}
    for one in before_them:  # one each: whoever has one takes no second at once
        first.setdefault(one[0], one)
    taken = bill.of(list(first.values()), lambda who: call(f"{server.url}/offers/{who[2]}/accept", who[0], {"csrf": who[1]}))
    taken.failed = 0 if taken.failed < len(first) / 2 else taken.failed  # a post that another took meanwhile is gone: 404
    return made, taken


def letters(scene, meter, staff):
    """(sent, delivered): a first letter through the gate into its series; a moderator's yes, and its delivery."""
    server, bill = scene.server, Bill(meter)
    desk = server.tell("room bench-letters letters 18-25 byRisk readable=signedIn night=wait").split()[0]
    forum = scene.room_of("byRisk")
    seekers = scene.writers(forum, LETTERS, seasoned=True)
    scene.threads(forum, seekers, LETTERS)
    server.tell(f"advance {4 * 86_400}")
    token, csrf = staff
    sent = bill.of(seekers, lambda who: call(f"{server.url}/rooms/{desk}/letters", who[0], {**STEPS, "csrf": who[1]}))
    cases, place = [], 0
    while place is not None:
        page = ok(call(f"{server.url}/queue?room={desk}&from={place}", token), "/queue")
        cases += [case["id"] for case in page["cases"]]
        place = page["next"]
    for case in cases:
        ok(call(f"{server.url}/cases/{case}/claim", token, {"csrf": csrf}), "Taking a case")
    if len(cases) < LETTERS - sent.failed:
        raise Trouble(f"{LETTERS} letters were sent and {len(cases)} wait.")
    delivered = bill.of(cases, lambda case: call(f"{server.url}/cases/{case}/decisions", token, {
        "act": "approve", "seconds": 6, "deliberate": 1, "csrf": csrf}))
    return sent, delivered
