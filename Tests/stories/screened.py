"""What the stories of the screening share: sentences, a held item, a verdict."""

from cast import SURNAME, need_case, write

# Sentences of these stories, all of them made up.
CALM = "The rain was loud and I stayed in with a book."
NUMBER = "07700 900123"
DETAIL = "My surname is Quenby and my number is " + NUMBER + ", so now you know."

# The past makes it low: shown, and still measuring oneself against somebody.
COMPARES = [
    "When I was younger my cuts were deeper than yours.", "Years ago I was way worse than you.",
    "Last summer I had it worse than everyone.", "Last year yours was nothing compared to mine.",
]
PAIN = [
    "I am sad and anxious and I can not sleep.", "I feel so low and worried lately.", "Everything is too much this week.",
    "I am struggling and stressed about tomorrow.", "I feel upset and exhausted and I can not cope.",
]


def held(me, staff, room, body=SURNAME, **more):
    """A held item and the case about it."""
    made = write(me, room, body.format("Bye."), **more)
    assert made["state"] == "held", made
    return made["id"], need_case(staff, made["id"])["id"]


def concerns(staff, case):
    return staff.get(f"/cases/{case}").ok().json["concerns"]


def wrong(staff, case, source, said=True):
    return staff.post(f"/cases/{case}/wrong", source=source, wrong="yes" if said else "no")


def counted(operator):
    return {one["source"]: one["times"] for one in operator.get("/operator/screening").ok().json["wrong"]}
