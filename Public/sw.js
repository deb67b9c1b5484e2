// Keeps Help and the calm tools for when there is no connection, as a visitor sees them.
// Personal pages are never stored: what is kept is this list and nothing else.
"use strict";
const STORE = "understory-1";
const PAGES = ["/help", "/help/worried", "/help/grounding"];
const PARTS = ["/app.css", "/icon.svg"];
const fresh = async () => {
  const store = await caches.open(STORE);
  await Promise.allSettled([...PAGES, ...PARTS].map(async (path) => {
    const answer = await fetch(path, { credentials: "omit", cache: "no-cache" });
    if (answer.ok && !answer.redirected) await store.put(path, answer);
  }));
};
addEventListener("install", (e) => e.waitUntil(fresh().then(() => skipWaiting())));
addEventListener("activate", (e) => e.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== STORE) await caches.delete(name);
  await clients.claim();
})()));
addEventListener("fetch", (e) => {
  const { request } = e;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  const kept = async (path) => (await caches.open(STORE)).match(path);
  if (request.mode === "navigate") e.respondWith(fetch(request).catch(async () =>
    await kept(PAGES.includes(pathname) ? pathname : "/help") ?? Response.error()));
  else if (PARTS.includes(pathname)) e.respondWith(fetch(request).catch(async () => await kept(pathname) ?? Response.error()));
});
