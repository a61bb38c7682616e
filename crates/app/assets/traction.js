// Everything works without it. data-swap="#id" on a form or link replaces that region alone; data-swap-into asks while one
// types.

export const parse = (text) => new DOMParser().parseFromString(text, "text/html");

// Fills `region` as in `page`; keeps focus, selection, open folds.
export function swap(region, page, calm) {
  const fresh = page.getElementById(region.id);
  if (!fresh) return false;
  const held = document.activeElement;
  const by = region.contains(held) && ["id", "name", "href"].find((name) => held.getAttribute(name));
  const key = by && `[${by}="${held.getAttribute(by)}"]`;
  const { selectionStart: from, selectionEnd: to } = held;
  for (const one of region.querySelectorAll("details[id][open]")) page.getElementById(one.id)?.setAttribute("open", "");
  const put = () => {
    region.replaceChildren(...fresh.childNodes);
    const again = key && region.querySelector(key);
    if (!again) return;
    again.focus({ preventScroll: true });
    if (from != null) again.setSelectionRange(from, to);
  };
  calm || !document.startViewTransition ? put() : document.startViewTransition(put);
  return true;
}

// A refusal is a page too; one without the region is shown whole.
async function visit(region, url, ask, fail) {
  try {
    const answer = await fetch(url, ask);
    const page = parse(await answer.text());
    if (!swap(region, page)) document.body.replaceWith(page.body);
    document.title = page.title;
    if (answer.redirected || !ask) history.pushState(null, "", answer.url);
  } catch {
    fail();
  }
}

const region = (element) => element && document.querySelector(element.dataset.swap);

addEventListener("submit", (event) => {
  const form = event.target;
  const into = form.matches("[data-swap]") && region(form);
  if (!into) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const post = form.method === "post";
  visit(into, post ? form.action : `${form.action}?${body}`, post && { method: "POST", body }, () => form.submit());
});

addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  const into = region(link);
  if (!into || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  visit(into, link.href, null, () => location.assign(link.href));
});

addEventListener("input", ({ target: { dataset, name, value } }) => {
  const into = document.getElementById(dataset.swapInto);
  if (!into) return;
  clearTimeout(into.wait);
  into.wait = setTimeout(async () => {
    into.innerHTML = await (await fetch(`${dataset.swap}?${new URLSearchParams({ [name]: value })}`)).text();
  }, 300);
});

addEventListener("popstate", () => location.reload());

// Countdowns count on.
setInterval(() => {
  for (const t of document.querySelectorAll(".left")) {
    const m = --t.dataset.m, hours = m / 60 % 24 | 0, days = m / 1440 | 0;
    if (m > 0) t.textContent = new Intl.DurationFormat("en", { style: "long" }).format(days ? { days, hours } : { hours, minutes: m % 60 });
  }
}, 6e4);
