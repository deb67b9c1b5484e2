// No trail: every step inside the place replaces the last, so the tab keeps one entry.
"use strict";
if (document.documentElement.dataset.trail === "off") addEventListener("click", (e) => {
  const link = e.target.closest?.("a[href]");
  if (!link || e.defaultPrevented || e.button || e.metaKey || e.ctrlKey || e.shiftKey) return;
  if (link.origin !== location.origin || link.download || link.hash || "leave" in link.dataset) return;
  e.preventDefault();
  location.replace(link.href);
});
