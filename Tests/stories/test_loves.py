"""LovesCompany: bullying and explicit content counted from what moderators did."""

import json

from cast import MINE, answer, decide, need_case, report, write


def test_LOVES_3(house):
    """Counts of bullying and explicit content come from moderation events, starred when small, rounded when not."""
    room = house.room("forum", "byRisk")
    staff = house.moderator(duty=9000)
    readers = [house.member() for _ in range(4)]
    reasons = {}

    def month(asked):
        return house.visitor().get("/counts", month=asked).ok().json

    def ends():
        """The month that was, over now."""
        before = house.advance(0)[:7]
        house.advance(days=31)
        house.told(f"duty {staff.name} 9000")
        assert house.advance(0)[:7] != before
        return before

    def counted(told, key, what):
        found = [row["count"] for row in told[key] if row["what"] == what]
        return str(found[0]) if found else None

    def decided(reason, times, kind="unkind"):
        for turn in range(times):
            writer = house.member()
            item = write(writer, room, MINE.format("and then some"))["id"]
            report(readers[turn % 4], item, kind)
            decide(staff, need_case(staff, item)["id"], "hide", reason=reason, deliberate=True, seconds=10)
            house.advance(minutes=40)
            if turn % 8 == 7:
                house.advance(hours=25)
                house.told(f"duty {staff.name} 9000")

    this = house.advance(0)[:7]
    decided("bullying", 12)
    decided("sexual", 3)
    running = month(this)
    assert not running["over"] and running["reasons"] == [] and running["reports"] == [], "whoever adds to a number would learn it"
    assert "not over" in house.visitor().open("/counts", month=this).ok(200).page.words
    assert house.advance(0)[:7] == this
    assert ends() == this
    told = month(this)
    assert told["over"]
    assert counted(told, "reasons", "bullying") == "10", f"12 are told as 10: {told['reasons']}"
    assert counted(told, "reasons", "sexual") == "*", f"3 are starred: {told['reasons']}"
    assert counted(told, "acts", "hide") == "15", told["acts"]
    assert counted(told, "reports", "unkind") == "15", told["reports"]
    # The page says the same, in words, and never the exact numbers or a total that would tell the starred.
    page = house.visitor().open("/counts").ok(200).page.words
    assert "10" in page and "*" in page and " 12 " not in page and "Total" not in page
    # Another month has its own, and the one that was told stays as it was.
    decided("bullying", 8)
    assert counted(month(ends()), "reasons", "bullying") == "10"
    assert counted(month(ends()), "reasons", "bullying") in (None, "0")
    assert month(this) == told
    # A program of the organisation's reads them with a token that allows that and nothing else.
    program = house.program("counts")
    assert program.get("/operator/numbers").status == 200
    assert program.get("/operator/roles").status == 403 and program.get("/queue").status in (401, 403, 404)
