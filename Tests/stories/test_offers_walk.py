"""Whatever supporters, the clock and chance do: no open post is lost, none that is held is put before anybody, nobody takes too much."""

import random

import pytest

from cast import COMPARING, MINE, answer, decide_item, queue, write
from test_offers import before, supporter

PROMISE = 60


@pytest.mark.parametrize("seed", range(2))
def test_no_walk_loses_a_post(house, seed):
    chance = random.Random(f"offers {seed}")
    pro, staff = house.professional(duty=100_000), house.moderator(duty=100_000)
    room = house.room("porch", "byRisk", promise=PROMISE)
    supporters = [supporter(house, room, pro) for _ in range(4)]
    clock = 0
    opened, held, answered = {}, set(), set()

    def offers(one):
        return [offer for offer in one.get("/offers").ok().json["offers"]]

    def post():
        item = write(house.member(), room, MINE.format(f"turn {clock} {len(opened)}"), wants="ideas")["id"]
        opened[item] = clock

    def hold():
        made = write(house.member(), room, COMPARING.format(f"turn {clock}"))
        if made["state"] != "shown":
            held.add(made["id"])

    def show():
        for item in sorted(held)[:1]:
            decide_item(staff, item, "approve")
            held.discard(item)

    def one_offer(act):
        one = chance.choice(supporters)
        mine = offers(one)
        if mine:
            offer = chance.choice(mine)
            done = one.post(f"/offers/{offer['id']}/{act}")
            assert done.status in (200, 303, 404, 409), done.text

    def reply():
        mine = [(one, offer["item"]) for one in supporters for offer in offers(one) if offer.get("yoursUntil")]
        if mine:
            one, item = chance.choice(mine)
            if answer(one, item, "I know evenings like that, and what helped me was the bus to the lake.")["state"] == "shown":
                answered.add(item)

    def rest():
        chance.choice(supporters).post("/offers/rest", {"days": chance.choice([0, 1])}).ok()

    def wait():
        nonlocal clock
        minutes = chance.choice([5, 20, 45, 90])
        clock += minutes
        house.advance(minutes=minutes)
        house.jobs()

    acts = [post, post, post, hold, show, lambda: one_offer("accept"), lambda: one_offer("accept"), lambda: one_offer("accept"), lambda: one_offer("pass"),
            lambda: one_offer("hand-over"), reply, reply, reply, reply, rest, wait, wait]
    was = set()
    for step in range(100):
        chance.choice(acts)()
        if step % 4:
            continue
        house.jobs()
        shown = {one.name: offers(one) for one in supporters}
        for name, mine in shown.items():
            assert not {offer["item"] for offer in mine} & held, f"{name} was shown what is held, at step {step}"
            taken = [offer for offer in mine if offer.get("yoursUntil")]
            assert len(taken) <= 2, f"{name} has more than they take, at step {step}"
        was |= {"held"} if held else set()
        holders = [offer["item"] for mine in shown.values() for offer in mine if offer.get("yoursUntil")]
        assert len(holders) == len(set(holders)), f"two have one post, at step {step}"
        was |= {"taken"} if holders else set()
        # Past its promise a post is answered, in somebody's hands, or owned by a case.
        cases = {case["item"] for case in queue(pro)}
        for item, since in opened.items():
            if item in answered or clock - since <= PROMISE:
                continue
            assert item in holders or item in cases, f"{item} is lost since {clock - since} minutes, at step {step}"
    spread = house.operator().get("/operator/numbers").ok().json["loadGini"]
    assert spread is None or 0 <= spread < 1
    assert was == {"held", "taken"} and answered and len(opened) > 10, f"went nowhere: {was}, {len(answered)} answered of {len(opened)}"
