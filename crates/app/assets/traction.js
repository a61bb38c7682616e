// All works without this file. With it, data-swap="#id" on a form or link replaces that region,
// and <live-region id src> follows the server.

const parse = (text) => new DOMParser().parseFromString(text, "text/html");

// Fills `region` from the same region of `page`; keeps focus, what is being typed, and open folds.
function swap(region, page, live) {
  const fresh = page.getElementById(region.id);
  if (!fresh) return false;
  const held = document.activeElement;
  const key = region.contains(held) && (held.id ? "#" + held.id : held.name && `[name="${held.name}"]`);
  const { value, selectionStart: from, selectionEnd: to } = held;
  for (const one of region.querySelectorAll("details[id][open]")) page.getElementById(one.id)?.setAttribute("open", "");
  const put = () => {
    region.replaceChildren(...fresh.childNodes);
    const again = key && region.querySelector(key);
    if (!again) return;
    if (live && value !== undefined) again.value = value;
    again.focus({ preventScroll: true });
    if (from != null) again.setSelectionRange(from, to);
  };
  document.startViewTransition && !live ? document.startViewTransition(put) : put();
  return true;
}

// A refusal is a page too, so no status matters; a page without the region is shown whole.
async function visit(region, url, ask, fail) {
  region.ariaBusy = "true";
  try {
    const answer = await fetch(url, ask);
    if (!answer.headers.get("content-type")?.startsWith("text/html")) return fail();
    const page = parse(await answer.text());
    if (!swap(region, page)) document.body.replaceWith(page.body);
    document.title = page.title;
    if (answer.url !== location.href && (answer.redirected || !ask.method)) history.pushState(null, "", answer.url);
  } catch {
    fail();
  } finally {
    region.ariaBusy = null;
  }
}

const region = (element) => element && document.querySelector(element.dataset.swap);

addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-swap]");
  const into = region(form);
  if (!into) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const url = new URL(form.action);
  const post = form.method === "post";
  if (!post) url.search = body;
  visit(into, url, post ? { method: "POST", body } : {}, () => form.submit());
});

addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-swap]");
  const into = region(link);
  if (!into || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  visit(into, link.href, {}, () => location.assign(link.href));
});

addEventListener("popstate", () => location.reload());

customElements.define("live-region", class extends HTMLElement {
  connectedCallback() {
    this.events = new EventSource(this.getAttribute("src"));
    // No HTML in it: look again.
    this.events.onmessage = async ({ data }) =>
      swap(this, parse(data.trim() || (await (await fetch(location)).text())), true);
  }
  disconnectedCallback() {
    this.events.close();
  }
});
