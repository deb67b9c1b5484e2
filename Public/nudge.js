// Gentle hints while writing: nothing is sent, counted or blocked. The page may bring its own words:
// <p id=nudge data-phone=…>. Danger words show [data-help-while-writing].
"use strict";
const hints = [
  ["phone", /(\+?\d[\s.-]?){9,}/, "That looks like a phone number. Leave it out."],
  ["account", /\S@\S|(^|\s)@\w{3}|\b(insta(gram)?|snap(chat)?|discord|tiktok|whatsapp)\b/i, "Accounts make you easy to find. People can reply here."],
  ["school", /\b[A-Z]\w+ (School|Academy|College|High)\b/, "'My school' says enough."],
  ["meet", /\bmeet (me|up)\b|\b(my|our) address\b/i, "A place lets strangers find you. Leave it out."],
  ["secret", /\b(keep|our) (it |this )?(a )?secret\b/i, "Better not to promise a secret."],
];
const danger = /kill myself|end (my life|it all)|want(ed)? to die|suicid|better off dead|n.?t want to (live|be (here|alive))|(hurt|cut|harm)(t?ing)? myself|overdos/i;
for (const box of document.querySelectorAll("textarea[data-nudge]")) {
  const told = document.getElementById(box.dataset.nudge || "nudge");
  const help = document.querySelector("[data-help-while-writing]");
  let timer;
  const look = () => {
    const found = hints.find(([, sign]) => sign.test(box.value));
    if (told) {
      told.hidden = !found;
      told.textContent = found ? told.dataset[found[0]] ?? found[2] : "";
    }
    if (help) help.hidden = !danger.test(box.value);
  };
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 600); });
  look();
}
