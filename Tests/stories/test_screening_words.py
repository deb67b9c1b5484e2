"""The screening in other languages, of small places, of pain that is no offence, and of where a thread goes."""

import pytest

from cast import COMPARING, answer, case_about, claim, decide_item, need_case, queue, see, threads, write
from screened import CALM, COMPARES, PAIN, concerns

# Other languages

ORDINARY = {
    "es": ("Una tarde tranquila", "Hoy llovió toda la tarde y me quedé en casa leyendo un libro viejo con mi gato."),
    "ko": ("조용한 하루", "오늘은 비가 많이 와서 하루 종일 집에서 고양이랑 책을 읽었는데 정말 조용하고 좋았어요."),
    "id": ("Hari yang tenang", "Hari ini hujan terus dari pagi jadi aku cuma di rumah baca buku sambil minum teh hangat."),
    "af": ("Vandag by die huis", "Gister het ek saam met my ouma sop gekook en daarna het ons 'n lang film gekyk."),
    "zh": ("安静的一天", "今天下了一整天的雨，我就待在家里看书，和小猫一起喝了热茶，觉得很安静。"),
}
WISHES = {
    "es": ["quiero morir", "me quiero morir", "ya no quiero vivir", "QUIERO MORIRME"],
    "ko": ["죽고 싶어", "진짜 죽고 싶어", "살기 싫어", "자살하고 싶어"],
    "id": ["ingin mati", "pengen mati", "mau bunuh diri"],
    "af": ["ek wil doodgaan", "ek wil sterf", "Ek wil nie meer lewe nie"],
    "zh": ["想死", "我不想活了", "想自杀", "我 想 死"],
}


@pytest.mark.parametrize("language", ORDINARY)
def test_ordinary_words_of_another_language_wait_for_a_person(house, language):
    """A thread and an answer in a language nobody here reads wait, with that as the reason, and are seen by nobody else."""
    room, me, reader, staff = house.room("forum", "byRisk"), house.member(), house.member(), house.moderator(duty=600)
    base = write(reader, room, CALM)["id"]
    title, words = ORDINARY[language]
    for made in (write(me, room, words, title=title), answer(me, base, words)):
        assert (made["state"], made["reason"]) == ("waiting", "language"), made
        assert see(me, made["id"])["item"]["body"] == words
        for face in (reader, house.visitor()):
            assert see(face, made["id"]) is None
            assert words not in face.get(f"/items/{base}").text + face.open(f"/rooms/{room}").text
        assert made["id"] not in threads(reader, room)
        assert need_case(staff, made["id"])["level"] in ("low", "medium")
        assert "language" in me.open(f"/items/{made['id']}/sent").ok(200).page.words.lower(), "the reason is not said"
    # A person who reads it may show it.
    decide_item(staff, made["id"], "approve")
    assert words in reader.get(f"/items/{base}").text


@pytest.mark.parametrize("language", ORDINARY)
def test_an_english_title_does_not_carry_another_language_along(house, language):
    """Four English words above a text of ten or more in another language: the text waits all the same."""
    room, me, reader = house.room("forum", "byRisk"), house.member(), house.member()
    others = {
        "es": ["Hoy llovió toda la tarde y me quedé en casa con mi gato.",
               "Me gusta mucho cantar en el coro y los domingos jugamos a las cartas con mi abuelo."],
        "af": ["Ek is baie moeg ná skool, maar môre gaan ek saam met my vriende park toe."],
        "id": ["Kemarin gue masak mie bareng kakak terus nonton film sampai malam, seru banget deh pokoknya."],
    }
    shown = []
    for words in [ORDINARY[language][1], *others.get(language, [])]:
        made = write(me, room, words, title="One of those days")
        if (made["state"], made["reason"]) != ("waiting", "language"):
            shown.append((made["state"], made["reason"], words))
    assert not shown, shown


@pytest.mark.parametrize("language", WISHES)
def test_a_wish_to_die_in_another_language_is_found_in_two_or_three_words(house, language):
    """However short, and in the language of a pack: nobody else sees it, and the case is high or urgent."""
    room, me, reader, staff = house.room("forum", "byRisk"), house.member(), house.member(), house.moderator(duty=900)
    base = write(reader, room, CALM)["id"]
    missed = []
    for words in WISHES[language]:
        for made in (write(me, room, words, title=words), answer(me, base, words)):
            case = case_about(staff, made["id"])
            if made["state"] not in ("waiting", "held") or not case or case["level"] not in ("high", "urgent"):
                missed.append((words, made["state"], made["reason"], case and case["level"]))
            assert made["state"] == "shown" or see(reader, made["id"]) is None
            # Help is offered at once, in the same breath.
            if case:
                assert made["help"] == "atOnce", (words, made["help"])
        house.advance(minutes=20)
    assert not missed, missed


@pytest.mark.parametrize("words", [
    "The bus was late. Quiero morirme.",
    "School was fine today and we had pizza with my friends but 죽고 싶어 and I am tired.",
    "I had lunch with my sister, aku ingin bunuh diri, and then home.", "I am tired and quiero morirme tonight.",
    "quiero morirme, but I will go to bed now.", "I had pizza with friends and ek wil doodgaan, that is all.",
    "I had pizza with friends 我想死 that is all.",
], ids=["es-sentence", "ko", "id", "es-within", "es-first", "af", "zh"])
def test_a_wish_to_die_among_english_words_is_found(house, words):
    """People who speak two languages mix them: the pack finds the words inside an English sentence too."""
    room, me, staff = house.room("forum", "byRisk"), house.member(), house.moderator(duty=600)
    made = write(me, room, words)
    case = case_about(staff, made["id"])
    assert made["state"] in ("waiting", "held"), (made["state"], made["reason"], case)
    assert case and case["level"] in ("high", "urgent"), case


def test_everyday_english_is_shown_however_it_is_spelled(house):
    """Slang, dialect, text speak and stretched letters are English: nothing waits for its language."""
    room, staff = house.room("forum", "byRisk"), house.moderator(duty=600)
    base = write(house.member(), room, CALM)["id"]
    waits = []
    for n, words in enumerate([
        "ngl this week was mid, my bestie ghosted me and im lowkey done w school lol",
        "bruh fr no cap the exam slapped, we ate that",
        "idk man tbh im just vibing rn, kinda tired innit",
        "yeet, that boss fight was sus af but gg",
        "wagwan man's been ghosted innit, mandem moving mad still peak times fam", "aint nobody got time 4 dat lmao smh fr fr",
        "finna dip cuz dis class boutta be deadass boring ngl", "hiiiii sooooo boreddddd anyoneee wanna chatttt",
        "am gonnae greet if that bus is late again, pure scunnered so ah am",
        "omg slay queen, that fit ate and left no crumbs periodt",
        "tbh idgaf bout the mocks rn, wanna sleep n play fortnite w da boys", "gg wp ez clap lol",
        "We had tacos and sushi, c'est la vie.",
        "my abuela makes the best pozole and I miss her kitchen so much", "I said konnichiwa to the sushi man and he laughed",
    ]):
        if n % 4 == 0:
            me = house.member()
        for made in (write(me, room, words), answer(me, base, words)):
            if made["state"] != "shown":
                waits.append((words, made["state"], made["reason"]))
    assert not waits, waits


# Small places

PLACES = [
    "I live in Thistleham, there is one bus.", "I grew up in a small village called Oxterby.",
    "I am originally from Little Marrow.", "We moved to Fennelby last year."]
ANYWHERE = [
    "I live in London.", "I am from South Africa.", "I live in Manchester with my mum.", "We moved to Spain last year.",
    "I grew up in Scotland.", "I live in a small village.", "I live in Year 10 hell.", "I live in New York."]


def test_a_small_place_named_as_a_home_is_held_and_a_large_one_is_not(house):
    """Where one lives is held when it is small, on a board of children and in a forum of adults; cities and countries are not."""
    board, forum = house.room("board", "before", "13-15"), house.room("forum", "byRisk")
    staff, reader = house.moderator(duty=900), house.member()
    for n, words in enumerate(PLACES):
        child, adult = house.member("13-15"), house.member()
        child.post(f"/rooms/{board}/join").ok()
        for face, room in ((child, board), (adult, forum)):
            made = write(face, room, words)
            assert (made["state"], made["reason"]) == ("held", "place"), (words, made["state"], made["reason"])
            assert see(reader, made["id"]) is None and "[removed]" in made["masked"]["body"]
            said = concerns(staff, need_case(staff, made["id"])["id"])
            assert [s for c in said if c["kind"] == "smallPlace" for s in c["spans"]], words
    for n, words in enumerate(ANYWHERE):
        if n % 4 == 0:
            adult, child = house.member(), house.member("13-15")
            child.post(f"/rooms/{board}/join").ok()
        made = write(adult, forum, words)
        assert made["state"] == "shown", (words, made["state"], made["reason"])
        made = write(child, board, words)
        assert (made["state"], made["reason"]) == ("waiting", "read-first"), (words, made["state"], made["reason"])


@pytest.mark.parametrize("words", [
    "We live in Little Marrow, population 300.",
    "I come from Thistleham and everyone knows everyone.", "Living in Thistleham is lonely.",
    "I LIVE IN THISTLEHAM, THERE IS ONE BUS.",
], ids=["we", "come from", "living in", "capitals"])
def test_a_small_place_is_held_however_it_is_said(house, words):
    """Children say we, shout, or say it another way round. Without a capital letter nothing tells a place from a word."""
    room, me = house.room("forum", "byRisk"), house.member()
    made = write(me, room, words)
    assert (made["state"], made["reason"]) == ("held", "place"), (made["state"], made["reason"])


# Pain is no offence


@pytest.mark.parametrize("words", [
    "Nobody cares about me.", "Nobody asked if I was okay.", "I was crying and nobody asked.",
    "I feel like nobody cares if I am here.",
    "No one cares about me at school.", "I had it way worse when I was younger, and nobody asked.",
])
def test_whoever_feels_that_nobody_cares_is_not_told_off(house, words):
    """Loneliness in plain words is no bullying: it is not held for being unkind, and no hint while writing says so."""
    room, me = house.room("forum", "byRisk"), house.member()
    made = write(me, room, words)
    assert made["reason"] != "bullying", f"{made['state']}: {made['reason']}"
    assert "bullying" not in [h["kind"] for h in me.post("/hints", text=words).ok().json["hints"]]


# Where a thread goes


def course(staff, thread):
    """The codes of courses that a case about this thread holds."""
    case = case_about(staff, thread)
    if not case:
        return []
    return [e["code"] for e in staff.get(f"/cases/{case['id']}").json["events"] if e["code"].startswith("course-")]


def test_two_people_comparing_are_told_before_the_fifth_answer(house):
    """Two answers that measure who had it worse, each too small to be make one case about the thread; people read on."""
    room, staff, reader = house.room("forum", "byRisk"), house.moderator(duty=900), house.member()
    asker, one, two = house.member(), house.member(), house.member()
    thread = write(asker, room, CALM)["id"]
    answer(asker, thread, "The tea went cold again.")
    assert answer(one, thread, COMPARES[0])["state"] == "shown"
    assert course(staff, thread) == [], "one voice is no competition"
    assert answer(two, thread, COMPARES[1])["state"] == "shown"
    assert course(staff, thread) == ["course-comparing"], queue(staff)
    case = need_case(staff, thread, "pattern")
    assert case["level"] == "medium" and not case["urgent"] and house.alarms() == []
    page = staff.open(f"/cases/{case['id']}").ok(200).page.words
    assert "course-comparing" not in page, "a code instead of words"
    # More of the same makes no second case and no second line.
    for n, face in enumerate((one, two, asker)):
        answer(face, thread, COMPARES[n % len(COMPARES)])
    assert course(staff, thread) == ["course-comparing"]
    assert [c["id"] for c in queue(staff) if c["kind"] == "pattern"] == [case["id"]]
    # Nobody in the room is told, and nothing is hidden.
    assert see(reader, thread)["item"]["state"] == "shown" and len(see(reader, thread)["replies"]) == 6
    for face in (one, asker, reader):
        assert "course" not in face.get(f"/items/{thread}").text and face.get(f"/cases/{case['id']}").status in (401, 403, 404)
    # Closed by a person: it is not opened again the same day by one more word.
    claim(staff, case["id"])
    staff.post(f"/cases/{case['id']}/decisions", act="close").ok()
    answer(house.member(), thread, COMPARES[2])
    assert case_about(staff, thread) is None


def test_a_course_is_told_also_when_words_are_changed_later(house):
    """An answer that is shown and then changed into comparing counts as what it is now."""
    room, staff = house.room("forum", "byRisk"), house.moderator(duty=900)
    one, two = house.member(), house.member()
    thread = write(house.member(), room, CALM)["id"]
    answer(one, thread, COMPARES[0])
    later = answer(two, thread, CALM)["id"]
    assert course(staff, thread) == []
    assert two.post(f"/items/{later}/edit", title="", body=COMPARES[1]).ok().json["state"] == "shown"
    assert course(staff, thread) == ["course-comparing"]


def test_one_person_alone_and_ordinary_talk_make_no_course(house):
    """Two comparing answers of one person under one account, six ordinary answers, and two threads side by side: no case."""
    room, staff = house.room("forum", "byRisk"), house.moderator(duty=900)
    one, two = house.member(), house.member()
    first, second, third = (write(house.member(), room, CALM)["id"] for _ in range(3))
    answer(one, first, COMPARES[0])
    answer(one, first, COMPARES[1])
    answer(two, second, COMPARES[2])
    for n in range(6):
        answer((one, two)[n % 2], third, f"I hear you. The bus was late here too, {n} minutes.")
    # What is held is not in the thread, whoever wrote it: it has cases of its own.
    for face in (one, two):
        other = answer(face, third, COMPARING.format("So."))
        assert other["state"] == "held" and need_case(staff, other["id"])["kind"] == "review"
    assert all(course(staff, thread) == [] for thread in (first, second, third)), queue(staff)
    # A third by the same person makes none either, or anybody could call people to anybody's thread; a second voice does, and
    # the case is about the thread and nobody in it.
    answer(one, first, COMPARES[3])
    assert course(staff, first) == []
    answer(two, first, COMPARES[0])
    assert course(staff, first) == ["course-comparing"]
    told = next(c for c in queue(staff) if c["kind"] == "pattern")
    assert staff.get(f"/cases/{told['id']}").json["nextStep"] is None, "it proposes a step against whoever began the thread"


def test_the_same_pain_told_by_several_is_seen(house):
    """Six items, five of them pain, by two: the thread goes round, and a person is told; an answer of staff ends that."""
    room, staff = house.room("forum", "byRisk"), house.moderator(duty=900)
    for helped in (False, True):
        one, two = house.member(), house.member()
        thread = write(house.member(), room, CALM)["id"]
        if helped:
            assert answer(staff, thread, "I hear you both. What would help tonight?")["item"]["voice"] == "staff"
        for n, words in enumerate(PAIN):
            assert course(staff, thread) == []
            assert answer((one, two)[n % 2], thread, words)["state"] == "shown"
        assert course(staff, thread) == ([] if helped else ["course-goingRound"]), (helped, queue(staff))
    # One person alone with their pain is cared for otherwise.
    me = house.member()
    thread = write(me, room, CALM)["id"]
    for words in PAIN:
        answer(me, thread, words)
    assert course(staff, thread) == []
