"""Nobody left without an answer, nobody worn out answering: offers, passing, caps, rest, and the promise of a room."""

from cast import MINE, answer, case_about, claim, notices, queue, see, write


def supporter(house, room, pro, band="18-25", matters=(), **how):
    """A member whom a professional let help in a room, and who said how."""
    one = house.member(band)
    pro.post(f"/rooms/{room}/supporters", {"name": one.name, "days": 300}).ok()
    one.post("/offers/settings", {"per_day": 2, "per_week": 6, "matters": list(matters), **how}).ok()
    return one


def before(one):
    """The open posts that are before this supporter."""
    return {offer["item"]: offer for offer in one.get("/offers").ok().json["offers"]}


def test_TELLMI_5(house):
    """A peer who meets a post beyond their powers passes; a trained responder answers; the author never sees the pass."""
    pro = house.professional(duty=10_000)
    house.moderator(duty=10_000)
    room = house.room("lamp", "byRisk", promise=240)
    supporters = [supporter(house, room, pro, matters=["death-of-someone"]) for _ in range(4)]
    author = house.member()
    item = write(author, room, "My nan died in March and everyone has gone back to normal but me.", topics=["grief"])["id"]
    house.jobs()
    asked = [one for one in supporters if item in before(one)]
    assert len(asked) == 2, "two who fit best are asked first"
    first, second = asked
    offer = before(first)[item]
    assert offer["why"] and all(part["points"] > 0 for part in offer["why"]), offer
    first.post(f"/offers/{offer['id']}/pass").ok()
    assert item not in before(first)
    house.jobs()
    third = [one for one in supporters if one not in asked and item in before(one)]
    assert len(third) == 1, "another one is asked at once"
    # The author sees nothing of it, on no page and in no notice.
    for place in (f"/items/{item}", "/mine", "/notices", "/today", f"/items/{item}/sent"):
        words = author.open(place).text + author.get(place).text
        assert first.name not in words and "passed" not in words.lower(), place
    assert not notices(author)
    taken = before(second)[item]["id"]
    until = second.post(f"/offers/{taken}/accept").ok().json["until"]
    assert second.post(f"/offers/{taken}/accept").ok().json["until"] == until, "a double press is one"
    assert item not in before(third[0]), "what somebody has is before nobody else"
    said = answer(second, item, "I lost my grandad last spring. It stayed big for me too, when others had moved on.")
    assert said["state"] == "shown"
    assert [r["id"] for r in see(author, item)["replies"]] == [said["id"]]
    assert before(second) == {} and before(third[0]) == {}
    # Pressed again later, from an old page: nothing breaks, and nothing is taken.
    third[0].post(f"/offers/{taken}/accept").refused(None, 404)
    second.post(f"/offers/{taken}/pass").refused(None, 404)
    load = second.get("/offers").json["load"]
    assert (load["today"], load["week"]) == (1, 1), load


def test_the_promise_goes_from_ring_to_ring_and_ends_with_an_owner(house):
    pro, staff = house.professional(duty=100_000), house.moderator(duty=100_000)
    room = house.room("porch", "byRisk", promise=240)
    supporters = [supporter(house, room, pro) for _ in range(5)]
    author = house.member()
    item = write(author, room, MINE.format(1), wants="ideas")["id"]
    quiet = write(author, room, MINE.format(2), wants="no-reply")["id"]
    house.jobs()
    count = lambda: sum(item in before(one) for one in supporters)  # noqa: E731
    assert count() == 2
    house.advance(minutes=121)
    assert count() == 5, "past half of the time more are asked"
    # One accepts and lets the time go by: it is not theirs for ever.
    slow = supporters[0]
    slow.post(f"/offers/{before(slow)[item]['id']}/accept").ok()
    assert count() == 1
    house.advance(minutes=61)
    assert item not in before(slow) and count() == 4
    assert case_about(staff, item) is None
    house.advance(minutes=60)
    owned = case_about(staff, item)
    assert owned and owned["dueAt"], "past its promise a case owns it"
    assert any(part["part"] == "promise" for part in owned["parts"]), owned
    told = staff.get(f"/cases/{owned['id']}").ok().json
    assert "unanswered" in str(told), told
    # Exempt, and read for safety all the same.
    assert all(quiet not in before(one) for one in supporters) and case_about(staff, quiet) is None
    # A late answer is an answer: the clock's case is closed by it, and nothing more is asked.
    late = supporters[3]
    answer(late, item, "I am late, and I read it. The tea sounds like my week.")
    house.jobs()
    assert case_about(staff, item) is None
    assert before(late) == {}


def test_nobody_to_ask_is_no_reason_to_wait(house):
    house.professional(duty=100_000)
    staff = house.moderator(duty=100_000)
    room = house.room("field", "byRisk", promise=60)
    author = house.member()
    item = write(author, room, MINE.format(3))["id"]
    house.jobs()
    assert case_about(staff, item) is None
    house.advance(minutes=5 * 60)
    assert item in [i["id"] for i in staff.get("/offers").ok().json["quiet"]], "who looks after the room finds it"
    assert case_about(staff, item)
    # Its own words answered by its author alone are no answer.
    answer(author, item, "Anyone there?")
    house.jobs()
    assert case_about(staff, item)
    # Taken back: nobody need answer, and a person still closes what a person opened.
    author.post(f"/items/{item}/withdraw").ok()
    house.jobs()
    assert see(house.member(), item) is None


def test_handed_to_the_team(house):
    pro, staff = house.professional(duty=10_000), house.moderator(duty=10_000)
    room = house.room("barn", "byRisk", promise=600)
    one, two = supporter(house, room, pro), supporter(house, room, pro)
    item = write(house.member(), room, MINE.format(4))["id"]
    house.jobs()
    offer = before(one)[item]["id"]
    one.post(f"/offers/{offer}/hand-over").ok()
    house.jobs()
    assert item not in before(one)
    assert "handed-over" in str(staff.get(f"/cases/{case_about(staff, item)['id']}").json)
    assert item in before(two), "whoever wants to may still answer"


def test_caps_rest_and_cool_down_are_the_servers(house):
    pro = house.professional(duty=10_000)
    room = house.room("yard", "byRisk", promise=600)
    one = supporter(house, room, pro, matters=["death-of-someone"], per_day=1)
    author = house.member()
    first = write(author, room, MINE.format(5))["id"]
    second = write(author, room, MINE.format(6))["id"]
    house.jobs()
    offers = before(one)
    assert {first, second} <= set(offers)
    one.post(f"/offers/{offers[first]['id']}/accept").ok()
    one.post(f"/offers/{offers[second]['id']}/accept").refused("offer-holding", 409)
    answer(one, first, "Mine went cold as well. What was the long part?")
    one.post(f"/offers/{offers[second]['id']}/accept").refused("offer-day-full", 409)
    third = write(author, room, MINE.format(7))["id"]
    house.jobs()
    assert third not in before(one), "past the cap nothing is offered"
    for wrong in (0, 6, "many"):
        one.post("/offers/settings", per_day=wrong, per_week=6).refused(None, 422)
    # A rest is one press; what was before them goes on to others.
    house.advance(hours=25)
    other = supporter(house, room, pro)
    one.post("/offers/rest", days=7).ok()
    assert before(one) == {}
    fourth = write(author, room, MINE.format(8))["id"]
    house.jobs()
    assert fourth not in before(one) and fourth in before(other)
    one.post("/offers/rest", days=0).ok()
    fifth = write(author, room, MINE.format(9))["id"]
    house.jobs()
    assert fifth in before(one)
    # Heavy once, then a day without.
    heavy = write(author, room, "My brother died and the house is so quiet.", topics=["grief"])["id"]
    house.jobs()
    other.post("/offers/rest", days=7).ok()
    house.jobs()
    offer = before(one)[heavy]["id"]
    house.advance(minutes=1)
    one.post("/offers/settings", per_day=5, per_week=15, matters=["death-of-someone"]).ok()
    one.post(f"/offers/{offer}/accept").ok()
    answer(one, heavy, "I am so sorry. I am here and I am reading.")
    again = write(house.member(), room, "My aunt died and I keep her scarf.", topics=["grief"])["id"]
    house.jobs()
    assert again not in before(one)
    house.advance(hours=25)
    more = write(house.member(), room, "My friend died last year, today is the day.", topics=["grief"])["id"]
    house.jobs()
    assert more in before(one)


def test_a_low_week_reaches_a_professional(house):
    pro = house.professional(duty=10_000)
    room = house.room("shed", "byRisk", promise=600)
    one = supporter(house, room, pro, matters=["death-of-someone"])
    page = one.get("/offers").ok().json
    assert page["weekIsDue"]
    one.post("/offers/week", answer=4).ok()
    assert not one.get("/offers").json["weekIsDue"]
    assert not [case for case in queue(pro) if case["kind"] == "asked"]
    house.advance(days=7)
    assert one.get("/offers").json["weekIsDue"]
    for wrong in (0, 6, ""):
        one.post("/offers/week", answer=wrong).refused(None, 422)
    assert one.post("/offers/week", answer=1).ok().json["heavyRests"]
    case = [case for case in queue(pro) if case["kind"] == "asked"][0]
    claim(pro, case["id"])
    pro.post(f"/cases/{case['id']}/conversation", words="I read that it is a lot. Shall we talk?").ok()
    assert one.get("/talk").ok().json["conversations"]
    heavy = write(house.member(), room, "My dad died on Monday.", topics=["grief"])["id"]
    house.jobs()
    assert heavy not in before(one), "what is heavy rests for a week"
    house.advance(days=8)
    house.jobs()


def test_who_may_help(house):
    pro, staff = house.professional(duty=10_000), house.moderator(duty=10_000)
    adults = house.room("tower", "byRisk", promise=600)
    young = house.room("nest", "before", bands="16-17", promise=600)
    kid, peer, adult = house.member("13-15"), house.member("16-17"), house.member("18-25")
    for room, who in ((young, kid), (young, adult), (adults, peer), (adults, kid)):
        pro.post(f"/rooms/{room}/supporters", name=who.name).refused("no-standing", 409)
    pro.post(f"/rooms/{adults}/supporters", name="Nobody Here").refused("no-such-name", 422)
    staff.post(f"/rooms/{adults}/supporters", name=adult.name).refused("no-power", 403)
    adult.post(f"/rooms/{adults}/supporters", name=adult.name).refused(None, 404)
    # Without standing there is a page that explains, no settings, and nothing before anybody.
    assert adult.get("/offers").ok().json["rooms"] == []
    adult.get("/offers/settings").refused(None, 404)
    adult.post("/offers/settings", per_day=2, per_week=4).refused(None, 404)
    # 16 to 17: never self-harm, suicide or abuse, whatever they tick.
    pro.post(f"/rooms/{young}/supporters", name=peer.name).ok()
    peer.post("/offers/settings", {"per_day": 5, "per_week": 15, "matters": ["self-harm", "bullying"]}).ok()
    assert peer.get("/offers/settings").ok().json["matters"] == ["bullying"]
    page = peer.open("/offers/settings").ok().page
    assert "self-harm" not in [at.get("value") for _, at in page.tags]
    # Given back in one press.
    assert peer.get("/offers").json["rooms"][0]["room"] == young
    peer.post(f"/offers/standing/{young}/end").ok()
    peer.post(f"/offers/standing/{young}/end").refused(None, 404)
    assert peer.get("/offers").json["rooms"] == []
    # A year is the most; then it is over by itself.
    pro.post(f"/rooms/{adults}/supporters", {"name": adult.name, "days": 30}).ok()
    assert adult.get("/offers").json["rooms"]
    house.advance(days=31)
    assert adult.get("/offers").json["rooms"] == []


def test_the_map_is_read_by_nobody(house):
    pro = house.professional(duty=10_000)
    one = house.member()
    one.post("/you/map", topics=["grief", "no-such-topic"]).ok()
    assert one.get("/you/map").ok().json["topics"] == ["grief"]
    assert house.grep("grief") == 0 or house.engine == "postgresql", "sealed in the file"
    one.post("/you/map", {"topics": [t["id"] for t in __import__("cast").content("topics.json")["topics"][:13]]}).refused(
        "too-many-topics", 422)
    assert "grief" not in pro.get("/people").text if pro.get("/people").status == 200 else True
    one.post("/you/map").ok()
    assert one.get("/you/map").json["topics"] == []


def test_SHORT_5(house):
    """A member unsure how to respond to a peer's worrying post gets three good openings and a way to hand over."""
    staff = house.moderator(duty=10_000)
    room = house.room("step", "byRisk", promise=600)
    item = write(house.member(), room, "My gran died and I can not sleep.", topics=["grief"])["id"]
    reader = house.member()
    page = reader.open(f"/items/{item}").ok().page
    from cast import content
    openings = content("openings.json")["worrying"]
    words = " ".join(page.words.split())
    assert len(openings) == 3 and all(one in words for one in openings)
    assert page.leads_to(f"/items/{item}/report")
    reader.post(f"/items/{item}/reports", {"kind": "worried"}).ok()
    assert case_about(staff, item)
