"""A room for the young opens when everything is on record, and not before; lines that end and alarms that are tried out are told."""

from cast import content, report, see, write
from test_mended_again import shift

RECORDS = ["safeguarding-lead", "professional", "on-call", "roster", "checks", "dial-tests", "dpia", "hazard-log"]


def test_a_room_for_the_young_opens_with_all_on_record(house):
    operator, pro = house.operator(), house.professional()
    fields = {
        "name": "The Young Room", "about": "For everyday things.", "not_for": "Danger.", "colour": "moss", "format": "forum",
        "readable": "members", "interaction": "notLive", "moderation": "before", "moderators": ["professional"], "focus": [],
        "bands": ["13-15"], "size": 200, "anonymity": True, "promise_minutes": 240, "night": "wait", "invited": "yes"}
    room = operator.post("/operator/rooms", fields).ok(201).json["id"]
    child = house.member("13-15")

    def missing():
        return set(operator.post(f"/operator/rooms/{room}/open").refused("room-not-ready", 422).json["missing"])

    first = missing()
    assert set(RECORDS) <= first and len(first) > len(RECORDS), first
    for kind in RECORDS:
        before = missing()
        operator.post(f"/operator/rooms/{room}/records", {"kind": kind, "value": f"{kind}: on paper since spring"}).ok()
        assert missing() == before - {kind}, "a record takes away what it is a record of, and nothing else"
    # Paper alone opens nothing: somebody reads here in the days ahead, and every line that is shown was dialled.
    lines = [line for line in content("lines.json")["countries"]["GB"]["lines"]]
    for line in lines:
        operator.post(f"/operator/lines/{line['id']}/tested", {"by": "Two of the team"}).ok()
    rest = missing()
    assert rest and not any("line" in code for code in rest), rest
    assert child.get(f"/rooms/{room}").status == 404
    shift(house, operator, pro, hours=20)
    told = operator.post(f"/operator/rooms/{room}/open")
    assert told.status == 200, told.text
    assert operator.get(f"/operator/rooms/{room}").ok().json["room"]["open"] is True
    code = operator.post(f"/operator/rooms/{room}/codes", {"uses": 5, "days": 3}).ok(201).json["code"]
    child.post(f"/rooms/{room}/join", {"code": code}).ok()
    assert see(child, write(child, room, "A walk, and then soup.")["id"])["item"]["state"] == "waiting"


def test_lines_that_end_are_told_before_they_do(house):
    """Nobody is shown a line past its day; whoever runs the house hears of it three weeks ahead."""
    operator, visitor = house.operator(), house.visitor()
    ends = min(line["expires"] for line in content("lines.json")["countries"]["GB"]["lines"])
    assert operator.get("/operator").ok().json["linesEnding"] == 0
    while house.advance(days=1)[:10] < ends:
        ending = operator.get("/operator").ok().json["linesEnding"]
        if ending:
            break
    assert ending and visitor.get("/help").ok().json["lines"], "told while they still stand"
    assert "ended or end within three weeks" in operator.open("/operator").page.words
    house.advance(days=25)
    left = {line["name"] for line in visitor.get("/help").ok().json["lines"]}
    assert len(left) < len(content("lines.json")["countries"]["GB"]["lines"])
    assert visitor.open("/help").ok().page.leads_to("tel:"), "an emergency number stands whatever ends"


def test_a_drill_is_answered_and_its_time_told(house):
    operator, staff = house.operator(), house.moderator(duty=600)
    alert = operator.post("/operator/drill").ok(201).json["alert"]
    house.jobs()
    drills = operator.get("/operator").ok().json["drills"]
    assert drills[0]["acknowledgedAt"] is None and any(alarm["drill"] for alarm in house.alarms())
    house.advance(minutes=4)
    assert staff.post(f"/alerts/{alert}/acknowledge").ok().json["acknowledged"] is True
    done = operator.get("/operator").ok().json["drills"][0]
    assert done["acknowledgedAt"] and done["by"] == staff.name
    assert "answered after" in operator.open("/operator").page.words


def test_what_is_sexual_has_a_kind_of_its_own(house):
    """On a place for the young somebody can say what it is: to a person, before most else."""
    room, pro = house.room("forum", "byRisk"), house.professional(duty=600)
    writer, reader = house.member(), house.member()
    item = write(writer, room, "What are you all wearing right now, send me that.")["id"]
    assert "did nothing wrong" in report(reader, item, "sexual")["receipt"]
    case = next(c for c in pro.get("/queue").ok().json["cases"] if c["item"] == item)
    assert case["level"] in ("high", "urgent")
    pro.post(f"/cases/{case['id']}/claim").ok()
    pro.post(f"/cases/{case['id']}/decisions", {"act": "remove", "reason": "sexual", "deliberate": "1", "seconds": 12}).ok(201)
    assert "very young" in str(writer.get(f"/items/{item}/sent").ok().json["statement"])
