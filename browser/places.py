"""The place under test: starts the real program on a demo database, knows every page and who may see it."""
import base64
import dataclasses
import hashlib
import hmac
import os
import pathlib
import re
import socket
import struct
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
BINARY = pathlib.Path(os.environ.get("UNDERSTORY", ROOT / ".build" / "debug" / "understory"))
START_SECONDS = 60

# Who sees it, and where. A name in <> is the first address of that kind found on the page before it.
PAGES = [
    *[("visitor", path) for path in (
        "/", "/join", "/sign-in", "/help", "/help/worried", "/help/worried?at=advice-here", "/help/grounding",
        "/help/grounding?tool=five-things", "/offline", "/about", "/rules", "/rules?easy=1", "/privacy", "/privacy?easy=1", "/parents",
        "/counts", "/rooms", "/rooms/<room>", "/rooms/<room>/card", "/choose", "/choose?intent=talk", "/choose?show=1", "/search?q=exam", "/not-there", "/research", "/research/findings", "/research/findings?about=platform&direction=negative",
        "/research/forms", "/research/studies", "/research/studies/23", "/leaving", "/leaving?after=heavier", "/measures", "/studies", "/studies/adult", "/studies/room-or-pages", "/studies/light-room",
        "/record/check")],
    *[("member", path) for path in (
        "/today", "/write", "/items/<item>", "/items/<others>/report", "/items/<sent>/sent", "/items/<sent>/edit", "/items/<detail>/sent", "/mine", "/notices",
        "/reports", "/talk", "/conversations/<talk>", "/you", "/see", "/see/people", "/look", "/you/devices", "/you/export",
        "/you/erase", "/you/way-back", "/you/asking-after", "/leaving", "/leaving?after=heavier", "/leaving?after=lighter", "/standing", "/offers", "/you/map", "/courses", "/courses/first-steps",
        "/courses/first-steps/lessons/listening", "/courses/first-steps/lessons/listening/practice",
        "/courses/first-steps/lessons/listening/quiz", "/courses/letters", "/judge", "/rooms/<asking>", "/rooms/<lens>", "/items/<situation>",
        "/items/<situation>/respond?kind=distortion", "/write?room=<lens>", "/letters", "/letters/new?room=<desk>", "/rooms/<door>",
        "/items/<piece>", "/items/<piece>/this-is-me", "/rooms/<door>/pieces/new", "/rooms/<door>/pieces/new?form=piece",
        "/rooms/<door>/reviews", "/forms", "/forms/<form>", "/you/record", "/measures/chime/line", "/studies/room-or-pages")],
    *[("supporter", path) for path in ("/rooms", "/items/<item>", "/offers", "/offers/settings", "/offers/openings", "/offers/debrief")],
    *[("moderator", path) for path in ("/queue", "/cases/<case>", "/cases/<appeal>", "/care", "/duty", "/delays", "/sign-in/code")],
    *[("professional", path) for path in (
        "/offers", "/rooms/<room>/supporters", "/courses/letters", "/ratings", "/ratings/<play>", "/coding", "/coding/post-type", "/evidence", "/rooms/<door>/plan",
        "/rooms/<door>/questions", "/items/<piece>", "/pieces/<piece>/after",
        "/talk", "/conversations/<talk>", "/cases/<risk>", "/cases/<appeal>", "/cases/<asked>", "/people/way-back", "/monitor", "/monitor/light-room", "/supervision")],
    *[("operator", path) for path in (
        "/operator", "/operator/numbers", "/operator/rooms", "/operator/rooms/new", "/operator/rooms/<kept>", "/operator/roles",
        "/operator/roles?role=professional", "/operator/staff", "/operator/roster", "/operator/lines", "/operator/programs",
        "/operator/loosened", "/operator/screening", "/operator/experience", "/operator/coding", "/operator/costs?days=30&hourly=20", "/operator/health", "/operator/fairness", "/operator/after-reading", "/operator/organisation", "/researcher/studies",
        "/researcher/studies/room-or-pages", "/researcher/studies/light-room/report?hourly=20",
        "/reviews", "/reviews/<review>", "/reviews/<review>/duplicates", "/reviews/<review>/records", "/reviews/<review>/read", "/reviews/<review>/flow",
        "/reviews/<review>/conflicts", "/reviews/<review>/charts", "/reviews/<review>/records/<record>")],
]
# Addresses that are no page: files, streams, what programs read, and the door that leads away.
NO_PAGES = {
    "/healthz", "/leave", "/live", "/measures/{measure}/fhir", "/metrics", "/openapi.json", "/operator/ambassadors.csv", "/record/keys",
    "/researcher/studies/{study}/data", "/reviews/{review}/charts.csv", "/reviews/{review}/decisions.csv", "/reviews/{review}/flow.csv",
    "/session",
    # Where one leaves to: plain on purpose, with nothing of ours on it.
    "/weather",
    # Nobody in the demo's story has joined a study or charted one: stories look at these.
    "/studies/{study}/here", "/reviews/{review}/records/{record}/chart",
}
MISSING = {"/not-there"}  # answers 404 on purpose
FINDERS = {  # where a <name> is looked for, the address it is read from and, where there are several kinds, the link's words
    "room": (["/rooms"], r"^/rooms/([^/?#]+)$"),
    "item": (["/rooms/<room>", "/today", "/mine"], r"^/items/([^/?#]+)$"),
    "asking": (["/rooms"], r"^/rooms/([^/?#]+)$", "Getting by"),
    "lens": (["/rooms"], r"^/rooms/([^/?#]+)$", "Two Lenses"),
    "desk": (["/rooms"], r"^/rooms/([^/?#]+)$", "Paper Boats"),
    "door": (["/rooms"], r"^/rooms/([^/?#]+)$", "The Blue Door"),
    "situation": (["/rooms/<lens>"], r"^/items/([^/?#]+)$", "The group photo"),
    "piece": (["/rooms/<door>?ages=all"], r"^/items/([^/?#]+)$", "The year of the blue door"),
    "play": (["/ratings"], r"^/ratings/([^/?#]+)$"),
    "others": (["/items/<item>"], r"^/items/([^/?#]+)/report$"),
    "case": (["/queue"], r"^/cases/([^/?#]+)"),
    "risk": (["/queue"], r"^/cases/([^/?#]+)", "Someone may be in danger"),
    "appeal": (["/queue", "/queue?from=20", "/queue?from=40"], r"^/cases/([^/?#]+)", "Appeal"),
    "asked": (["/queue", "/queue?from=20", "/queue?from=40"], r"^/cases/([^/?#]+)", "Asked for a person"),
    "review": (["/reviews"], r"^/reviews/([^/?#]+)$"),
    "record": (["/reviews/<review>/records"], r"^/reviews/[^/]+/records/([^/?#]+)$"),
    "kept": (["/operator/rooms"], r"^/operator/rooms/([^/?#]+)$"),
}
MADE = {  # what the story does not hold: who writes it, on which page, in which field; and the address it is then read from
    "sent": ("member", "/write", "body", "Nothing helped today. I want to die.", r"/items/([^/?#]+)"),
    "detail": ("member", "/write", "body", "I am new here. You can ring me on 07700 900123.", r"/items/([^/?#]+)"),
    "form": ("member", "/forms", None, "", r"/forms/([^/?#]+)"),
    "talk": ("member", "/talk", "words", "Could I talk with somebody about this week?", r"/conversations/([^/?#]+)"),
}
BEFORE = {"asked": "talk"}  # what must have been made for it to be there


@dataclasses.dataclass
class Login:
    name: str
    words: str
    code: str = ""

    def code_now(self):
        """The code for the second step: digits as they are, or the six digits of a shared secret (RFC 6238)."""
        if not self.code or self.code.isdigit():
            return self.code
        key = base64.b32decode(self.code.upper() + "=" * (-len(self.code) % 8))
        digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
        at = digest[-1] & 15
        return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def read_login(line):
    """`login member Heron-11 six words in a row here` and, for staff, a code at the end."""
    found = re.match(r"^login (\S+) (\S+) ((?:\S+ ){5}\S+)(?: (?:code[ =:]?)?(\S+))?\s*$", line)
    return (found[1], Login(found[2], found[3], found[4] or "")) if found else None


class Place:
    """One running program with its own folder, ended by its own process id."""

    def __init__(self):
        if not BINARY.exists():
            raise FileNotFoundError(f"{BINARY} is not built: swift build first")
        self.folder = tempfile.TemporaryDirectory(prefix="understory-")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        self.logins, self.lines, self._ids, self._states = {}, [], {}, {}
        self._ready = threading.Event()
        self.process = subprocess.Popen(
            [str(BINARY), "demo", "--port", str(port), "--data", self.folder.name],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        threading.Thread(target=self._read, daemon=True).start()
        if not self._ready.wait(START_SECONDS):
            self.stop()
            raise RuntimeError("the program did not start:\n" + "".join(self.lines[-30:]))
        time.sleep(0.3)  # logins may be printed just after

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line)
            login = read_login(line.strip())
            if login:
                self.logins.setdefault(*login)
            if "listening on" in line.lower():
                self._ready.set()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.folder.cleanup()

    def state(self, browser, role):
        """The session of a role, signed in once through the real form; a visitor has none."""
        if role == "visitor":
            return None
        if role not in self._states:
            login = self.logins[role]
            context = browser.new_context(java_script_enabled=False)
            page = context.new_page()
            page.goto(self.base + "/sign-in")
            page.fill("main [name=name]", login.name)
            page.fill("main [name=words]", login.words)
            page.locator("main form:has([name=words]) button").first.click()
            if page.locator("main [name=code]").count():
                page.fill("main [name=code]", login.code_now())
                page.locator("main form:has([name=code]) button").first.click()
            assert "/sign-in" not in page.url, f"{role} could not sign in: {page.inner_text('main')[:300]}"
            self._states[role] = context.storage_state()
            context.close()
        return self._states[role]

    def path(self, browser, role, path):
        """Fills the <names> of a path with ids found on the pages themselves."""
        return re.sub(r"<(\w+)>", lambda m: self._find(browser, role, m[1]), path)

    def _make(self, browser, kind):
        """Sends one form as a young person would, and reads from the page that answers what it made."""
        role, path, field, words, pattern = MADE[kind]
        context = browser.new_context(java_script_enabled=False, storage_state=self.state(browser, role))
        page = context.new_page()
        page.goto(self.base + path)
        if field:
            page.fill(f"main [name={field}]", words)
        within = f"main form:has([name={field}])" if field else f"main form[action$='/begin']"
        page.locator(f"{within} button:not([type=button])").first.click()
        found = re.search(pattern, page.url)
        context.close()
        assert found, f"no {kind} was made on {path}: {page.url}"
        self._ids[kind] = found[1]

    def _find(self, browser, role, kind):
        needed = kind if kind in MADE else BEFORE.get(kind)
        if needed and needed not in self._ids:
            self._make(browser, needed)
        if kind not in self._ids:
            context = browser.new_context(java_script_enabled=False, storage_state=self.state(browser, role))
            page = context.new_page()
            pages, pattern, *words = FINDERS[kind]
            for where in pages:
                page.goto(self.base + self.path(browser, role, where))
                links = page.eval_on_selector_all("main a[href]", "(all) => all.map((a) => [a.getAttribute('href'), a.textContent.trim()])")
                fitting = [re.match(pattern, link) for link, text in links if not words or text in words]
                hits = [m[1] for m in fitting if m and m[1] != "new"]
                if hits:
                    self._ids[kind] = hits[0]
                    break
            context.close()
            assert kind in self._ids, f"no {kind} found on {pages}"
        return self._ids[kind]
