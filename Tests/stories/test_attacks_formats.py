"""What an attacker found in letters, crowds and courses, and what must hold there."""

import datetime
import json
import shutil

import pytest

import house as house_module
from cast import MINE, answer, case_about, claim, content, decide, decide_item, flat, need_case, notices, queue, report, see, write
from house import ROOT
from test_attacks import at_once
from test_courses import PLAN, REPLY, hand_in, learn, may_rate, pack, qualified, rate, stage
from test_letters import STEPS, begin, deliver, mine, post, trained  # noqa: F401
from test_panoply import SUPPORT, ask, crowd, judge, respond, waiting  # noqa: F401

CONTACT = "Add me on insta marlo_quill so we can talk there."
DANGER = "I have decided. I am going to kill myself tonight."
CUT = "We argued again, and afterwards I cut myself."
LISTENING = "/courses/first-steps/lessons/listening"


def decided(staff, item, act, **fields):
    """Claims the case about this item and decides, whatever the answer is."""
    case = need_case(staff, item)["id"]
    claim(staff, case)
    return staff.post(f"/cases/{case}/decisions", {"act": act, **fields})


def started(setting):
    """A series that runs, its befriender, and the other one."""
    house, staff, room, forum, befrienders, seeker = setting
    deliver(staff, begin(seeker, room).ok(201).json["id"])
    house.jobs()
    one = next(b for b in befrienders if mine(b))
    return house, staff, room, forum, one, next(b for b in befrienders if b is not one), seeker, mine(one)["id"]


def letter(one, series, body):
    return one.post(f"/letters/{series}", {"body": body}).ok(201).json["id"]


def read(one, series):
    return one.get(f"/letters/{series}").text


def kinds(one):
    return [n["kind"] for n in notices(one)]


def state(one, item):
    return one.get(f"/items/{item}/sent").ok().json


def replies(one, item):
    return [r["id"] for r in see(one, item)["replies"]]


def pause(house, staff, forum, one, reporter, step="pause-2-weeks"):
    """This person may not write for a while."""
    item = write(one, forum, MINE.format("so"))["id"]
    report(reporter, item)
    decided(staff, item, "restrict", reason="bullying", sanction=step, deliberate=True).ok()


def asked(staff):
    return [c for c in queue(staff) if c["kind"] == "asked"]


def appeal_turned(house, author, decision):
    author.post(f"/decisions/{decision}/appeal", words="Please look once more.").ok(201)
    pro = house.professional(duty=600)
    case = next(c["id"] for c in queue(pro) if c["kind"] == "appeal")
    claim(pro, case)
    pro.post(f"/cases/{case}/appeal", outcome="turned").ok()


# Rooms of reappraisal


@pytest.fixture
def asking(crowd):  # noqa: F811
    """The crowd, and somebody's situation in its room."""
    house, staff, room, people = crowd
    asker = house.member()
    return house, staff, room, people, asker, ask(asker, room).ok(201).json["id"]


@pytest.mark.parametrize("why", ["worried", "contact", "urgent"])
def test_words_that_staff_look_at_reach_no_judge(asking, why):
    """Held, or taken from the judges by a worry, and then edited to kind words: staff read it, and the judges after that."""
    house, staff, _, (a, b, c, d, *_), asker, item = asking
    who = house.professional(duty=600) if why == "urgent" else staff
    response = respond(a, item, {"contact": CONTACT, "urgent": DANGER, "worried": "plimble"}[why]).ok(201).json
    if why == "worried":
        judge(d, response["id"]).ok()
        judge(b, response["id"], "worried").ok()
    else:
        assert response["state"] == "held"
    response = response["id"]
    case = need_case(who, response)["id"]
    edited = a.post(f"/items/{response}/edit", {"body": SUPPORT.format("wondrell")}).ok().json
    assert edited["state"] in ("waiting", "held") and edited.get("reason") != "judging", edited
    for one in (b, c, d):
        assert response not in waiting(one)
        judge(one, response, seen="0").refused(None, 404)
    assert replies(asker, item) == [] and case_about(who, response)["id"] == case
    assert "wondrell" in who.get(f"/cases/{case}").ok().text, "staff read the new words"
    # Judges who do not come change nothing about that.
    house.advance(minutes=40)
    assert replies(asker, item) == [] and response not in waiting(c)
    decided(who, response, "approve").ok()
    assert case_about(who, response) is None and replies(asker, item) == []
    judge(c, response).ok()
    judge(d, response).ok()
    assert replies(asker, item) == [response]


def test_judges_see_every_word_that_goes_out(asking):
    """There is no note beside an answer and no title above an edited one: nothing goes out that no judge read."""
    house, _, _, (a, b, c, d, *_), asker, item = asking
    respond(a, item, note="You deserve every laugh you got.").refused("unknown-field", 400)
    response = respond(a, item, "plimble").ok(201).json["id"]
    a.post(f"/items/{response}/edit", {"body": SUPPORT.format("wondrell"), "title": "Flimsquare"})
    for judged_by in (c, d):
        assert "Flimsquare" not in judged_by.get("/judge").text
        judge(judged_by, response).ok()
    assert replies(asker, item) == [response]
    for place in (f"/items/{item}", f"/items/{response}"):
        assert "Flimsquare" not in asker.get(place).text + asker.open(place).text
    # Nor is a note put in later, by the edit.
    other = respond(b, item, "trindle").ok(201).json["id"]
    b.post(f"/items/{other}/edit", {"body": SUPPORT.format("trindlo"), "note": "Gorblemush"})
    told = c.get("/judge").text
    judge(c, other).ok()
    judge(d, other).ok()
    assert other in replies(asker, item)
    assert "Gorblemush" in told or "Gorblemush" not in asker.get(f"/items/{item}").text + asker.open(f"/items/{item}").text, (
        "a note went out that no judge saw")


def test_a_judgement_names_the_words_it_saw(asking):
    """After an edit what was read before counts for nothing, however often it is sent."""
    house, _, _, (a, b, c, *_), asker, item = asking
    response = respond(a, item, "plimble").ok(201).json["id"]
    old = waiting(b)[response]["seen"]
    b.post(f"/responses/{response}/judgements", {"judgement": "good"}).refused("missing", 422)
    judge(b, response, seen=old).ok()
    a.post(f"/items/{response}/edit", {"body": "Well, people do notice. Next time say less."}).ok()
    for one in (b, c):
        judge(one, response, seen=old).refused("response-changed", 409)
    assert replies(asker, item) == []
    form = c.open("/judge").page.form(f"/responses/{response}/judgements")
    assert form["fields"]["seen"] == waiting(c)[response]["seen"] != old
    judge(c, response).ok()
    assert replies(asker, item) == [], "what b said was of other words"
    judge(b, response).ok()
    assert replies(asker, item) == [response]


def test_judges_are_people_about_whom_nothing_is_open(crowd):  # noqa: F811
    """Too new, paused, suspended, or of an age that is asked about: they have nothing to judge and no say."""
    house, staff, room, (a, paused, young, flagged, good, also) = crowd
    forum = house.room("forum", "byRisk")
    new = learn(house.newcomer(), "reappraisal")
    pro = house.professional()
    house.advance(days=8)
    # Three who know the place flag somebody at once, while nobody of the team is here.
    item = write(flagged, forum, MINE.format("this evening"))["id"]
    for reporter in (a, good, also):
        report(reporter, item, "unkind")
    house.jobs()
    assert [c["kind"] for c in queue(pro)].count("suspended") == 1
    house.duty(staff)
    pause(house, staff, forum, paused, a)
    assert young.post("/you/age", band="13-15").ok().json["waits"]
    asker = house.member()
    item = ask(asker, room).ok(201).json["id"]
    response = respond(a, item, "plimble").ok(201).json["id"]
    seen = waiting(good)[response]["seen"]
    for one in (new, paused, young, flagged):
        assert waiting(one) == {}
        judge(one, response, seen=seen).refused(None, 403, 404)
    assert replies(asker, item) == []
    judge(good, response).ok()
    assert replies(asker, item) == []
    judge(also, response).ok()
    assert replies(asker, item) == [response]


def test_an_appeal_or_an_approval_is_not_a_way_around_judges(asking):
    """Put up by staff, at once or after an appeal, a first answer goes before judges, and is called up when it is."""
    house, staff, _, (a, b, *_), asker, item = asking
    new = learn(house.newcomer(), "reappraisal")
    for way in ("approve", "appeal"):
        response = respond(new, item, f"plimble {way}").ok(201).json["id"]
        before = kinds(new).count("shown")
        if way == "approve":
            decide_item(staff, response, "approve")
        else:
            appeal_turned(house, new, decide_item(staff, response, "remove", reason="heated")["decision"])
        assert response not in replies(asker, item) and response in waiting(a)
        assert kinds(new).count("shown") == before and state(new, response)["state"] == "waiting"
        judge(a, response).ok()
        assert response not in replies(asker, item)
        judge(b, response).ok()
        assert response in replies(asker, item)
    refused = respond(new, item, "quozzle").ok(201).json["id"]
    before = kinds(new).count("shown")
    decide_item(staff, refused, "approve")
    judge(a, refused, "not-yet").ok()
    judge(b, refused, "not-yet").ok()
    assert kinds(new).count("shown") == before and refused not in replies(asker, item)


def test_who_judges_tells_nobody_whose_an_anonymous_answer_is(crowd):  # noqa: F811
    """Whoever muted somebody does not meet their name, and meets what nobody signed like everybody."""
    house, _, _, (a, b, c, *_) = crowd
    asker = house.member()
    item = ask(asker, house.room("glass", "byRisk", format="reappraisal", anonymity=1)).ok(201).json["id"]
    thread = write(a, house.room("forum", "byRisk"), MINE.format("of a"))["id"]
    b.post(f"/items/{thread}/mute").ok()
    signed = respond(a, item, "plimble").ok(201).json["id"]
    unsigned = respond(a, item, "wondrell", voice="anonymous").ok(201).json
    assert unsigned["item"]["voice"] == "anonymous"
    unsigned = unsigned["id"]
    assert signed not in waiting(b) and unsigned in waiting(b)
    assert {signed, unsigned} <= set(waiting(c))
    judge(b, unsigned).ok()
    judge(c, unsigned).ok()
    assert replies(asker, item) == [unsigned]


def test_a_plain_reply_that_came_with_its_thread_is_not_lost(crowd):  # noqa: F811
    """Moved into a room of reappraisal and edited there: staff read it (judges would not), and it is up again."""
    house, staff, room, (a, b, c, *_) = crowd
    asker = house.member()
    thread = write(asker, house.room("forum", "byRisk"), "I answered in the seminar and two people laughed.")["id"]
    reply = answer(a, thread, "That happened to me as well, I am sorry.")["id"]
    report(b, thread)
    decided(staff, thread, "move", room=room, reason="heated").ok()
    edited = a.post(f"/items/{reply}/edit", {"body": "That happened to me as well, and I am sorry, trindle."}).ok().json
    assert reply not in waiting(c)
    if edited["state"] != "shown":
        decide_item(staff, reply, "approve")
    assert "trindle" in flat(see(asker, thread)["replies"]) and reply in replies(asker, thread)
    # Words that a person must see are seen by one here too.
    edited = a.post(f"/items/{reply}/edit", {"body": CONTACT}).ok().json
    assert edited["state"] == "held" and reply not in replies(asker, thread) and reply not in waiting(c)
    need_case(staff, reply)
    a.post(f"/items/{reply}/edit", {"body": "That happened to me as well, wondrell."}).ok()
    assert reply not in replies(asker, thread) and reply not in waiting(c)
    decide_item(staff, reply, "approve")
    assert "wondrell" in flat(see(asker, thread)["replies"])


def test_what_the_asker_adds_is_no_more_for_a_crowd(asking):
    """Somebody says under their own situation, at once or by an edit, that they hurt themselves: it is held."""
    house, staff, _, (a, *_), asker, item = asking
    said = asker.post(f"/items/{item}/replies", {"body": CUT, "voice": "name"}).ok(201).json
    assert said["state"] == "held" and said["help"] == "atOnce", said
    need_case(staff, said["id"])
    mild = answer(asker, item, "Thank you all, I read every word.")
    assert mild["state"] == "shown" and replies(a, item) == [mild["id"]]
    assert asker.post(f"/items/{mild['id']}/edit", {"body": CUT}).ok().json["state"] == "held"
    need_case(staff, mild["id"])
    assert replies(a, item) == []


# Letters


def test_a_held_letter_goes_nowhere_once_its_series_ended(post):  # noqa: F811
    """Whoever approves it, at once or after an appeal; and its writer changes it no more."""
    house, staff, room, _, one, other, seeker, series = started(post)
    removed = letter(one, series, "Removed, quillabee.")
    decision = decide_item(staff, removed, "remove", reason="heated")["decision"]
    held = letter(one, series, CONTACT)
    assert state(one, held)["state"] == "held"
    seeker.post(f"/letters/{series}/leave").ok()
    told = kinds(seeker).count("letter")
    one.post(f"/items/{held}/edit", {"body": "Fine then, here is what I think of you, glimbery."}).refused(None, 404, 409)
    decided(staff, held, "approve")
    appeal_turned(house, one, decision)
    house.jobs()
    assert not [word for word in ("marlo", "glimbery", "quillabee") if word in read(seeker, series)]
    assert kinds(seeker).count("letter") == told
    # The same the other way: danger of a seeker is read by a professional, and not by somebody they left.
    deliver(staff, begin(seeker, room).ok(201).json["id"])
    house.jobs()
    series = mine(other)["id"]
    deliver(staff, letter(other, series, "An answer."))
    urgent = letter(seeker, series, DANGER)
    seeker.post(f"/letters/{series}/leave").ok()
    pro = house.professional(duty=600)
    assert case_about(pro, urgent), "the case stays"
    told = kinds(other).count("letter")
    decided(pro, urgent, "approve")
    house.jobs()
    assert "kill myself" not in read(other, series) and kinds(other).count("letter") == told
    assert state(seeker, urgent)["state"] == "withdrawn"


def test_a_block_ends_letters_and_an_anonymous_voice_tells_nothing(post):  # noqa: F811
    """The seeker's block of a befriender's name ends the series, the befriender's passes it on; of an unsigned voice, neither."""
    house, staff, _, forum, one, other, seeker, series = started(post)
    quiet = house.room("quiet", "byRisk", anonymity=1)
    unsigned = {who: write(who, quiet, MINE.format("unsigned"), voice="anonymous") for who in (one, seeker)}
    assert all(made["item"]["voice"] == "anonymous" for made in unsigned.values())
    seeker.post(f"/items/{unsigned[one]['id']}/block").ok()
    one.post(f"/items/{unsigned[seeker]['id']}/block").ok()
    house.jobs()
    assert mine(seeker)["with"] == one.name and mine(seeker)["state"] == "running" and mine(one)["state"] == "running"
    sent = letter(one, series, "You can not get rid of me, glimbery.")
    one.post(f"/items/{write(seeker, forum, MINE.format('by name'))['id']}/block").ok()
    house.jobs()
    assert mine(one) is None and mine(seeker)["with"] == other.name and kinds(seeker).count("passed-on") == 1
    decided(staff, sent, "approve")
    assert "glimbery" not in read(seeker, series)
    sent = letter(other, series, "Nor of me, wondrell.")
    seeker.post(f"/items/{write(other, forum, MINE.format('by name'))['id']}/block").ok()
    house.jobs()
    assert mine(seeker)["state"] == "ended" and mine(seeker)["why"] == "by-seeker"
    decided(staff, sent, "approve")
    assert "wondrell" not in read(seeker, series)
    other.post(f"/letters/{series}", {"body": "And again."}).refused(None, 403, 404)


@pytest.mark.parametrize("at_once_approved", [False, True], ids=["later", "at-once"])
@pytest.mark.parametrize("way", ["sanction", "refuse", "break"])
def test_a_befriender_who_can_not_go_on_is_replaced(post, way, at_once_approved):  # noqa: F811
    """Sanctioned, no longer willing, or long away: another one, a kind note, and their waiting letter is not delivered."""
    house, staff, _, forum, one, other, seeker, series = started(post)
    sent = letter(one, series, "An answer of a kind, glimbery.")
    if way == "sanction":
        pause(house, staff, forum, one, other, "pause-1-month")
    elif way == "refuse":
        one.post("/courses/letters/refuse").ok()
    else:
        one.post("/breaks", {"days": 7}).ok()
    if at_once_approved:
        # Read by a moderator before the clock comes by.
        decided(staff, sent, "approve")
        assert "glimbery" not in read(seeker, series)
    house.jobs()
    if not at_once_approved:
        decided(staff, sent, "approve")
    assert "glimbery" not in read(seeker, series)
    assert mine(seeker)["with"] == other.name and mine(other)["id"] == series
    assert kinds(seeker).count("passed-on") == 1 and "that is not about you" in seeker.open("/notices").page.words
    one.get(f"/letters/{series}").refused(None, 404)
    one.post(f"/letters/{series}", {"body": "Still me."}).refused(None, 403, 404)
    deliver(staff, letter(other, series, "I am here now, wondrell."))
    assert "wondrell" in read(seeker, series)


def test_nothing_is_delivered_while_an_age_is_asked_about(post):  # noqa: F811
    """The seeker says that they are much younger: what is approved then is its writer's again, to send when it is settled."""
    house, staff, _, _, one, other, seeker, series = started(post)
    pro = house.professional(duty=100_000)
    sent = letter(one, series, "Hello, glimbery.")
    assert seeker.post("/you/age", band="13-15").ok().json["waits"]
    deliver(staff, sent)
    house.jobs()
    assert "glimbery" not in read(seeker, series)
    told = state(one, sent)
    assert told["state"] == "returned" and told["reason"] == "not-now" and mine(one)["turn"] == "change"
    decide(pro, next(c["id"] for c in queue(pro) if c["kind"] == "age"), "close")
    one.post(f"/items/{sent}/edit", {"body": "Hello again, wondrell."}).ok()
    deliver(staff, sent)
    assert "wondrell" in read(seeker, series)


@pytest.mark.parametrize("when", ["before-reading", "after-reading", "passed-on"])
def test_nobody_is_found_while_an_age_is_asked_about(post, when):  # noqa: F811
    """Said before the first letter was read, or after it, while a befriender was looked for: nobody is asked until it is settled."""
    house, staff, room, _, befrienders, seeker = post
    pro = house.professional(duty=100_000)
    if when != "passed-on":
        sent = begin(seeker, room).ok(201).json["id"]
    if when == "after-reading":
        for one in befrienders:
            one.post("/courses/letters/refuse").ok()
        deliver(staff, sent)
        house.jobs()
    if when == "passed-on":
        _, _, _, _, first, _, _, series = started(post)
        first.post(f"/letters/{series}/leave").ok()
    assert seeker.post("/you/age", band="13-15").ok().json["waits"]
    if when == "before-reading":
        deliver(staff, sent)
        told = state(seeker, sent)
        assert told["state"] == "returned" and told["reason"] == "not-now", told
    if when == "after-reading":
        for one in befrienders:
            one.post("/courses/letters/take", {"plan": PLAN}).ok()
    house.advance(minutes=25)
    assert mine(seeker)["state"] == "seeking" and not any(mine(one) for one in befrienders), "somebody was given a child's letters"
    decide(pro, next(c["id"] for c in queue(pro) if c["kind"] == "age"), "close")
    if when == "before-reading":
        seeker.post(f"/items/{sent}/edit", {"body": "I moved here in spring, trindle."}).ok()
        deliver(staff, sent)
    house.advance(minutes=25)
    assert mine(seeker)["state"] == "running"


def test_who_finds_nobody_is_owned_again(post):  # noqa: F811
    """Staff closed it: a day later somebody owns it once more; and the time of a series begins with its first befriender."""
    house, staff, room, _, befrienders, seeker = post
    for one in befrienders:
        one.post("/courses/letters/refuse").ok()
    deliver(staff, begin(seeker, room).ok(201).json["id"])
    house.jobs()
    house.advance(hours=25)
    for _ in range(2):
        assert len(asked(staff)) == 1
        decide(staff, asked(staff)[0]["id"], "close")
        house.advance(hours=20)
        assert asked(staff) == []
        house.advance(hours=5)
    assert len(asked(staff)) == 1
    house.advance(days=50)
    for one in befrienders:
        one.come_back().post("/courses/letters/take", {"plan": PLAN}).ok()
    now = datetime.datetime.fromisoformat(house.advance(minutes=11).replace("Z", "+00:00"))
    seeker.come_back()
    assert mine(seeker)["state"] == "running" and any(mine(one) for one in befrienders)
    left = datetime.datetime.fromisoformat(mine(seeker)["endsAt"].replace("Z", "+00:00")) - now
    assert datetime.timedelta(days=41, hours=23) < left <= datetime.timedelta(days=42), left
    assert asked(staff) == []


@pytest.mark.parametrize("whose", ["first", "seeker", "befriender"])
def test_a_held_letter_that_nobody_is_asked_about_comes_back(post, whose):  # noqa: F811
    """Its case closed without a word, within an hour or two its writer has it again; changed and read, it goes on."""
    house, staff, room, _, befrienders, seeker = post
    pro = house.professional(duty=100_000)
    if whose == "first":
        writer, reader = seeker, None
        # What its first words were about stays on it: somebody who takes that is asked.
        everything = [m["id"] for m in content("topics.json")["matters"]]
        for one in befrienders:
            one.post("/offers/settings", {"per_day": 2, "per_week": 6, "matters": everything}).ok()
        sent = begin(seeker, room, mind=DANGER).ok(201).json["id"]
    else:
        _, _, _, _, one, _, _, series = started(post)
        writer, reader = (one, seeker) if whose == "befriender" else (seeker, one)
        if whose == "seeker":
            deliver(staff, letter(one, series, "An answer."))
            house.jobs()
        sent = letter(writer, series, DANGER)
    assert state(writer, sent)["state"] == "held"
    house.advance(hours=2)
    assert state(writer, sent)["state"] == "held", "while somebody is asked about it it stays"
    decided(pro, sent, "close").ok()
    house.advance(hours=2)
    assert state(writer, sent)["state"] == "returned", state(writer, sent)
    assert mine(writer)["turn"] == "change"
    writer.post(f"/items/{sent}/edit", {"body": "I am all right again, wondrell."}).ok()
    decided(pro, sent, "approve").ok()
    house.jobs()
    reader = reader or next(b for b in befrienders if mine(b))
    assert "wondrell" in flat(mine(reader)) and "kill myself" not in flat(mine(reader))


def test_a_hidden_first_letter_ends_what_it_began(post):  # noqa: F811
    """Nobody is looked for, no turn is left hanging, and a new one can begin."""
    house, staff, room, _, befrienders, seeker = post
    sent = begin(seeker, room).ok(201).json["id"]
    decided(staff, sent, "hide", reason="heated").ok()
    house.advance(hours=2)
    assert mine(seeker)["state"] == "ended" and not any(mine(one) for one in befrienders)
    deliver(staff, begin(seeker, room).ok(201).json["id"])
    house.jobs()
    assert any(mine(one) for one in befrienders)


def test_two_are_not_given_to_each_other_again(post):  # noqa: F811
    """A befriender who passed it on, and one whom the seeker left, are not the ones of the next series."""
    house, staff, room, _, one, other, seeker, series = started(post)
    one.post(f"/letters/{series}/leave").ok()
    house.jobs()
    assert mine(other)["id"] == series
    seeker.post(f"/letters/{series}/leave").ok()
    # A press more, from a page that was open still.
    for who in (one, seeker, other):
        who.post(f"/letters/{series}/leave").ok()
    deliver(staff, begin(seeker, room).ok(201).json["id"])
    house.advance(minutes=25)
    assert mine(seeker)["state"] == "seeking"
    for who in (one, other):
        assert not [s for s in who.get("/letters").json["series"] if s["state"] != "ended"]
    pro, peer = (house.staff(role, duty=600) for role in ("professional", "trained-paid-peer"))
    third = trained(house, pro, peer, sign=False)
    house.advance(minutes=25)
    assert mine(seeker)["with"] == third.name


def test_a_letter_sent_back_gives_its_writer_the_time_anew(post):  # noqa: F811
    """A slow moderator takes no time from whoever wrote in time."""
    house, staff, _, _, one, other, seeker, series = started(post)
    house.advance(hours=40)
    sent = letter(one, series, "I wrote in good time, ploverly.")
    house.advance(hours=36)
    assert mine(one), "not passed on while it is being read"
    decided(staff, sent, "return", reason="unclear").ok()
    house.jobs()
    assert mine(one) and state(one, sent)["state"] == "returned" and mine(one)["turn"] == "change"
    house.advance(hours=70)
    assert mine(one) and mine(other) is None
    house.advance(hours=3)
    assert mine(one) is None and mine(other)["id"] == series


@pytest.mark.parametrize("how", ["edited", "labelled"])
def test_who_is_asked_is_asked_about_the_letter_as_it_stands(post, how):  # noqa: F811
    """What it came to speak of by an edit, or by a label of the staff, goes to nobody who does not take that."""
    house, staff, room, _, befrienders, seeker = post
    pro = house.professional(duty=100_000)
    sent = begin(seeker, room).ok(201).json["id"]
    if how == "edited":
        seeker.post(
            f"/items/{sent}/edit",
            {"body": "My uncle hit me for years. It is over, and I think of it every day."}).ok()
    else:
        case = need_case(pro, sent)["id"]
        claim(pro, case)
        pro.post(f"/cases/{case}/decisions", {"act": "label", "matters": ["abuse-at-home"]}).ok()
    decided(pro, sent, "approve").ok()
    house.advance(minutes=25)
    assert mine(seeker)["state"] == "seeking" and not any(mine(one) for one in befrienders)
    befrienders[1].post("/offers/settings", {"matters": ["abuse-at-home"], "per_day": 2, "per_week": 6, "plan": PLAN}).ok(200, 303)
    house.advance(minutes=25)
    assert mine(seeker)["with"] == befrienders[1].name


@pytest.mark.parametrize("way", ["by-name", "second-name", "unsigned-answer", "unsigned-thread"])
def test_who_knows_a_seeker_is_told_by_first_names_alone(post, way):  # noqa: F811
    """An answer under a second name or none, or to a thread that nobody signed, decides nothing: it would tell whose it was."""
    house, staff, room, _, befrienders, seeker = post
    # Were they all alike, the oldest account would be asked: the other one knows the seeker.
    age = {row["shown"]: row["account"] for row in house.sql("SELECT shown, account FROM name WHERE place = 1")}
    usual, knows = sorted(befrienders, key=lambda one: age[one.name])
    quiet = house.room("quiet", "byRisk", anonymity=1)
    voice = "anonymous" if way == "unsigned-thread" else "name"
    thread = write(seeker, quiet, "Third week here, and nobody knows my name yet.", voice=voice)
    assert thread["item"]["voice"] == voice
    thread = thread["id"]
    if way == "second-name":
        knows.post("/you/second-name").ok(201)
        knows.speak_as(2)
    voice = "anonymous" if way == "unsigned-answer" else "name"
    made = answer(knows, thread, "Mine neither, for a long time. Then it changed.", voice=voice)
    assert made["state"] == "shown" and made["item"]["voice"] == voice
    if way == "second-name":
        knows.speak_as(1)
    deliver(staff, begin(seeker, room, **{"from": thread}).ok(201).json["id"])
    house.jobs()
    assert mine(seeker)["with"] == (knows if way == "by-name" else usual).name


def test_a_turn_is_one_letter_however_often_it_is_pressed(post):  # noqa: F811
    """Four letters and four beginnings at the same moment: one of each."""
    house, staff, room, _, befrienders, seeker = post
    told = at_once(*((seeker, f"/rooms/{room}/letters", {**STEPS, "mind": f"mind {n}"}) for n in range(4)))
    assert sorted(told)[0] == 201 and all(s in (201, 403) for s in told), told
    assert house.sql("SELECT count(*) AS n FROM series")[0]["n"] == 1
    deliver(staff, mine(seeker)["letters"][0]["id"])
    house.jobs()
    one = next(b for b in befrienders if mine(b))
    series = mine(one)["id"]
    for turn, (writer, reader) in enumerate(((one, seeker), (seeker, one), (one, seeker)), 2):
        told = at_once(*((writer, f"/letters/{series}", {"body": f"turn {turn}, number {n}"}) for n in range(4)))
        assert told.count(201) == 1 and told.count(403) == 3, told
        assert house.sql("SELECT count(*) AS n FROM letter")[0]["n"] == turn
        deliver(staff, mine(writer)["letters"][-1]["id"])
        assert len(mine(reader)["letters"]) == turn


def test_a_former_befriender_reports_and_a_gone_name_is_no_riddle(post):  # noqa: F811
    """What was delivered to them may be reported after they left, what came later not; after an erasure no name is shown."""
    house, staff, _, _, one, other, seeker, series = started(post)
    first = mine(one)["letters"][0]["id"]
    one.post(f"/letters/{series}/leave").ok()
    house.jobs()
    assert one.post(f"/items/{first}/reports", {"kind": "unkind"}).ok(201).json["receipt"]
    assert need_case(staff, first)["kind"] == "report"
    deliver(staff, letter(other, series, "An answer."))
    later = letter(seeker, series, "Thank you, wondrell.")
    deliver(staff, later)
    one.post(f"/items/{later}/reports", {"kind": "unkind"}).refused(None, 404)
    assert other.post(f"/items/{later}/reports", {"kind": "unkind"}).ok(201).json["receipt"]
    seeker.post(f"/letters/{series}/leave").ok()
    other.post("/you/erase", words=" ".join(other.words), pace="now").ok()
    house.jobs()
    assert mine(seeker)["with"] is None
    for place in ("/letters", f"/letters/{series}"):
        for told in (seeker.get(place).ok().text, seeker.open(place).ok().text):
            assert "gone " not in told and other.name not in told


def test_a_closed_room_of_letters_is_closed(post):  # noqa: F811
    """Nothing is sent there, and nothing that waits is delivered."""
    house, staff, room, _, one, _, seeker, series = started(post)
    sent = letter(one, series, "On its way, glimbery.")
    house.operator().post(f"/operator/rooms/{room}/close").ok()
    decided(staff, sent, "approve")
    house.jobs()
    assert "glimbery" not in read(seeker, series)
    one.post(f"/letters/{series}", {"body": "Into the closed room."}).refused(None, 403, 404, 409)
    assert house.sql("SELECT count(*) AS n FROM letter")[0]["n"] == 2


# Courses


def test_a_page_that_is_not_there_is_still_a_page(house):
    """Asked for a page before the first or after the last, a lesson answers with one of its pages; the house stands."""
    one = house.member()
    pages = [page["text"] for page in pack("first-steps")["lessons"][0]["pages"]]
    for number in ("0", "-1", "-99999999999", "99999999999", "99", "abc"):
        assert one.get(f"{LISTENING}?page={number}").ok(200).json["text"] in pages
        assert one.open(f"{LISTENING}?page={number}").ok(200).page.headings
    assert house.process.poll() is None


@pytest.fixture
def supporter(house):
    """Somebody with standing in one room, by the course."""
    pro, peer, lamp = house.professional(duty=100_000), house.staff("trained-paid-peer", duty=100_000), house.room("lamp", "byRisk")
    pro.post("/courses/first-steps/sign").ok()
    one = qualified(house, pro, peer, house.member())
    one.post("/courses/first-steps/take", {"rooms": [lamp], "plan": PLAN}).ok()
    return house, pro, lamp, one


def standing(one):
    return [r["room"] for r in one.get("/offers").ok().json["rooms"]]


def standings(house):
    return house.sql("SELECT count(*) AS n FROM standing WHERE ended_at IS NULL")[0]["n"]


def test_standing_that_a_professional_ended_is_not_taken_again(supporter):
    """Not by the course, not by refusing and taking; when a professional gives it, it is theirs."""
    house, pro, lamp, one = supporter
    take = lambda: one.post("/courses/first-steps/take", {"rooms": [lamp], "plan": PLAN})  # noqa: E731
    pro.post(f"/rooms/{lamp}/supporters/end", {"name": one.name}).ok()
    for _ in range(2):
        take().refused("no-standing", 409)
        assert standing(one) == [] and standings(house) == 0
        one.post("/courses/first-steps/refuse").ok()
    pro.post(f"/rooms/{lamp}/supporters", {"name": one.name, "trained": "Twelve evenings at the helpline"}).ok()
    assert standing(one) == [lamp]
    one.post("/courses/first-steps/refuse").ok()
    assert standing(one) == []
    take().ok()
    assert standing(one) == [lamp], "given back by themselves it is theirs to take"


def test_a_pause_gives_no_standing_and_refusing_in_it_ends_all(supporter):
    """Paused, nobody takes standing; refused meanwhile, it is not there when the pause is over."""
    house, pro, lamp, one = supporter
    pause(house, pro, lamp, one, house.member())
    assert standing(one) == []
    one.post("/courses/first-steps/take", {"rooms": [lamp], "plan": PLAN}).refused("no-standing", 409)
    assert standings(house) == 1, "it rests"
    one.post("/courses/first-steps/refuse").ok()
    assert standings(house) == 0
    house.advance(days=15)
    one.come_back()
    assert standing(one) == [] and stage(one, "first-steps") == "refused"
    one.post("/courses/first-steps/take", {"rooms": [lamp], "plan": PLAN}).ok()
    assert standing(one) == [lamp]


def test_a_role_play_is_rated_as_it_was_read_and_settled_once(house):
    """A rating names the words it saw; rated once it stands until all have; settled it is rated no more."""
    pro, peer = house.professional(duty=10_000), house.staff("trained-paid-peer", duty=10_000)
    third, fourth = house.professional(), house.professional()
    pro.post("/courses/first-steps/sign").ok()
    one = learn(house.member(), "first-steps")
    hand_in(one, "first-steps").ok()
    for face in (pro, peer, third, fourth):
        may_rate(face, "first-steps")
    play = pro.get("/ratings").json["waiting"][0]["id"]
    scores = lambda n: {f"s{k}": n for k in range(1, len(pack("first-steps")["skills"]) + 1)}  # noqa: E731
    seen = pro.get(f"/ratings/{play}").ok().json["seen"]
    assert pro.open(f"/ratings/{play}").page.form(f"/ratings/{play}")["fields"]["seen"] == seen
    pro.post(f"/ratings/{play}", scores(3)).refused("missing", 422)
    hand_in(one, "first-steps", words="Stop whining.").ok()
    pro.post(f"/ratings/{play}", {**scores(3), "seen": seen}).refused("role-play-changed", 409)
    assert house.sql("SELECT count(*) AS n FROM rating")[0]["n"] == 0
    rate(pro, "first-steps", 1)
    hand_in(one, "first-steps", words=REPLY).refused("role-play-not-now", 409)
    assert house.sql("SELECT count(*) AS n FROM rating")[0]["n"] == 1
    now = pro.get(f"/ratings/{play}").ok().json["seen"]
    pro.post(f"/ratings/{play}", {**scores(3), "seen": now}).refused("rated-already", 409)
    rate(peer, "first-steps", 1)
    assert stage(one, "first-steps") == "not-yet"
    for late in (third, fourth, peer):
        late.post(f"/ratings/{play}", {**scores(3), "seen": now}).refused("rated-already", 409)
    assert stage(one, "first-steps") == "not-yet" and kinds(one).count("rated") == 1
    hand_in(one, "first-steps").ok()
    rate(third, "first-steps", 3)
    rate(peer, "first-steps", 3)
    assert stage(one, "first-steps") == "open"


def test_a_signature_is_taken_back(supporter):
    """By a professional and nobody less: nobody begins with the course any more, and who supports already goes on."""
    house, pro, lamp, one = supporter
    new = qualified(house, pro, house.staff("trained-paid-peer", duty=600), house.member())
    house.moderator().post("/courses/first-steps/unsign").refused(None, 403)
    new.post("/courses/first-steps/unsign").refused(None, 403, 404)
    assert stage(new, "first-steps") == "open"
    pro.post("/courses/first-steps/unsign").ok()
    for who in (new, one):
        who.post("/courses/first-steps/take", {"rooms": [lamp], "plan": PLAN}).refused("course-not-open", 409)
    assert standing(new) == [] and standing(one) == [lamp]
    pro.post("/courses/first-steps/sign").ok()
    new.post("/courses/first-steps/take", {"rooms": [lamp], "plan": PLAN}).ok()


def test_another_version_of_a_course_is_learned_anew(crowd, tmp_path, monkeypatch):  # noqa: F811
    """A host changes a course and counts its version up: what was passed of the old one opens nothing that the new one opens."""
    house, _, room, (a, b, *_) = crowd
    asker = house.member()
    item = ask(asker, room).ok(201).json["id"]
    response = respond(a, item, "plimble").ok(201).json["id"]
    assert response in waiting(b)
    shutil.copytree(ROOT / "Content", tmp_path / "content")
    file = tmp_path / "content/courses/reappraisal.json"
    course = json.loads(file.read_text())
    file.write_text(json.dumps({**course, "version": course["version"] + 1}))
    told = tmp_path / "understory"
    told.write_text(f'#!/bin/sh\nexec "{house_module.BINARY}" "$@" --content "{tmp_path}/content"\n')
    told.chmod(0o755)
    monkeypatch.setattr(house_module, "BINARY", told)
    house.stop()
    house.start()
    for face in house.faces:
        face.hang_up()
        face.port = house.port
    lessons = b.get("/courses/reappraisal").ok().json
    assert lessons["stage"] == "lessons", lessons
    assert waiting(b) == {}
    judge(b, response, seen="0").refused("gate-learn-first", 403)
    respond(b, item, "wondrell").refused("gate-learn-first", 403)
    learn(b, "reappraisal")
    assert response in waiting(b)
    respond(b, item, "wondrell").ok(201)
