// News on an open page: <body data-live="/live">.
"use strict";
const at = document.body.dataset.live;
if (at && "EventSource" in window) {
  const find = (what) => document.querySelector(what);
  const state = find("[data-live-state]");
  const say = (words) => state?.replaceChildren(words);
  const put = (place, html) => { try { place.innerHTML = understory.createHTML(html); } catch { /* later */ } };
  let source, wait = 1;
  const reload = async () => {
    const place = find("#queue");
    if (!place || find("#queue :is(input, textarea):focus")) return;
    const answer = await fetch(location, { headers: { Accept: "text/html+fragment" } }).catch(() => 0);
    if (!answer.ok || answer.redirected) return;
    const html = await answer.text();
    const to = find("#queue a:focus")?.pathname;
    put(place, html);
    if (to) find(`#queue a[href="${to}"]`)?.focus();
  };
  const open = () => {
    source = new EventSource(at);
    source.onopen = () => { wait = 1; say(""); };
    source.onerror = () => {
      say(state?.dataset.off ?? "Trying again");
      if (source.readyState > 1) setTimeout(open, 1000 * (wait = Math.min(60, wait * 2)));
    };
    source.addEventListener("notice", (e) => {
      const list = find("#notices");
      find("[data-notice-dot]")?.removeAttribute("hidden");
      if (list && e.data) put(list, e.data);
    });
    source.addEventListener("queue", reload);
  };
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (e) => e.persisted && open());
  open();
}
