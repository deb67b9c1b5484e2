"""A busy evening: members write, others read and report, staff decide, pages stay open; and the server is ended in the middle."""
import collections
import http.client
import random
import re
import threading
import time

from client import ID, Client, Gate, Gone

COMMON = ("feel", "school", "today", "friend", "help", "think", "work", "people")
REPORT_KINDS = ("worried", "unkind", "wrong", "contact", "else")
REPORT_WORDS = "I am not sure that this is all right."


class Evening:
    """What all threads share."""

    def __init__(self, server, town, posts, gate, tally, sightings, seed=7):
        self.server, self.town, self.posts = server, town, posts
        self.gate, self.tally, self.sightings = gate, tally, sightings
        self.always = Gate()  # for the checks, which go on while the evening pauses
        self.waiting = collections.deque(posts)
        self.by_id, self.lock = {}, threading.Lock()
        self.chance = random.Random(seed)
        self.over, self.faults = threading.Event(), []
        self.told_to_wait, self.advanced = 0, 0
        self.slow = set()
        self.reports, self.owned = [], {}
        self.answered = 0
        self.in_flight = 0
        self.decided = collections.Counter()
        self.pages_read = 0
        self.live_events = 0
        self.advancing = threading.Lock()

    def client(self):
        return Client(self.server.port, self.gate, self.tally, self.sightings)

    def checker(self):
        return Client(self.server.port, self.always, self.tally, self.sightings)

    def start(self, act, count):
        threads = [threading.Thread(target=self._run, args=(act,), daemon=True) for _ in range(count)]
        for thread in threads:
            thread.start()
        return threads

    def _run(self, act):
        client = self.client()
        try:
            act(client)
        except Gone as gone:
            self.faults.append(f"no answer on {ID.sub(':id', str(gone)).split('?')[0]}")
        except Exception as wrong:  # said at the end: a replay with a broken thread proves nothing
            self.faults.append(f"{type(wrong).__name__} in {act.__name__}: {wrong}"[:200])
        finally:
            client.close()

    @property
    def can_be_judged(self):
        """Whether staff have let something out, and something anonymous if anybody wrote so: else a check would look at nothing."""
        kept = [post for post in self.posts if post.is_kept]
        anonymous = [post for post in kept if post.anonymous]
        return any(post.decisions and post.was_let_out and not post.unsure for post in kept) and (
            not anonymous or any(post.was_let_out for post in anonymous))

    # Members write

    def write(self, client):
        while not self.over.is_set():
            with self.lock:
                if not self.waiting:
                    if self.in_flight == 0:
                        return
                    post = None
                else:
                    post = self.waiting.popleft()
                    self.in_flight += 1
            if post is None:
                time.sleep(0.02)
                continue
            try:
                if not self._send(client, post):
                    with self.lock:
                        self.waiting.append(post)
            finally:
                with self.lock:
                    self.in_flight -= 1

    def _place(self, post):
        """Chooses who sends it and where to."""
        with self.lock:
            for _ in range(60):
                person = self.chance.choice(self.town.members)
                if person.called not in self.slow:
                    break
            room = self.chance.choice(person.rooms)
            post.author, post.room = person, room
            post.thread = self.chance.choice(room.threads) if room.threads and self.chance.random() < 0.6 else None
            post.anonymous = room.anonymity and self.chance.random() < 0.2
            post.key = f"replay-{post.number}-{self.chance.getrandbits(40):010x}"
        post.body = f"{post.text}\n\n{post.mark}"

    def _send(self, client, post):
        """True when the server has said yes or no to it; False to try again as somebody else."""
        self._place(post)
        fields = {"body": post.body, "voice": "anonymous" if post.anonymous else "name", "key": post.key}
        if post.thread:
            path = f"/items/{post.thread}/replies"
        else:
            path = f"/rooms/{post.room.id}/items"
            fields["title"] = f"Something to say {post.mark}"
            fields["wants"] = ("listen", "me-too", "ideas", "no-reply")[post.number % 4]
        page = post.number % 10 == 3
        answer = client.post(path, post.author, fields, form=page or post.number % 4 == 1, page=page)
        if answer.status == 429:
            self._slow_down(post.author)
            return False
        if answer.status == 404 and post.thread:  # taken away meanwhile
            with self.lock:
                if post.thread in post.room.threads:
                    post.room.threads.remove(post.thread)
            return False
        post.milliseconds = answer.milliseconds
        if answer.status not in (200, 201, 303):
            post.refusal = f"{answer.status} {answer.json.get('refused', '')}".strip()
            self.answered += 1
            return True
        if page:
            self._follow(client, post, answer)
        else:
            said = answer.json
            post.state, post.reason, post.help = said.get("state"), said.get("reason"), said.get("help")
            self._kept(post, said.get("id"))
        if self.chance.random() < 0.01:
            self._take_back(client, post)
        return True

    def _kept(self, post, id):
        with self.lock:
            post.id = id
            self.by_id[id] = post
            self.answered += 1
            if post.state == "shown" and not post.thread:
                post.room.threads.append(id)

    def _follow(self, client, post, answer):
        """A page answers with an address; the program then asks as its author would."""
        # A shown reply leads into its thread (/items/THREAD#iITEM), all else to its own page (/items/ITEM/sent).
        place = answer.headers.get("Location", "")
        found = re.search(r"#i(\w{13})$", place) or re.search(r"/items/(\w{13})", place)
        if not found:
            post.refusal = "303 without an item"
            self.answered += 1
            return
        own = client.get(f"/items/{found[1]}", post.author).json.get("item", {})
        sent = client.get(f"/items/{found[1]}/sent", post.author).json
        post.state, post.reason, post.help = own.get("state"), own.get("reason"), sent.get("help")
        self._kept(post, found[1])

    def _take_back(self, client, post):
        act = ["withdraw", time.time(), False]
        post.decisions.append(act)
        if client.post(f"/items/{post.id}/withdraw", post.author).status >= 400:
            post.decisions.remove(act)
            return
        act[1:] = time.time(), True
        with self.lock:
            if post.id in post.room.threads:
                post.room.threads.remove(post.id)

    def _slow_down(self, person):
        with self.lock:
            self.told_to_wait += 1
            self.slow.add(person.called)
            crowded = len(self.slow) > len(self.town.members) * 0.6
        if crowded and self.advancing.acquire(blocking=False):
            try:
                # Not while the server is being ended: whoever ends it closes the gate first, then waits for us.
                if self.gate.open.is_set() and len(self.slow) > len(self.town.members) * 0.6:
                    self.advance(3600)
            finally:
                self.advancing.release()

    def advance(self, seconds):
        """Time goes on for everybody; those who were asked to wait may write again."""
        self.server.tell(f"advance {seconds}")
        self.advanced += seconds
        with self.lock:
            self.slow.clear()

    # Others read

    def read(self, client):
        chance = random.Random(threading.get_ident())
        while not self.over.is_set():
            viewer = None if chance.random() < 0.3 else chance.choice(self.town.members)
            page = chance.random() < 0.5
            kind = chance.random()
            if kind < 0.35:
                room = chance.choice(self.town.rooms)
                answer = client.get(f"/rooms/{room.id}", viewer, page=page)
            elif kind < 0.7:
                room = chance.choice(viewer.rooms if viewer else self.town.rooms)
                if not room.threads:
                    continue
                answer = client.get(f"/items/{chance.choice(room.threads[-200:])}", viewer, page=page)
            elif kind < 0.85:
                answer = client.get(f"/search?q={chance.choice(COMMON)}", viewer, page=page)
            elif kind < 0.95 and viewer:
                answer = client.get(chance.choice(("/today", "/notices", "/mine", "/talk")), viewer, page=page)
            else:
                answer = client.get(chance.choice(("/", "/rooms", "/choose", "/counts", "/help")), viewer, page=page)
            self.pages_read += 1
            if viewer and not page and answer.status == 200 and chance.random() < 0.08:
                self._report(client, viewer, answer.json, chance)
            time.sleep(0.002)

    def _report(self, client, viewer, seen, chance):
        shown = [item for item in [seen.get("item"), *seen.get("items", []), *seen.get("replies", [])]
                 if item and not item.get("mine") and item.get("sight") != "hide" and item.get("id") in self.by_id]
        if not shown:
            return
        item = chance.choice(shown)["id"]
        fields = {"kind": chance.choice(REPORT_KINDS), "words": REPORT_WORDS}
        answer = client.post(f"/items/{item}/reports", viewer, fields)
        if answer.status in (200, 201):
            with self.lock:
                self.reports.append((viewer, answer.json.get("id"), item))
        elif chance.random() < 0.5:
            client.post(f"/items/{item}/support", viewer, {"word": "hear"})

    # Staff decide

    def decide(self, client):
        chance = random.Random(threading.get_ident())
        worker, reach = chance.choice(self.town.staff), 20
        while not self.over.is_set():
            queue = client.get("/queue", worker).json
            # Further down: the counts stop at a hundred, the list does not.
            reach = max(reach, 20) if queue.get("next") else 1
            page = client.get(f"/queue?from={chance.randrange(reach)}", worker).json.get("cases", [])
            reach = min(reach * 2, 4_000) if page else reach // 2
            for case in (queue.get("cases", [])[:1] + page[:10]):
                if self.over.is_set():
                    return
                self._work(client, worker, case, chance)
            time.sleep(0.05)
            worker = chance.choice(self.town.staff)

    def _work(self, client, worker, case, chance):
        post = self.by_id.get(case.get("item"))
        if case["urgent"] and chance.random() < 0.7:
            return  # most urgent ones keep their running due time
        if case.get("claimedBy") or client.post(f"/cases/{case['id']}/claim", worker).status >= 400:
            return
        if case["urgent"] or post is None:
            with self.lock:
                self.owned[case["id"]] = worker.called
            return
        client.get(f"/cases/{case['id']}", worker, page=chance.random() < 0.5)
        act = chance.choices(
            ("approve", "return", "hide", "remove", "release"), (80, 5, 4, 5, 6))[0]
        if act == "release":
            client.post(f"/cases/{case['id']}/release", worker)
            return
        fields = {"act": act, "deliberate": 1, "seconds": 12}
        if act != "approve":
            fields["reason"] = "finding"
        done = [act, time.time(), False]
        post.decisions.append(done)
        answer = client.post(f"/cases/{case['id']}/decisions", worker, fields)
        if answer.status == 409:
            post.unsure = True  # asked again after the crash: the first press may have been the one that counted
        elif answer.status >= 400:
            post.decisions.remove(done)
        if answer.status >= 400:
            self.decided[f"{act} refused: {answer.status} {answer.json.get('refused', '')}"] += 1
            return
        # An approval counts from when it was asked for; from when the rest was answered nobody else may see it.
        done[1:] = done[1] if act == "approve" else time.time(), True
        with self.lock:
            self.decided[act] += 1
            if act == "approve" and not post.thread and post.id not in post.room.threads:
                post.room.threads.append(post.id)
            elif act != "approve" and post.id in post.room.threads:
                post.room.threads.remove(post.id)

    # Pages stay open

    def watch(self, client):
        """One event stream: whatever is pushed is looked at like any answer."""
        person = random.Random(threading.get_ident()).choice(self.town.members)
        while not self.over.is_set():
            self.gate.open.wait(120)
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=2)
            try:
                connection.request("GET", "/live", headers={
                    "Cookie": "understory=" + person.token, "Accept": "text/event-stream",
                    "X-Forwarded-For": "203.0.113.9, " + person.address})
                answer = connection.getresponse()
                if answer.status >= 400:
                    self.tally.add("GET", "/live", answer.status, 0, 0, None)
                    return
                while not self.over.is_set():
                    try:
                        line = answer.fp.readline()
                    except TimeoutError:
                        break
                    if not line:
                        break
                    self.live_events += line.startswith(b"event:")
                    self.sightings.look(line.decode("utf-8", "replace"), person.called, "GET /live", time.time())
            except (OSError, http.client.HTTPException):
                time.sleep(0.2)
            finally:
                connection.close()
