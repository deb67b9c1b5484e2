// The page's one Trusted Types policy, and the worker that keeps Help for when there is no connection.
"use strict";
const plain = {
  // Fragments come escaped from our own server; anything that could run is refused all the same.
  createHTML: (html) => {
    if (/<(script|iframe|object|embed|base)|<[^>]*\s(on\w+|srcdoc)\s*=|<[^>]*javascript:/i.test(html)) throw new TypeError("not a fragment of ours");
    return html;
  },
  createScriptURL: (to) => { if (to !== "/sw.js") throw new TypeError("not ours"); return to; },
};
globalThis.understory = globalThis.trustedTypes?.createPolicy("understory", plain) ?? plain;
if (document.documentElement.dataset.trail !== "off")
  navigator.serviceWorker?.register(globalThis.understory.createScriptURL("/sw.js")).catch(() => { /* the place works without it */ });
