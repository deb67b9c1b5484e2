"""Coaching groups: a breach of privacy has a road of its own."""

from cast import MINE, claim, need_case, report, see, write


def test_COACH_3(house):
    """A privacy breach (screenshot talk, naming someone) has its own report reason and its own response path."""
    room = house.room("forum", "byRisk")
    staff, pro = house.moderator(duty=600), house.professional(duty=600)
    writer, reader = house.member(), house.member()
    item = write(writer, room, "Somebody showed me a picture of the screen with your words on it.")["id"]
    plain = write(writer, room, MINE.format("and so on"))["id"]
    third = write(writer, room, MINE.format("and on"))["id"]
    # Its own reason on the form, apart from "unkind" and "something else".
    page = reader.open(f"/items/{item}/report").ok(200).page
    kinds = {at.get("value") for tag, at in page.tags if tag in ("input", "option") and at.get("value")}
    assert {"privacy", "unkind", "else", "worried", "danger"} <= kinds, kinds
    assert "who someone is" in page.words
    told = report(reader, item, "privacy", words="They have a picture of my words.")
    other = report(reader, plain, "unkind")
    report(reader, third, "hate")
    assert told["receipt"] and told["receipt"] != other["receipt"]
    assert "picture of the screen" in told["receipt"] or "who someone is" in told["receipt"], told["receipt"]
    # Sooner than an ordinary report, and with steps of its own.
    case, usual = need_case(staff, item), need_case(staff, plain)
    assert case["level"] == "high" and case["dueAt"] < usual["dueAt"]
    def steps(one):
        got = staff.get(f"/cases/{one['id']}").ok().json
        return got["steps"], got["reports"]
    mine, reports = steps(case)
    theirs, _ = steps(need_case(staff, third))  # of the same level, and another kind
    assert [r["kind"] for r in reports] == ["privacy"] and "picture of my words" in reports[0]["words"]
    assert reader.name not in staff.get(f"/cases/{case['id']}").text, "who reported is told to nobody"
    assert mine and [s["id"] for s in mine] != [s["id"] for s in theirs], "the privacy path has the same steps as any other"
    assert all(s["does"] for s in mine)
    page = staff.open(f"/cases/{case['id']}").ok(200).page.words
    assert mine[0]["does"][:30] in page
    # Walked step by step, with times.
    claim(staff, case["id"])
    house.advance(minutes=2)
    staff.post(f"/cases/{case['id']}/steps", step=mine[0]["id"]).ok()
    again, _ = steps(case)
    assert again[0]["doneAt"] and not again[-1]["doneAt"]
    # The naming part is taken out, and everyone concerned is told.
    named = write(writer, room, "The one called Heron is the tall one from my street.")["id"]
    report(reader, named, "privacy")
    one = need_case(staff, named)["id"]
    claim(staff, one)
    staff.post(f"/cases/{one}/decisions", act="mask", reason="naming", masked="The one called (taken out).", seconds=20).ok()
    staff.post(f"/cases/{one}/decisions", act="approve", seconds=2).ok()
    assert see(reader, named)["item"]["body"] == "The one called (taken out)."
    assert any(s["item"] == named and s["reason"] == "naming" for s in writer.get("/standing").json["statements"])
    outcome = [r for r in reader.get("/reports").json["reports"] if r["outcome"]]
    assert outcome, "the reporter hears what came of it"
