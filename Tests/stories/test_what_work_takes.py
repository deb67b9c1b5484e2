"""What the work takes: minutes by role for the house, one's own day for oneself, and how evenly supporters carry."""

from cast import HIGH, MINE, answer, claim, decide, matter, need_case, report, write
from test_offers import before, supporter


def reported(house, room):
    """An item that somebody reported."""
    item = write(house.member(), room, MINE.format("today"))["id"]
    report(house.member(), item)
    return item


def test_minutes_are_told_by_role(house):
    """The seconds of all decisions of a role together, in whole minutes; what was taken back is not counted, nor who it was told."""
    room = house.room("forum", "byRisk")
    staff, second, pro = house.moderator(), house.moderator(), house.professional()
    spent = ((staff, 100), (second, 50), (staff, 75), (pro, 600), (pro, 5000))
    for face, seconds in spent:
        decide(face, need_case(face, reported(house, room))["id"], "hide", reason="bullying", seconds=seconds)
    undone = decide(staff, need_case(staff, reported(house, room))["id"], "hide", reason="bullying", seconds=900)["decision"]

    def work(face):
        return {one["role"]: (one["acts"], one["minutes"]) for one in face.get("/delays").ok().json["work"]}

    # Begun minutes do not count: 1125 seconds are eighteen, 225 are three. No single decision counts for more than an hour.
    assert work(pro) == {"trained-paid-staff": (4, 18), "professional": (2, 70)}
    staff.post(f"/decisions/{undone}/undo").ok()
    assert work(pro) == {"trained-paid-staff": (3, 3), "professional": (2, 70)}
    page = pro.open("/delays").ok(200)
    assert "3 minutes" in page.page.words and "70 minutes" in page.page.words, page.page.words
    assert staff.name not in page.text and second.name not in page.text
    # Four weeks are told and no more; a page that was left open says how long by itself.
    house.advance(days=29)
    item = reported(house, room)
    case = need_case(staff, item)["id"]
    fields = staff.open(f"/cases/{case}").ok(200).page.form(f"/cases/{case}/decisions")["fields"]
    claim(staff, case)
    house.advance(minutes=4)
    version = staff.get(f"/cases/{case}").json["case"]["version"]
    staff.send(f"/cases/{case}/decisions", act="hide", reason="bullying", opened=fields["opened"], version=version).ok(303)
    assert work(pro) == {"trained-paid-staff": (1, 4)}
    house.operator().get("/delays").ok()
    house.member().get("/delays").refused(None, 404)


def test_what_one_read_today_is_told_to_oneself(house):
    """Cases of medium weight and more, each time they are opened, and one's decisions: counted for oneself, for today, with a stop at forty."""
    room, quiet = house.room("forum", "byRisk"), house.room("quiet", "before")
    staff, other = house.moderator(), house.moderator()
    light, heavy = (write(house.member(), place, words.format("today"))["id"] for place, words in ((quiet, MINE), (room, HIGH)))
    easy, hard = need_case(staff, light), need_case(staff, heavy)
    assert easy["level"] in ("none", "low") and hard["level"] == "high", (easy["level"], hard["level"])

    def care(face):
        house.jobs()
        told = face.get("/care").ok().json
        assert told["dailyStop"] == 40
        return told["heavyToday"], told["actsToday"]

    assert care(staff) == (0, 0)
    staff.get(f"/cases/{easy['id']}").ok()
    assert care(staff) == (0, 0), "a light case is not heavy"
    for look in (staff.get, staff.open):
        look(f"/cases/{hard['id']}").ok()
    assert care(staff) == (2, 0)
    decide(staff, easy["id"], "approve", seconds=5)
    decide(staff, hard["id"], "label", topics=["exams"], seconds=5)
    assert care(staff) == (2, 2) and care(other) == (0, 0), "one's own and nobody else's"
    page = staff.open("/care").ok(200).page
    assert "2 decisions today." in page.words and [at["value"] for tag, at in page.tags if tag == "progress"] == ["2"]
    assert "Please stop here" not in page.words + staff.open("/queue").page.words
    for _ in range(38):
        staff.get(f"/cases/{hard['id']}").ok()
    assert care(staff) == (40, 2)
    for path in ("/care", "/queue"):
        assert "Please stop here" in staff.open(path).page.words and "Please stop here" not in other.open(path).page.words, path
    # Nobody is kept from going on, and the next day begins anew.
    staff.get(f"/cases/{hard['id']}").ok()
    house.advance(days=1)
    assert care(staff) == (0, 0)
    house.member().get("/care").refused(None, 404)


def took(house, room, one, **more):
    """A post that this supporter takes and answers; they are free for the next one."""
    item = write(house.member(), room, MINE.format("today"), **more)["id"]
    house.jobs()
    one.post(f"/offers/{before(one)[item]['id']}/accept").ok()
    answer(one, item, "I read it, and I know evenings like that.")


def test_what_was_heavy_this_week_is_for_oneself(house):
    """A supporter sees how many of the week's posts were heavy; who leads their group, and who runs the house, do not."""
    lead, operator = house.professional(duty=20_000), house.operator()
    room = house.room("lamp", "byRisk", promise=600)
    one, two = (supporter(house, room, lead, matters=["death-of-someone"], per_day=3) for _ in range(2))
    matter(one, death_of_someone="show")
    group = lead.post("/supervision", {"called": "Tuesdays"}).ok(201).json["id"]
    for face in (one, two):
        lead.post(f"/supervision/{group}/members", {"name": face.name}).ok()

    def load(face):
        told = face.get("/offers").ok().json["load"]
        return told["today"], told["week"], told["heavyThisWeek"]

    took(house, room, one)
    assert load(one) == (1, 1, 0) and "heavy." not in one.open("/offers").page.words
    took(house, room, one, topics=["grief"])
    assert load(one) == (2, 2, 1) and load(two) == (0, 0, 0)
    assert "One of them was heavy." in one.open("/offers").page.words
    told = lead.get("/supervision").ok()
    assert {m["name"]: m["taken"] for g in told.json["groups"] for m in g["members"]} == {one.name: 2, two.name: 0}
    for face in (lead, operator, two):
        for path in ("/supervision", "/operator", "/operator/numbers", "/operator/health", "/offers", f"/rooms/{room}"):
            got = face.get(path)
            assert '"heavyThisWeek":1' not in got.text.replace(" ", "") and "them was heavy" not in face.open(path).text, path
    house.advance(days=2)
    assert load(one) == (0, 2, 1)
    house.advance(days=6)
    assert load(one) == (0, 0, 0)


def test_how_evenly_a_week_is_carried_is_a_number(house):
    """Told to whoever runs the house, of posts taken in a week by those who help now: 0 where all took the same."""
    pro, operator = house.professional(duty=20_000), house.operator()
    room = house.room("lamp", "byRisk", promise=600)

    def told():
        numbers = operator.get("/operator/numbers").ok().json
        return numbers["supporters"], numbers["loadGini"]

    assert told() == (0, None)
    one = supporter(house, room, pro)
    assert told() == (1, None), "of one nothing is spread"
    two = supporter(house, room, pro)
    took(house, room, one)
    assert told() == (2, 0.5)
    took(house, room, two)
    assert told() == (2, 0)
    took(house, room, one)
    supporter(house, room, pro)
    # 0, 1, 2: the mean difference of all pairs (8 / 9) over twice the mean (2).
    count, spread = told()
    assert count == 3 and abs(spread - 4 / 9) < 1e-9, spread
    assert "0.44" in operator.open("/operator/numbers").ok(200).page.words
    # Who rests is not one of them, and a week later nobody carries anything.
    two.post("/offers/rest", {"days": 2}).ok()
    assert told()[0] == 2 and told()[1] == 0.5
    house.advance(days=8)
    assert told() == (3, None)
