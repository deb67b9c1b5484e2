"""The choice guide: what fits, what is known of it, what it risks, who is there now; nothing of it is kept."""

import re

from cast import MINE, content, decide_item, queue, threads, write


def ways(face, **asked):
    return {one["way"]: one for one in face.get("/choose", show=1, **asked).ok().json["ways"]}


def test_the_guide_leads_by_wish_age_and_mood(house):
    forum, light = house.room("forum", "byRisk", focus="exam"), house.room("tea", "byRisk", light=1)
    letters, young = house.room("letters", "before", format="letters"), house.room("young", "before", bands="13-15")
    me, child, visitor = house.member(), house.member("13-15"), house.visitor()
    rooms = {way: {room["id"] for room in one["rooms"]} for way, one in ways(me).items()}
    assert rooms["forum"] == {forum, light} and rooms["letters"] == {letters} and "team" in rooms and "stories" not in rooms
    # Another age is led to no room of this one; letters are for adults, and no word of them is said to a child.
    assert {room["id"] for one in ways(child).values() for room in one["rooms"]} == {young} and "letters" not in ways(child)
    # A stranger sees what there is for every age.
    assert {room["id"] for one in ways(visitor).values() for room in one["rooms"]} >= {forum, light, letters, young}
    assert set(ways(me, **{"with": "one"})) == {"letters", "team"} - {"team"} and set(ways(me, **{"with": "team"})) == {"team"}
    assert {room["id"] for one in ways(me, mood="light").values() for room in one["rooms"]} == {light}
    assert set(ways(me, intent="say")) == {"forum"}
    # What does not fit as a whole is said so, and leads somewhere all the same.
    got = me.get("/choose", intent="learn", **{"with": "one"}).ok().json
    assert got["madeDo"] and [one["way"] for one in got["ways"]] == ["letters"]
    # Where nothing fits there is still the team.
    assert set(ways(child, mood="light")) == {"team"}
    me.get("/choose", intent="fly").refused(None, 400, 422)


def test_the_guide_says_what_is_known_and_who_is_there(house):
    room = house.room("forum", "before")
    me = house.member()
    known = {card["id"]: card for card in content("choices.json")["ways"]}["forum"]
    page = me.open("/choose?intent=talk").ok().page
    for point in known["good"] + known["risks"]:
        assert point["says"] in page.words
    assert page.leads_to("/research/findings") and page.leads_to(f"/rooms/{room}")
    card = me.open(f"/rooms/{room}/card").ok().page.words
    assert known["how"] in card and known["risks"][0]["says"] in card
    one = ways(me)["forum"]["rooms"][0]
    assert one["staffOnDuty"] is False and one["reviewDelayMinutes"] is None
    staff = house.moderator(duty=100_000)
    assert ways(me)["forum"]["rooms"][0]["staffOnDuty"] is True
    # The delay is measured, not promised: told once enough was read.
    for turn in range(12):
        made = write(me if turn % 2 else house.member(), room, MINE.format(f"evening {turn}"))["id"]
        house.advance(minutes=12)
        decide_item(staff, made, "approve")
        house.advance(minutes=30)
    assert ways(me)["forum"]["rooms"][0]["reviewDelayMinutes"] in (12, 13)


def test_what_people_said_is_told_of_closed_months_and_of_many(house):
    room, staff = house.room("forum", "byRisk"), house.moderator(duty=1_000_000)
    reader = house.member()

    def said():
        return re.findall(r"(\w+) who used it and told us", reader.open("/choose?show=1").ok().page.words)

    def speak(room, turns):
        for turn in range(turns):
            one = house.member()
            write(one, room, MINE.format(f"morning {turn}"))
            one.post(f"/rooms/{room}/reviews", {"answer": 5 if turn else 1, "body": f"It helped me most mornings, number {turn}."}).ok(201)
            for case in [c for c in queue(staff) if c["item"] and c["item"] not in threads(reader, room)]:
                decide_item(staff, case["item"], "approve")
            house.advance(minutes=11)

    def of_the_way():
        return "rooms of this kind here told us" in reader.open("/choose?show=1").ok().page.words

    speak(room, 9)
    assert said() == [], "a month that runs is told of to nobody"
    house.advance(days=32)
    assert said() == ["Most"], "in thirds: eight of nine"
    # Of all rooms of one kind together, where there are several; and not where three could be had by taking the nine away.
    assert not of_the_way()
    other = house.room("second", "byRisk")
    assert of_the_way()
    speak(other, 3)
    house.advance(days=32)
    assert said() == ["Most"] and not of_the_way()
