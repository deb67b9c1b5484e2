// One press, one sending. Buttons stay readable and work again after Back or when nothing came for 8 s.
"use strict";
const free = (form) => {
  delete form.dataset.sent;
  for (const b of form.querySelectorAll("[aria-disabled]")) b.removeAttribute("aria-disabled");
};
addEventListener("submit", (e) => {
  const form = e.target;
  if (e.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) { e.preventDefault(); return; }
  form.dataset.sent = "1";
  e.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(free, 8000, form);
});
addEventListener("pageshow", () => { for (const form of document.forms) free(form); });
for (const b of document.querySelectorAll("[data-print]")) {
  b.hidden = false; // shown only where pressing it does something
  b.addEventListener("click", () => print());
}
