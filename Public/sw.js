// Keeps Help, calm tools and the dull page for when there is no connection; keep.js renews them.
// Never a personal page: no cookie goes along.
"use strict";
const STORE = "understory-2";
const LIST = ["/help", "/help/worried", "/help/grounding", "/weather", "/app.css", "/icon.svg"];
const keep = async (path) => {
  const answer = await fetch(path, { credentials: "omit", cache: "no-cache" });
  if (!answer.ok || answer.redirected) return;
  const store = await caches.open(STORE), steps = await answer.clone().text();
  await store.put(path, answer);
  for (const [step] of steps.matchAll(/\/help\/\w+\?\w+=[\w-]+/g)) if (!await store.match(step)) await keep(step);
};
addEventListener("install", (e) => e.waitUntil(Promise.allSettled(LIST.map(keep)).then(() => skipWaiting())));
addEventListener("activate", (e) => e.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== STORE) await caches.delete(name);
  await clients.claim();
})()));
addEventListener("fetch", (e) => {
  const { request } = e, { origin, pathname, search } = new URL(request.url);
  const or = (path, last) => e.respondWith(fetch(request).catch(async () =>
    await caches.match(path) ?? await caches.match(last) ?? Response.error()));
  if (request.method !== "GET" || origin !== location.origin) return;
  if (/^\/(leave|weather)$/.test(pathname)) or("/weather");
  else if (request.mode === "navigate") or(pathname + search, "/help");
  else if (LIST.includes(pathname)) or(pathname);
});
