"""The walk of offers, with people who go away and come back, and posts that are taken out of sight after they were put before somebody:
no open post is lost, and nothing that nobody may see is before a supporter."""

import random

import pytest

from cast import COMPARING, MINE, answer, case_about, claim, decide, decide_item, need_case, queue, report, see, write
from test_offers import before, supporter

PROMISE = 60


@pytest.mark.parametrize("seed", range(2))
def test_no_walk_with_breaks_and_hiding_loses_a_post(house, seed):
    chance = random.Random(f"offers and breaks {seed}")
    pro, staff = house.professional(duty=100_000), house.moderator(duty=100_000)
    room = house.room("porch", "byRisk", promise=PROMISE)
    supporters = [supporter(house, room, pro) for _ in range(4)]
    clock = 0
    authors, opened, held, hidden, answered = {}, {}, set(), set(), set()
    away, resting, known, was = set(), set(), [], set()

    def offers(one):
        mine = one.get("/offers").ok().json["offers"]
        known.extend((one, offer["id"], offer["item"]) for offer in mine)
        return mine

    def out_of_sight():
        return held | hidden | {item for item in authors if authors[item] in away}

    def post(words=MINE):
        author = house.member()
        made = write(author, room, words.format(f"turn {clock} {len(authors)}"), wants="ideas")
        authors[made["id"]] = author
        if made["state"] == "shown":
            opened[made["id"]] = clock
        else:
            held.add(made["id"])

    def show():
        for item in sorted(held)[:1]:
            decide_item(staff, item, "approve")
            held.discard(item)
            opened[item] = clock

    def hide():
        """Something that is before somebody, or that they have already."""
        before_them = sorted({offer["item"] for one in supporters for offer in offers(one)} - out_of_sight())
        for item in chance.sample(before_them, min(1, len(before_them))):
            staff.post(f"/items/{item}/hide").ok()
            hidden.add(item)
            was.add("hidden")

    def restore():
        for item in chance.sample(sorted(hidden), min(1, len(hidden))):
            decide_item(staff, item, "restore")
            hidden.discard(item)

    def author_goes():
        near = sorted(item for item in opened if item not in answered and authors[item] not in away)
        for item in near[-3:][:1]:
            authors[item].post("/breaks", days=2).ok()
            away.add(authors[item])
            was.add("author away")

    def author_comes():
        for author in sorted(away, key=lambda one: one.name)[:1]:
            author.post("/breaks/end").ok()
            away.discard(author)

    def supporter_goes():
        one = chance.choice(supporters)
        if len(resting) < 2:
            one.post("/breaks", days=1).ok()
            resting.add(one)
            was.add("supporter away")

    def supporter_comes():
        for one in sorted(resting, key=lambda one: one.name)[:1]:
            one.post("/breaks/end").ok()
            resting.discard(one)

    def one_offer(act):
        one = chance.choice(supporters)
        mine = offers(one)
        if mine:
            done = one.post(f"/offers/{chance.choice(mine)['id']}/{act}")
            assert done.status in (200, 404, 409), done.text

    def from_an_old_page():
        """Accepting what went out of sight since, or while one is away."""
        gone = [old for old in known if old[2] in out_of_sight() or old[0] in resting]
        if gone:
            one, offer, item = chance.choice(gone)
            one.post(f"/offers/{offer}/accept").refused(None, 404, 409)
            was.add("old page")

    def reply():
        mine = [(one, offer["item"]) for one in supporters for offer in offers(one) if offer.get("yoursUntil")]
        if mine:
            one, item = chance.choice(mine)
            if answer(one, item, "I know evenings like that, and what helped me was the bus to the lake.")["state"] == "shown":
                answered.add(item)

    def wait():
        nonlocal clock
        minutes = chance.choice([5, 20, 45, 90])
        clock += minutes
        house.advance(minutes=minutes)

    def look(step):
        house.jobs()
        shown = {one: offers(one) for one in supporters}
        gone = out_of_sight()
        for one, mine in shown.items():
            items = {offer["item"] for offer in mine}
            assert not items & gone, f"{one.name} was shown what is out of sight, at step {step}"
            assert one not in resting or not items, f"{one.name} is away, and something is before them, at step {step}"
            assert len([offer for offer in mine if offer.get("yoursUntil")]) <= 2, f"{one.name} has more than they take, at step {step}"
        for item in chance.sample(sorted(gone), min(2, len(gone))):
            assert see(chance.choice(supporters), item) is None, f"{item} can be opened, at step {step}"
        holders = [offer["item"] for mine in shown.values() for offer in mine if offer.get("yoursUntil")]
        assert len(holders) == len(set(holders)), f"two have one post, at step {step}"
        cases = {case["item"] for case in queue(pro)}
        assert hidden | held <= cases, f"{(hidden | held) - cases} is hidden and nobody owns that, at step {step}"
        # Past its promise a post is answered, in somebody's hands, or owned by a case.
        for item, since in opened.items():
            if item in answered or item in gone or clock - since <= PROMISE:
                continue
            assert item in holders or item in cases, f"{item} is lost since {clock - since} minutes, at step {step}"

    acts = [post, post, post, lambda: post(COMPARING), show, hide, hide, restore, restore, author_goes, author_comes, supporter_goes,
            supporter_comes, supporter_comes, from_an_old_page, lambda: one_offer("accept"), lambda: one_offer("accept"),
            lambda: one_offer("accept"), lambda: one_offer("pass"), lambda: one_offer("hand-over"), reply, reply, reply, wait, wait, wait]
    for step in range(120):
        chance.choice(acts)()
        if step % 4 == 0:
            look(step)
    # Everybody is back and everything is up again: what nobody answered has an owner.
    for come in (author_comes, supporter_comes, restore, show):
        for _ in range(len(authors)):
            come()
    assert not out_of_sight() and not resting
    look("the end")
    house.advance(minutes=PROMISE + 25)
    clock += PROMISE + 25
    look("an hour later")
    cases = {case["item"] for case in queue(pro)}
    assert set(opened) - answered <= cases, f"{set(opened) - answered - cases} has neither an answer nor an owner"
    # By chance a walk may miss one of these; all of them together it does not.
    assert len(was) >= 3 and len(opened) > 5, f"went nowhere: {was}, {len(opened)} opened, {len(answered)} answered"


def test_an_answer_that_nobody_sees_is_no_answer(house):
    """Written by somebody who is on a break, it is out of sight like all their words: the post goes on waiting, and is owned in time."""
    pro = house.professional(duty=100_000)
    room = house.room("porch", "byRisk", promise=PROMISE)
    one, two, author = supporter(house, room, pro), supporter(house, room, pro), house.member()
    item = write(author, room, MINE.format("today"), wants="ideas")["id"]
    house.jobs()
    one.post("/breaks", days=20).ok()
    # It may be refused, or end the break, or wait: what it may not do is count and not be there.
    one.post(f"/items/{item}/replies", body="I read it, and I know such evenings.", voice="name")
    house.jobs()
    seen = see(author, item)["replies"]
    assert seen or item in before(two), "nobody answered in sight, and nobody is asked any more"
    house.advance(minutes=PROMISE + 5)
    assert see(author, item)["replies"] or case_about(pro, item), "a post is lost"


def test_one_voice_comes_back_and_the_other_stays(house):
    """Both voices on a break, of different lengths: whoever writes is back in that one alone, whatever came last."""
    house.moderator(duty=100_000)
    room, me, reader = house.room("porch", "byRisk"), house.member(), house.member()
    first = write(me, room, MINE.format("as one"))["id"]
    me.post("/you/second-name").ok()
    me.speak_as(2)
    second = write(me, room, MINE.format("as another"))["id"]
    me.speak_as(1)
    me.post("/breaks", days=7).ok()
    me.speak_as(2)
    me.post("/breaks", days=1).ok()
    assert see(reader, first) is None and see(reader, second) is None
    house.advance(days=2)
    assert see(reader, first) is None and see(reader, second)
    thread = write(reader, room, MINE.format("for all"))["id"]
    me.speak_as(1)
    answer(me, thread, "I read it.")
    assert see(reader, thread)["replies"] and see(reader, first)
    # And the other way round: the longer one stays.
    me.post("/breaks", days=1).ok()
    me.speak_as(2)
    me.post("/breaks", days=7).ok()
    me.speak_as(1)
    answer(me, thread, "I read it again.")
    assert see(reader, first) and see(reader, second) is None


def test_whom_the_writer_blocked_takes_no_offer(house):
    """Blocked while the offer lies before them: to take it finds nothing, and the post waits for somebody else."""
    house.moderator(duty=100_000)
    pro = house.professional(duty=100_000)
    room = house.room("porch", "byRisk", promise=PROMISE)
    one, other = supporter(house, room, pro), supporter(house, room, pro)
    author = house.member()
    item = write(author, room, MINE.format("today"), wants="ideas")["id"]
    house.jobs()
    offer = before(one)[item]["id"]
    theirs = write(one, room, MINE.format("theirs"), wants="no-reply")["id"]
    author.post(f"/items/{theirs}/block").ok()
    one.post(f"/offers/{offer}/accept").refused(None, 404)
    assert item in before(other) and item not in before(one)
    other.post(f"/offers/{before(other)[item]['id']}/accept").ok()


def test_an_invitation_asks_for_the_language(house):
    """An invitation by name holds to the rules of an offer: also to the language of the words."""
    staff, pro = house.moderator(duty=100_000), house.professional(duty=100_000)
    room = house.room("porch", "byRisk", promise=PROMISE)
    english, spanish = supporter(house, room, pro), supporter(house, room, pro, languages=["es"])
    item = write(house.member(), room, "Hoy fuimos al parque con mis primos y luego comimos pizza en casa de la abuela.")["id"]
    decide_item(staff, item, "approve")
    pro.post(f"/items/{item}/invite", name=english.name).refused("not-a-supporter-here", 422)
    pro.post(f"/items/{item}/invite", name=spanish.name).ok()
    assert item in before(spanish)


def test_a_post_goes_to_those_who_write_its_language(house):
    """English is what everybody answers in until they say otherwise; words in a language that nobody named go to the staff."""
    staff, pro = house.moderator(duty=100_000), house.professional(duty=100_000)
    room = house.room("porch", "byRisk", promise=PROMISE)
    english, both = supporter(house, room, pro), supporter(house, room, pro, languages=["en", "es"])
    spanish = supporter(house, room, pro, languages=["es"])
    told = lambda one: one.get("/offers/settings").ok().json["languages"]  # noqa: E731
    assert (told(english), told(both), told(spanish)) == (["en"], ["en", "es"], ["es"])
    both.post("/offers/settings", {"per_day": 2, "per_week": 6, "languages": []}).ok()
    assert told(both) == ["en", "es"], "nobody answers in no language"
    item = write(house.member(), room, "Hoy fuimos al parque con mis primos y luego comimos pizza en casa de la abuela.")
    assert item["state"] == "waiting", "nobody sees it before a person has read it"
    decide_item(staff, item["id"], "approve")
    house.jobs()
    asked = [one for one in (english, both, spanish) if item["id"] in before(one)]
    assert asked == [both, spanish]
    plain = write(house.member(), room, MINE.format("in English"))["id"]
    house.jobs()
    assert [plain in before(one) for one in (english, both, spanish)] == [True, True, False]
    # Taken off while the offer is open: it can not be taken any more.
    offer = before(both)[item["id"]]["id"]
    both.post("/offers/settings", {"per_day": 2, "per_week": 6, "languages": ["en"]}).ok()
    assert item["id"] not in before(both)
    both.post(f"/offers/{offer}/accept").refused("offer-other-language", 409)
    # Nobody writes it: the promise ends with an owner.
    strange = write(house.member(), room, "Сегодня мы ходили в парк, а потом ели суп у бабушки и долго говорили.")["id"]
    decide_item(staff, strange, "approve")
    house.jobs()
    assert not any(strange in before(one) for one in (english, both, spanish))
    house.advance(minutes=PROMISE + 1)
    house.jobs()
    assert case_about(staff, strange)


def test_whoever_reads_first_says_which_language_it_is(house):
    """The screen takes some words for another language; a person who reads them sets that right, and the post finds its supporters."""
    staff, pro = house.moderator(duty=100_000), house.professional(duty=100_000)
    room = house.room("porch", "byRisk", promise=PROMISE)
    english = supporter(house, room, pro)
    author = house.member()
    made = [write(author, room, f"Сегодня мы ходили в парк, а потом ели суп {n}.")["id"] for n in range(2)]
    told = author.post("/you/export", words=" ".join(author.words), format="json").ok().json
    assert [one["language"] for one in told["items"] if one["id"] in made] == ["und", "und"]
    case = need_case(staff, made[0])["id"]
    assert "Language of these words" in staff.open(f"/cases/{case}").page.words
    claim(staff, case)
    staff.post(f"/cases/{case}/decisions", act="approve", language="fr").refused(None, 422)
    decide(staff, case, "approve", language="en")
    decide_item(staff, made[1], "approve")
    house.jobs()
    assert [item in before(english) for item in made] == [True, False]
    # A person's word stands over the screen's: an edit takes it off no more, and the other way round it is asked of others.
    spanish = supporter(house, room, pro, languages=["es"])
    plain = write(author, room, MINE.format("plain"))["id"]
    house.jobs()
    assert plain in before(english) and plain not in before(spanish)
    report(house.member(), plain)
    case = need_case(staff, plain)["id"]
    assert staff.get(f"/cases/{case}").ok().json["language"] == "en"
    decide(staff, case, "label", language="es")
    house.jobs()
    assert plain not in before(english) and plain in before(spanish)
    author.post(f"/items/{plain}/edit", title="One of those days", body=MINE.format("plain and edited")).ok()
    house.jobs()
    assert staff.get(f"/cases/{case}").ok().json["language"] == "es"


def test_what_is_not_listed_is_not_taken(house):
    """A danger that staff see to is before no supporter: not in their list, and not to be had from an old page."""
    house.moderator(duty=100_000)
    pro = house.professional(duty=100_000)
    room = house.room("porch", "byRisk", promise=PROMISE)
    one = supporter(house, room, pro)
    item = write(house.member(), room, MINE.format("today"), wants="ideas")["id"]
    house.jobs()
    offer = before(one)[item]["id"]
    report(house.member(), item, "danger")
    assert item not in before(one)
    one.post(f"/offers/{offer}/accept").refused(None, 404)
    assert house.sql("SELECT count(*) AS n FROM open_post WHERE taken_by IS NOT NULL")[0]["n"] == 0


def test_a_thread_that_was_late_waits_in_the_room_it_was_moved_to(house):
    """Moved after its promise, a thread waits for the staff of its new room."""
    staff = house.moderator(duty=100_000)
    house.professional(duty=100_000)
    old, new = house.room("porch", "byRisk", promise=PROMISE), house.room("field", "byRisk", promise=PROMISE)
    there = house.staff("trained-paid-staff", room=new, duty=100_000)
    item = write(house.member(), old, MINE.format("today"))["id"]
    house.advance(minutes=PROMISE + 5)
    house.jobs()
    case = case_about(staff, item)["id"]
    waits = lambda: item in [one["id"] for one in there.get("/offers").ok().json["waiting"]]  # noqa: E731
    assert not waits()
    decide(staff, case, "move", room=new, reason="heated")
    assert waits()
