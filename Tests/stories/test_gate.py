"""The gate of what is published: small counts planted by hand, every figure read back, and somebody who adds to numbers on
purpose.

What is walked is what tells about people to strangers and to the house: /counts and the operator's reports. /operator/numbers and
/delays are the house's own working figures of posts and cases, and nobody's publication."""

import re

from cast import answer, content, decide, need_case, report, write
from test_coding import code_all
from test_forms import begin, fill, whole, whole_from

# Leaves that count nobody: names, moments, money, hours, points of a scale, shares of items.
NOT_PEOPLE = {
    "month", "over", "what", "rule", "by", "why", "review", "part", "band", "safe", "book", "code", "place", "word", "role", "days",
    "hours", "cost", "total", "each", "saved", "mean", "interval", "share", "agreement", "ac1", "asks", "says"}
PEOPLE = {"count", "yes", "of", "people", "items", "counts", "helped"}


def leaves(value, key=None, path=""):
    """Every leaf with the name of the nearest field and its path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, name, f"{path}.{name}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from leaves(inner, key, f"{path}[{place}]")
    else:
        yield key, value, path


def counts_of(said):
    """The leaves that count people or what they did; a field that nobody has thought about fails."""
    found = []
    for key, value, path in leaves(said):
        if isinstance(value, (bool, type(None))) or key in NOT_PEOPLE:
            continue
        if path == ".places" and value == "not safe":
            continue
        assert key in PEOPLE, f"nobody has said whether {path} ({value!r}) counts people"
        found.append((path, value))
    return found


def small(value):
    """Whether it is a number that the gate may not let through: 1 to 7, or one that is not rounded."""
    return str(value) not in ("0", "*") and (not str(value).isdigit() or int(value) < 10 or int(value) % 5 != 0)


def reports_of(house, operator):
    """Everything published, as (who, address, JSON)."""
    visitor, month = house.visitor(), house.advance(0)[:7]
    before = f"{int(month[:4]) - (month[5:] == '01')}-{(int(month[5:]) + 10) % 12 + 1:02d}"
    addresses = [(visitor, "/counts"), (visitor, f"/counts?month={month}"), (visitor, f"/counts?month={before}")]
    addresses += [(operator, "/operator/experience")]
    addresses += [(operator, f"/operator/coding?book={book['id']}") for book in content("codebooks.json")["codebooks"]]
    addresses += [
        (operator, f"/operator/costs?days={days}&hourly=60&share=100&elsewhere=1") for days in (1, 2, 7, 30, 31, 32, 62, 366)]
    return [(face, path, face.get(path).ok().json) for face, path in addresses]


def cells(page):
    """The numbers that stand alone in a cell of a table, as the page shows them."""
    return re.findall(r"<td>\s*([^<]*?)\s*</td>", page)


def test_no_small_number_gets_through(house):
    operator, staff = house.operator(), house.moderator(duty=2000)
    operator.post("/operator/organisation", lowest_band="11-12", parents_rule="none", area_on=True).ok()
    room = house.room("forum", "onReport")
    reader = house.professional(duty=2000)
    asker = house.member()
    areas = [area["id"] for area in asker.get("/you").ok().json["areas"]]
    item = write(asker, room, "A walk today, and soup.")["id"]
    # Twelve who wrote, in two places, three of them in the second; each helped and was helped, three said that they know it too.
    writers = [house.member() for _ in range(12)]
    for place, one in enumerate(writers):
        one.post("/you/area", area=areas[0] if place < 9 else areas[1]).ok()
        own = write(one, room, "Soup again, and a walk.")["id"]
        answer(writers[place - 1], own, "That sounds good. I like soup.")
        if place < 3:
            one.post(f"/items/{item}/support", word="me-too").ok()
    # The experience form: nine writers, three readers of one age and five of another.
    for place, one in enumerate(writers[:9]):
        assert fill(one, begin(one, "experience"), whole(4, 6, place) + whole_from(7, 10, 1))["finished"]
    for band, number in (("16-17", 3), ("13-15", 5)):
        for place in range(number):
            young = house.newcomer(band=band)
            fill(young, begin(young, "experience"), whole(2, 6, place) + whole_from(7, 10, 0))
    # Bad moments of eleven: all had the first, three the second, eight the third, five answered the fourth.
    for place, one in enumerate(writers[:11]):
        fill(one, begin(one, "adverse"), [
            (1, 1), (2, int(place < 3)), (3, int(place < 8)), (4, 1 if place < 5 else None), (5, 0), (6, 0)])
    # Codes: three tell, two ask, the rest answers.
    split = ["disclosure"] * 3 + ["question"] * 2
    code_all(reader, "post-type", lambda place, _: split[place] if place < len(split) else "feedback", 60)
    code_all(reader, "rural", lambda place, _: "connection" if place % 2 else "belonging", 60)
    code_all(reader, "support", lambda place, _: "emotional" if place < 5 else "informational", 60)
    # Moderation: three reported and hidden.
    for number in range(3):
        unkind = write(house.member(), room, "Nobody here has any taste.")["id"]
        report(writers[number], unkind, "unkind")
        decide(staff, need_case(staff, unkind)["id"], "hide", reason="bullying", deliberate=True, seconds=10)

        fill(writers[number], begin(writers[number], "before"), [(1, 1)])

    def look():
        starred, shown = 0, 0
        for face, path, said in reports_of(house, operator):
            found = counts_of(said)
            told = [(where, value) for where, value in found if small(value)]
            assert not told, f"{path} tells {told}"
            starred += sum(1 for _, value in found if value == "*")
            page = face.open(path).ok(200).text
            shown += cells(page).count("*")
            alone = [cell for cell in cells(page) if cell.isdigit() and 1 <= int(cell) <= 7]
            assert path.startswith("/operator/costs") or not alone, f"the page {path} shows {alone}"
        return starred, shown

    assert min(look()) > 3, "nothing was planted"
    house.advance(days=31)
    told = look()
    assert min(told) > 15, f"only {told} stars: nothing was planted"
    # What was planted is there, as a star; what all said tells of each of them.
    visitor = house.visitor()
    said = visitor.get("/counts").ok().json
    assert {row["what"]: row["count"] for row in said["reasons"]}["bullying"] == "*"
    bad = [(one["yes"], one["of"]) for one in said["badMoments"]]
    assert bad[0] == ("*", "*"), "everybody who answered said yes: that tells on each"
    assert bad[1] == ("*", "10") and bad[2] == ("*", "*") and bad[3] == ("*", "*") and bad[4] == ("0", "10"), bad
    experience = operator.get("/operator/experience").ok().json["groups"]
    assert all(group["mean"] is None for group in experience if group["people"] == "*")
    assert not any(key in said for key in ("total", "totals", "people")), "no totals beside stars"


def test_prices_do_not_give_the_number_away(house):
    """Who chooses prices and days reads nothing finer than the number that is told."""
    operator = house.operator()
    house.professional(duty=600)
    room = house.room("forum", "onReport")
    told = set()
    for number in range(12):
        asker = house.member()
        answer(house.member(), write(asker, room, "A walk today, and soup.")["id"], "That sounds good. I like soup.")
        if number == 0:
            house.advance(hours=2)  # some of the shift was worked
        sheet = operator.get("/operator/costs?days=30&hourly=1000&share=100&elsewhere=1").ok().json
        told.add(sheet["helped"])
        if sheet["helped"] == "*":
            assert sheet["each"] is None and sheet["saved"] is None, sheet
            continue
        # The price of one is one: what was saved is the number, and the total over the price of each is it too.
        assert sheet["saved"] == int(sheet["helped"]) and abs(sheet["total"] / sheet["each"] - int(sheet["helped"])) < 1e-6, sheet
    assert told == {"*", "10"}, told


def test_adding_to_a_number_does_not_tell_it(house):
    """Somebody reports again and again and looks each time: until the month is over nothing moves."""
    room = house.room("forum", "onReport")
    others, attacker = [house.member() for _ in range(4)], house.member()
    for other in others:
        report(other, write(house.member(), room, "Nobody here has any taste.")["id"], "unkind")
    month, seen = house.advance(0)[:7], set()
    for number in range(6):
        report(attacker, write(house.member(), room, "Nobody here has any taste.")["id"], "unkind")
        for path in ("/counts", f"/counts?month={month}"):
            said = attacker.get(path).ok().json
            seen.add((path, str(said["reports"]), str(said["acts"]), str(said["reasons"])))
        house.advance(minutes=10)
    assert len(seen) == 2, f"the numbers moved: {seen}"
    house.advance(days=31)
    told = {row["what"]: row["count"] for row in house.visitor().get("/counts", month=month).ok().json["reports"]}
    assert told == {"unkind": "10"}, told
