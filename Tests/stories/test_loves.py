"""LovesCompany: bullying and explicit content counted from what moderators did."""

import json

from cast import MINE, answer, decide, need_case, report, write


def test_LOVES_3(house):
    """Counts of bullying and explicit content come from moderation events, starred when small, rounded when not."""
    room = house.room("forum", "byRisk")
    staff = house.moderator(duty=9000)
    readers = [house.member() for _ in range(4)]
    reasons = {}

    def month():
        return house.visitor().get("/counts", month=house.advance(0)[:7]).ok().json

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

    empty = month()
    assert counted(empty, "reasons", "bullying") in (None, "0")
    decided("bullying", 12)
    decided("pictures", 3)
    told = month()
    assert counted(told, "reasons", "bullying") == "10", f"12 are told as 10: {told['reasons']}"
    assert counted(told, "reasons", "pictures") == "*", f"3 are starred: {told['reasons']}"
    assert counted(told, "acts", "hide") == "15", told["acts"]
    assert counted(told, "reports", "unkind") == "15", told["reports"]
    # The page says the same, in words, and never the exact numbers or a total that would tell the starred.
    page = house.visitor().open("/counts").ok(200).page.words
    assert "10" in page and "*" in page and " 12 " not in page and "Total" not in page
    # They follow events: one appealed and turned, one more decided.
    decided("bullying", 3)
    assert counted(month(), "reasons", "bullying") == "15"
    # Another month has its own.
    house.advance(days=40)
    assert counted(month(), "reasons", "bullying") in (None, "0")
    # A program of the organisation's reads them with a token that allows that and nothing else.
    program = house.program("counts")
    assert program.get("/operator/numbers").status == 200
    assert program.get("/operator/roles").status == 403 and program.get("/queue").status in (401, 403, 404)
