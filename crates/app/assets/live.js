// A page that others change while somebody looks at it. Told that something is new, it asks for itself and takes over its
// parts. A part in which somebody types, or has typed, stays as it is; so does the page while nobody looks.
import { parse, swap } from "./traction.js";

const teller = document.querySelector("[data-live]");
let source = null;
let due = 0;

function listen() {
  if (source || document.hidden || !teller.dataset.live) return;
  source = new EventSource(teller.dataset.live);
  // Not everybody asks in the same moment.
  source.addEventListener("changed", () => (due ||= setTimeout(renew, 50 + Math.random() * 400)));
}

function rest() {
  source?.close();
  source = null;
}

// What is the same is not announced again. A link keeps the focus in a part that is replaced, by its address; whatever
// else has the focus keeps its part.
function stays(part, page) {
  if (page.getElementById(part.id)?.innerHTML === part.innerHTML) return true;
  const held = document.activeElement;
  return "typed" in part.dataset || (part.contains(held) && !held.matches("a[href]"));
}

async function renew() {
  due = 0;
  try {
    const answer = await fetch(teller.dataset.of);
    if (!answer.ok) throw answer.status;
    const page = parse(await answer.text());
    for (const part of document.querySelectorAll("[data-part]")) if (!stays(part, page)) swap(part, page, true);
    teller.dataset.live = page.querySelector("[data-live]")?.dataset.live ?? "";
    if (!teller.dataset.live) rest();
  } catch {
    // What was missed is told again to whoever says what he has seen.
    rest();
    setTimeout(listen, 5e3);
  }
}

addEventListener("input", ({ target }) => target.closest("[data-part]")?.setAttribute("data-typed", ""));
addEventListener("pagehide", rest);
addEventListener("pageshow", listen);
document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
listen();
