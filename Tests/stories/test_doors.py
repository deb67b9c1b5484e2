"""Doors: claims, private talks, full and closed rooms, and the daily limit on what is heavy."""

from cast import MINE, URGENT, answer, approved, decide, need_case, queue, report, see, threads, write
from test_offers import before, supporter

CLAIM = "Plumtree tea ends a panic attack in a minute"


def ask(face, item, words=CLAIM):
    return face.post(f"/items/{item}/evidence", words=words)


def test_a_claim_is_for_those_who_may_work_where_it_stands(house):
    """Without a check nobody reads or answers what stands among the young; nor does somebody of another room."""
    young, grown = house.room("young", "byRisk", "13-15"), house.room("grown", "byRisk")
    pro, unchecked = house.professional(duty=100_000), house.staff("professional", checked=False)
    elsewhere = house.professional(room=house.room("other", "byRisk"))
    claims = lambda face: [c["id"] for c in face.get("/evidence").ok().json["evidence"]]  # noqa: E731
    item = write(house.member(), grown, f"They say: {CLAIM}.")["id"]
    known = ask(house.member(), item).ok(201).json["evidence"]
    assert claims(pro) == claims(unchecked) == [known] and claims(elsewhere) == []
    # The same words among the young: now it is for somebody with a check.
    there = approved(pro, house.member("13-15"), young, f"My aunt says: {CLAIM}.")
    assert claims(pro) == [known] and claims(unchecked) == []
    for face in (unchecked, elsewhere):
        face.post(f"/evidence/{known}", mark="checked", note="Drink it.").refused(None, 404)
    assert see(house.member("13-15"), there)["evidence"][0]["mark"] == "none"
    pro.post(f"/evidence/{known}", mark="corrected", note="It does not.").ok()
    assert {see(face, one)["evidence"][0]["note"] for face, one in ((house.member("13-15"), there), (house.member(), item))} == {"It does not."}


def test_a_claim_in_an_answer_is_asked_about_on_the_threads_page(house):
    """Readers paste the words of an answer into the page's one form; also whoever began the thread, of what they were told."""
    house.moderator(duty=900)
    room, me, reader = house.room("forum", "byRisk"), house.member(), house.member()
    thread = write(me, room, MINE.format("today"))["id"]
    assert me.open(f"/items/{thread}").page.form(f"/items/{thread}/evidence") is None, "nothing of others stands there yet"
    reply = answer(house.member(), thread, f"{CLAIM}, my aunt says.")["id"]
    for face in (me, reader):
        assert face.open(f"/items/{thread}").page.form(f"/items/{thread}/evidence")
        ask(face, thread).ok(201)
    note = see(reader, thread)["evidence"][0]
    assert note["items"] == [reply] and note["words"]
    ask(reader, thread, "Plumtree tea cures everything for good").refused("evidence-not-there", 422)
    # What this reader does not see is not found for them.
    gone = answer(house.newcomer(), thread, "Nettle soup ends every worry for good.")
    assert gone["state"] != "shown"
    ask(reader, thread, "Nettle soup ends every worry").refused("evidence-not-there", 422)
    # Nor does a quotation tell what a reader hid.
    reader.post("/see", words="plumtree").ok()
    assert see(reader, thread)["evidence"] == [] and "tea ends" not in reader.open(f"/items/{thread}").page.words
    ask(reader, thread).refused("evidence-not-there", 422)


def test_a_note_reaches_every_copy(house):
    """More copies than one page of them: all carry the note, and a check by a professional updates each."""
    room, reader, pro = house.room("forum", "byRisk"), house.member(), house.professional(duty=100_000)
    writers = [house.member() for _ in range(9)]
    copies = [write(writers[n % 9], room, f"{CLAIM}. Copy {n}.")["id"] for n in range(90)]
    known = ask(reader, copies[-1]).ok(201).json["evidence"]
    pro.post(f"/evidence/{known}", mark="corrected", note="It does not.").ok()
    assert [one for one in copies if not see(reader, one)["evidence"]] == []


def test_a_private_talk_is_read_with_a_flag_or_a_reason(house):
    """Whoever has a talk reads it; a colleague reads it while something about it is open, or says why, and that is written down."""
    pro, colleague, lead = house.professional(duty=900), house.professional(), house.lead()
    me, word = house.member(), house.word()
    talk = me.post("/conversations", words=MINE.format(word)).ok(201).json["id"]
    reads = lambda face: word in face.get(f"/conversations/{talk}").ok().text  # noqa: E731
    tells = lambda face: word in face.get(f"/cases/{case}").ok().text + face.open(f"/cases/{case}").text  # noqa: E731
    assert reads(pro) and reads(colleague), "somebody asked, and nobody has it yet"
    pro.post(f"/conversations/{talk}/messages", words="I am here. Tell me more.").ok(201)
    case = next(c["id"] for c in queue(pro) if c["kind"] == "asked")
    assert reads(colleague), "its case is open"
    decide(pro, case, "close")
    assert reads(pro) and reads(me) and not reads(colleague)
    assert tells(pro) and not tells(colleague), "its case tells what the talk does not"
    colleague.post(f"/conversations/{talk}/messages", words="May I?").refused("say-why", 403)
    colleague.post(f"/conversations/{talk}/end").refused("say-why", 403)
    assert not reads(colleague)
    page = colleague.open(f"/conversations/{talk}").ok().page
    assert word not in page.words and page.form(f"/conversations/{talk}/look")
    colleague.post(f"/conversations/{talk}/look", why="").refused(None, 422)
    colleague.post(f"/conversations/{talk}/look", why="x" * 301).refused(None, 422)
    assert not reads(colleague)
    colleague.post(f"/conversations/{talk}/look", why="The family has called.").ok(201)
    assert reads(colleague) and not reads(lead), "a reason is one's own"
    told = [e for e in pro.get(f"/cases/{case}").ok().json["events"] if e["kind"] == "looked"]
    assert len(told) == 1 and told[0]["words"] == "The family has called.", told
    house.advance(hours=25)
    assert not reads(colleague), "for a day"
    # Something new in it is a flag.
    me.post(f"/conversations/{talk}/messages", words="And the tea went cold.").ok(201)
    assert reads(colleague)
    # Nobody else has a reason.
    for face in (house.moderator(), house.member(), house.operator()):
        face.post(f"/conversations/{talk}/look", why="I want to know.").refused(None, 403, 404)


def test_a_full_room_is_read_by_others_and_written_in_by_those_inside(house):
    """Its size holds for joining and for writing; danger, staff and one's own thread are never turned away."""
    room, pro = house.room("small", "byRisk", size=2), house.professional(duty=900)
    early, a, b, late = (house.member() for _ in range(4))
    own = write(early, room, MINE.format("today"))["id"]
    for face in (a, b):
        face.post(f"/rooms/{room}/join").ok()
    late.post(f"/rooms/{room}/join").refused("room-full", 409)
    kept = late.post(f"/rooms/{room}/items", title="Hello", body="Is there a place for me?", wants="listen", voice="name")
    kept.refused("gate-room-full", 403, 409)
    late.post(f"/items/{own}/replies", body="I read it.", voice="name").refused("gate-room-full", 403, 409)
    assert own in threads(late, room)
    helper = supporter(house, room, pro)
    asked = write(a, room, MINE.format("inside"))["id"]
    answer(early, own, "It is better now.")
    answer(pro, own, "I am glad.")
    assert need_case(pro, write(late, room, URGENT.format(""))["id"])["level"] == "urgent"
    # Whoever was let help here answers, whether they are inside or not.
    house.jobs()
    offer = before(helper)[asked]["id"]
    helper.post(f"/offers/{offer}/accept").ok()
    answer(helper, asked, "I read it, and I know such days.")
    b.post(f"/rooms/{room}/leave").ok()
    late.post(f"/rooms/{room}/join").ok()
    write(late, room, MINE.format("at last"))


def test_a_closed_room_is_still_listed_and_opened_again(house):
    """For those who look after the house, marked as closed; its own page opens it again."""
    operator, room = house.operator(), house.room("lamp", "byRisk")
    rooms = lambda: {r["id"]: r for r in operator.get("/operator/rooms").ok().json["rooms"]}  # noqa: E731
    operator.post(f"/operator/rooms/{room}/close").ok()
    assert room in rooms() and "Closed" in operator.open("/operator/rooms").page.words
    assert house.member().get(f"/rooms/{room}").status == 404
    house.lead().post(f"/operator/rooms/{room}/open").ok()
    assert house.member().get(f"/rooms/{room}").status == 200


def test_the_daily_limit_holds_on_a_threads_own_page(house):
    """Past it, heavy words wait behind a cover there as in lists, and open on a press; light ones do not."""
    room, me, spent = house.room("forum", "byRisk"), house.member(), house.member()
    spent.post("/see", {"matter.drink-and-drugs": "show", "heavy_limit": 0}).ok()
    heavy = write(me, room, MINE.format("today"), topics="drink-and-drugs")["id"]
    light = write(me, room, MINE.format("today"))["id"]
    sight = lambda face, one: (see(face, one)["item"]["sight"], [b["rule"] for b in see(face, one)["item"]["because"]])  # noqa: E731
    assert sight(spent, heavy) == ("cover", ["limit"]) and sight(spent, light) == ("show", [])
    spent.post("/see", {"matter.drink-and-drugs": "show", "heavy_limit": 5}).ok()
    assert sight(spent, heavy) == ("show", [])
    assert sight(me, heavy)[0] == "show", "one's own words are one's own"


def test_flags_are_held_to_thirty_seconds(house):
    """From the flag to a decision: the target, how many met it, and whether it was met in the middle."""
    room, staff = house.room("forum", "byRisk"), house.moderator(duty=900)
    told = lambda: staff.get("/delays").ok().json["flags"]  # noqa: E731
    assert told() == {"targetSeconds": 30, "n": 0, "withinTarget": 0, "medianSeconds": None, "met": False}
    for seconds in (20, 25, 95):
        item = write(house.member(), room, MINE.format(seconds))["id"]
        report(house.member(), item)
        case = need_case(staff, item)["id"]
        house.advance(seconds)
        decide(staff, case, "approve")
    assert (told()["n"], told()["withinTarget"], told()["met"]) == (3, 2, True) and told()["medianSeconds"] <= 30
    assert "target 30 seconds: met. 2 of 3" in staff.open("/delays").page.words
    for seconds in (95, 95):
        item = write(house.member(), room, MINE.format(seconds))["id"]
        report(house.member(), item)
        house.advance(seconds)
        decide(staff, need_case(staff, item)["id"], "approve")
    assert told()["met"] is False and "target 30 seconds: missed. 2 of 5" in staff.open("/delays").page.words


def test_a_claim_is_whole_words_and_nobody_checks_their_own(house):
    """A note stands where the claim's words stand whole, whatever signs are between; who wrote them says nothing of them."""
    pro, other = house.professional(duty=900), house.professional(duty=900)
    room, reader = house.room("forum", "byRisk"), house.member()
    thread = write(house.member(), room, MINE.format("today"))["id"]
    claim = "It helps one in 1"
    part = answer(pro, thread, "A sheet I have says: it helps one, in 1 month.")["id"]
    known = ask(reader, thread, claim).ok(201).json["evidence"]
    answer(house.member(), thread, "It helps one in 100, I read.")
    again = answer(house.member(), thread, "“It helps one in 1” was on the leaflet.")["id"]
    note = see(reader, thread)["evidence"][0]
    assert sorted(note["items"]) == sorted([part, again]), note
    ask(reader, thread, "t helps one in 1 mont").refused("evidence-not-there", 422)
    assert note["words"] == "it helps one, in 1", "as it stands there"
    assert ask(house.member(), thread, "it helps one, in 1 🔪").ok(201).json["evidence"] == known, "the same words are one claim"
    for signs in ("!!!! ???? !!!! ????", "a..........."):
        ask(reader, thread, signs).refused("evidence-too-short", 422)
    pro.post(f"/evidence/{known}", mark="checked", note="So it is.").refused("evidence-own", 409)
    assert pro.get("/evidence").json["evidence"][0]["own"] and not other.get("/evidence").json["evidence"][0]["own"]
    pro.post(f"/evidence/{known}", mark="corrected", note="I was wrong.").ok()
    pro.post(f"/evidence/{known}", mark="none").ok()
    assert see(reader, thread)["evidence"][0]["mark"] == "none"
    other.post(f"/evidence/{known}", mark="corrected", note="It helps one in ten.").ok()
    # A post that holds two claims loses one by an edit: the other keeps its note.
    writer = house.member()
    both = write(writer, room, f"Mum says it helps one in 1. {CLAIM}.")["id"]
    second = ask(reader, both).ok(201).json["evidence"]
    other.post(f"/evidence/{second}", mark="corrected", note="It does not.").ok()
    claims = lambda: {one["id"] for one in see(reader, both)["evidence"]}  # noqa: E731
    assert claims() == {known, second}
    writer.post(f"/items/{both}/edit", title="One of those days", body="Mum says it helps one in 1. Well.").ok()
    assert claims() == {known} and second not in [one["id"] for one in other.get("/evidence").json["evidence"]]
    assert see(reader, thread)["evidence"][0]["mark"] == "corrected"
