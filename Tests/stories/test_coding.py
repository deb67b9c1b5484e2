"""Reading what was written by a list of codes: shares, places, agreement, costs; nobody's name."""

from cast import answer, content, write


def planted(house, count):
    """A thread of made-up words by many people; the ids of its items, newest first, come from the coder's own pages."""
    return house.told(f"bench-thread {count}").split()[0]


def code_all(staff, book, choose, most=2000):
    """Codes until nothing is left; `choose` gives a code from the running number."""
    given = []
    while len(given) < most:
        item = staff.get(f"/coding/{book}").ok().json
        if item["item"] is None:
            return given
        code = choose(len(given), item)
        staff.post(f"/coding/{book}/items/{item['item']}", code=code).ok()
        given.append((item["item"], code))
    raise AssertionError("there is always another")


def test_FB_2(house):
    """Post types can be coded by hand and reported as shares: 508 posts, of them 32, 25 and 25 percent."""
    house.room("forum", "onReport")
    for number in range(5):
        house.member()
    planted(house, 508)
    staff, operator = house.professional(duty=600), house.operator()
    split = ["disclosure"] * 163 + ["feedback"] * 127 + ["question"] * 127 + ["offer"] * 50 + ["information"] * 41
    assert len(split) == 508
    given = code_all(staff, "post-type", lambda place, item: split[place])
    assert len(given) == 508
    said = operator.get("/operator/coding?book=post-type").ok().json
    shares = {one["code"]: one["share"] for one in said["codes"]}
    assert [round(shares[code] * 100) for code in ("disclosure", "feedback", "question")] == [32, 25, 25]
    assert said["items"] == "510", "what is printed as a number is rounded to five"
    page = operator.open("/operator/coding?book=post-type").ok(200).page.words
    assert "32 %" in page and "25 %" in page
    # A second coder reads every fifth of them, the same whoever it is; agreement comes with it.
    second = house.professional(duty=600)
    doubles = []
    while True:
        item = second.get("/coding/post-type").ok().json
        if item["item"] is None:
            break
        first = dict(given)[item["item"]]
        second.post(f"/coding/post-type/items/{item['item']}", code="offer" if len(doubles) % 4 == 3 else first).ok()
        doubles.append(item["item"])
    assert 90 <= len(doubles) <= 115
    agreement = operator.get("/operator/coding?book=post-type").json["agreement"]
    assert abs(int(agreement["items"]) - len(doubles)) <= 2 and 0.7 <= agreement["agreement"] <= 0.85 and agreement["ac1"] < agreement["agreement"]


def test_KOOTH_6(house):
    """Replies can be coded informational or emotional and directive or non-directive; the operator sees the mix and,
    with unit costs typed in, a cost-and-saving sheet."""
    room = house.room("forum", "onReport")
    staff, operator = house.professional(duty=600), house.operator()

    def helped():
        asker, helper = house.member(), house.member()
        item = write(asker, room, "A walk today, and soup.")["id"]
        answer(helper, item, "That sounds good. I like soup.")
        return asker, helper

    asker, helper = helped()
    # Replies alone are asked about, with what they answer, and nobody's name.
    first = staff.get("/coding/support").ok().json
    assert first["reply"] is True
    page = staff.open("/coding/support").ok(200).page.words
    assert "soup" in page and helper.name not in page and asker.name not in page
    house.advance(hours=2)
    sheet = operator.get("/operator/costs?days=30&hourly=40&share=50&elsewhere=100").ok().json
    assert len(sheet["hours"]) == 1, sheet
    professional = sheet["hours"][0]
    assert 1.9 <= professional["hours"] <= 2.2 and abs(professional["cost"] - professional["hours"] * 40) < 0.01
    assert sheet["helped"] == "*" and sheet["saved"] is None, "one helped member is not told about"
    for number in range(9):
        helped()
    code_all(staff, "support", lambda place, item: "emotional" if item["reply"] else "neither", 40)
    code_all(staff, "directive", lambda place, item: "non-directive", 40)
    mix = operator.get("/operator/coding?book=support").ok().json
    assert {one["code"]: one["share"] for one in mix["codes"]} == {"informational": 0, "emotional": 1, "both": 0, "neither": 0}
    assert operator.get("/operator/coding?book=directive").json["codes"][1]["share"] == 1
    sheet = operator.get("/operator/costs?days=30&hourly=40&share=50&elsewhere=100").ok().json
    assert sheet["helped"] == "10" and sheet["saved"] == 500 and abs(sheet["each"] - sheet["total"] / 10) < 0.01
    assert "no effect" in operator.open("/operator/costs?days=30&hourly=40").ok(200).page.words
    assert asker.get("/operator/costs").status in (401, 403, 404)
    assert operator.get("/operator/costs?share=101").status == 422


def test_RURAL_3(house):
    """Posts can be coded for connection, belonging, information, self-efficacy, and counted per region above a minimum
    size."""
    operator = house.operator()
    operator.post("/operator/organisation", lowest_band="11-12", parents_rule="none", area_on=True).ok()
    room = house.room("forum", "onReport")

    def post(place):
        writer = house.member()
        areas = [area["id"] for area in writer.get("/you").ok().json["areas"]]
        writer.post("/you/area", area=areas[place]).ok()
        write(writer, room, "A walk today, and soup.")
        return areas

    for place, posts in enumerate([10, 9, 3]):
        for one in range(posts):
            areas = post(place)
    staff = house.professional(duty=600)
    code_all(staff, "rural", lambda number, item: "connection", 100)
    said = operator.get("/operator/coding?book=rural").ok().json
    places = {one["place"]: one["counts"] for one in said["places"]}
    # Three people are too few to be a place.
    assert set(places) == {areas[0], areas[1]} and [counts[0] for counts in places.values()] == ["10", "10"]
    # Nor is one person who writes a lot.
    alone = house.member()
    alone.post("/you/area", area=areas[3]).ok()
    for number in range(9):
        write(alone, room, "A walk today, and soup.", title=f"Again {number}")
        house.advance(minutes=30)
    code_all(staff, "rural", lambda number, item: "connection", 100)
    assert areas[3] not in {one["place"] for one in operator.get("/operator/coding?book=rural").json["places"]}
    for one in range(6):
        post(2)
    code_all(staff, "rural", lambda number, item: "connection", 100)
    places = {one["place"]: one["counts"] for one in operator.get("/operator/coding?book=rural").ok().json["places"]}
    assert {place: counts[0] for place, counts in places.items()} == {areas[0]: "10", areas[1]: "10", areas[2]: "10"}


def test_MUSIC_3(house):
    """Replies can be "I feel this too" with or without words; encouragement, caring and self-disclosure are counted."""
    room = house.room("forum", "onReport")
    writer, staff, operator = house.member(), house.professional(duty=600), house.operator()
    item = write(writer, room, "This one keeps me company.", title="A song")["id"]
    for number in range(8):
        other = house.member()
        other.post(f"/items/{item}/support", word="me-too").ok()
        answer(other, item, "I feel this too, it helps me on long walks.")
    words = {one["word"]: one["count"] for one in operator.get("/operator/coding?book=warmth").ok().json["words"]}
    assert words == {"me-too": "10"}
    code_all(staff, "warmth", lambda place, entry: "self-disclosure", 40)
    codes = {one["code"]: one["items"] for one in operator.get("/operator/coding?book=warmth").json["codes"]}
    assert codes == {"encouragement": "0", "caring": "0", "self-disclosure": "10", "none": "0"}


def test_only_coders_code_and_only_what_is_shown(house):
    room = house.room("forum", "onReport")
    writer, staff, operator = house.member(), house.professional(duty=600), house.operator()
    item = write(writer, room, "A walk today, and soup.")["id"]
    for nobody in (writer, operator, house.moderator()):
        assert nobody.get("/coding").status in (401, 403, 404)
        assert nobody.post(f"/coding/post-type/items/{item}", code="question").status in (401, 403, 404)
    staff.post(f"/coding/post-type/items/{item}", code="nothing").refused()
    assert staff.get("/coding/not-a-book").status == 404
    staff.post(f"/coding/post-type/items/{item}", code="question").ok()
    staff.post(f"/coding/post-type/items/{item}", code="disclosure").ok()  # said anew, not twice
    assert house.sql("SELECT count(*) AS n FROM item_code") == [{"n": 1}]
    # A book of replies takes no thread; a reply in a thread that is hidden is not read.
    assert staff.post(f"/coding/support/items/{item}", code="emotional").status == 404
    reply = answer(house.member(), item, "That sounds good. I like soup.")["id"]
    assert staff.get("/coding/support").json["item"] == reply
    house.professional(duty=600).post(f"/items/{item}/hide", reason="being-looked-at").ok()
    assert staff.get("/coding/support").json["item"] is None
    assert staff.post(f"/coding/support/items/{reply}", code="emotional").status == 404
    assert staff.post(f"/coding/post-type/items/{item}", code="question").status == 404
    assert operator.get("/operator/coding?book=post-type").json["items"] == "0"
    assert {book["id"] for book in staff.get("/coding").json["books"]} == {book["id"] for book in content("codebooks.json")["codebooks"]}
