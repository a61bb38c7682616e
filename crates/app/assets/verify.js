// Recomputes a draw's record in this browser, by the rules of docs/methods/draw.md, and says line by line what holds.
// A third writing of them, beside the program's own and draw_check.py: it shares no code with either.

import { TRIALS, Tally, byTier, bytes, count, countApart, joined, names, probabilities } from "./count.js";

const utf8 = new TextEncoder();
const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
const sha = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));

class Flaw extends Error {}
class Unreadable extends Error {}

const HEX = /^[0-9a-f]{64}$/;
const isText = (value) => typeof value === "string";
const isTextOrNull = (value) => value === null || isText(value);
const isWhole = (value) => Number.isInteger(value) && value >= 0 && value <= 4294967295;
const isHash = (value) => isText(value) && HEX.test(value);
const isTime = (value) => value === null || (isText(value) && !Number.isNaN(Date.parse(value)));
const isListOf = (is) => (value) => Array.isArray(value) && value.every(is);
const isShape = (shape, optional = {}) => (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value)
  && Object.entries(shape).every(([key, is]) => key in value && is(value[key]))
  && Object.keys(value).every((key) => key in shape || (key in optional && (value[key] == null || optional[key](value[key]))));

const ENTRY = isShape(
  { number: isWhole, unit: isText, band: isWhole, layer: isWhole, place: (p) => p === "open" || p === "protected" },
  { parent: isText },
);
const KEYS = {
  schema: (name) => name === "traction.draw/1",
  change: isTextOrNull, wave: isTextOrNull, opened: isTime, closed: isTime, drawn: isTime,
  commitment: isHash, secret: isHash,
  public: isListOf(isShape({ name: isText, when: isTextOrNull, value: isTextOrNull })),
  list: isListOf(ENTRY), list_hash: isHash, withdrawn: isListOf(isText), slots: isWhole,
  seed: isHash, order: isListOf(isShape({ unit: isText, score: isHash })),
  granted: isListOf(isText), waiting: isListOf(isText),
  probability: (map) => map !== null && typeof map === "object" && Object.values(map).every(Number.isFinite),
  overrides: isListOf(isShape({ unit: isText, what: isText, who: isText, why: isText, when: isTime })),
};
const isCap = (cap) => isWhole(cap) && cap > 0;

// JSON.parse keeps the last of two equal keys in silence; another reader might keep the first.
function repeatedKey(text) {
  const open = [];
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g) ?? [];
  for (const [at, token] of tokens.entries()) {
    if (token === "{" || token === "[") open.push(token === "{" ? new Set() : null);
    else if (token === "}" || token === "]") open.pop();
    else if (token !== ":" && tokens[at + 1] === ":") {
      const key = JSON.parse(token);
      if (open.at(-1).has(key)) return key;
      open.at(-1).add(key);
    }
  }
  return null;
}

// What was published before a draw: the opening record, and the closing record that adds the list's hash.
const PRIOR = {
  schema: (name) => OPENING === name || CLOSING === name,
  change: isTextOrNull, wave: isTextOrNull, opened: isTime, closed: isTime, commitment: isHash,
  public: isListOf(isShape({ name: isText, when: isTextOrNull }, { link: isText })), slots: isWhole,
};
const OPENING = "traction.draw.opening/1";
const CLOSING = "traction.draw.closing/1";

function parsed(text) {
  let record;
  try {
    record = JSON.parse(text);
  } catch (error) {
    throw new Unreadable(`This is no JSON: ${error.message}.`);
  }
  const twice = repeatedKey(text);
  if (twice !== null) throw new Unreadable(`The key “${twice}” stands there twice, so that two readers could read two records.`);
  if (record === null || typeof record !== "object" || Array.isArray(record)) throw new Unreadable("This is no record of a draw.");
  return record;
}

function shaped(record, keys, optional, schema) {
  for (const [key, is] of Object.entries(keys)) {
    if (!(key in record)) throw new Unreadable(`The key “${key}” is missing; a record has the keys of ${schema}.`);
    if (!is(record[key])) throw new Unreadable(`“${key}” cannot be read as what a record of ${schema} has there.`);
  }
  const other = Object.keys(record).find((key) => !(key in keys) && !(key in optional));
  if (other !== undefined) throw new Unreadable(`The key “${other}” is none of ${schema}.`);
  const wrong = Object.keys(optional).find((key) => record[key] != null && !optional[key](record[key]));
  if (wrong !== undefined) throw new Unreadable(`“${wrong}” cannot be read as what a record of ${schema} has there.`);
  return record;
}

export const read = (text) => shaped(parsed(text), KEYS, { cap: isCap }, "traction.draw/1");

// What somebody kept, whichever of the three it is.
export function readKept(text) {
  const { schema } = parsed(text);
  if (!PRIOR.schema(schema)) return read(text);
  const closing = schema === CLOSING;
  const prior = shaped(parsed(text), PRIOR, closing ? { cap: isCap, list_hash: isHash, list: isListOf(ENTRY) } : { cap: isCap }, schema);
  if (closing && prior.list_hash == null) throw new Unreadable("A closing record has a “list_hash”.");
  return prior;
}

// RFC 8785: keys in order, no blanks; whole numbers and texts are written by JSON.stringify as it wants them.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const keys = Object.keys(value).filter((key) => value[key] != null).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

function bytewise(a, b) {
  const [left, right] = [utf8.encode(a), utf8.encode(b)];
  const at = left.findIndex((byte, index) => byte !== right[index]);
  return at < 0 ? left.length - right.length : left[at] - (right[at] ?? -1);
}

async function scores(seed, units) {
  const key = await crypto.subtle.importKey("raw", seed, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const all = await Promise.all(units.map((unit) => crypto.subtle.sign("HMAC", key, utf8.encode(unit))));
  return new Map(units.map((unit, at) => [unit, hex(all[at])]));
}

// Order, grants and waiting list under a seed.
async function draw(entries, record, seed) {
  const score = await scores(seed, entries.map((entry) => entry.unit));
  const before = (a, b) => byTier(a, b) || (score.get(a.unit) < score.get(b.unit) ? -1 : 1);
  const order = [...entries].sort(before);
  const gone = new Set(record.withdrawn);
  const live = order.filter((entry) => !gone.has(entry.unit));
  const granted = live.filter((entry) => entry.place === "protected");
  const waiting = [];
  const tally = new Tally(record, granted);
  for (const entry of live.filter((entry) => entry.place === "open")) {
    if (tally.fits(entry)) granted.push(tally.add(entry));
    else waiting.push(entry);
  }
  return { score, order, granted, waiting };
}

function same(key, stated, computed) {
  if (stated !== computed) throw new Flaw(`“${key}” is ${stated}, but should be ${computed}.`);
}

function sameRow(key, stated, computed) {
  const n = Math.max(stated.length, computed.length);
  for (let at = 0; at < n; at += 1) {
    const say = (unit) => (unit === undefined ? "nobody" : `“${unit}”`);
    if (stated[at] !== computed[at]) throw new Flaw(`“${key}”: place ${at + 1} has ${say(stated[at])}, but should have ${say(computed[at])}.`);
  }
}

function checkList(record) {
  if (record.list.length === 0) throw new Flaw("“list” is empty; a draw has at least one entry.");
  for (const [at, entry] of record.list.entries()) {
    const before = at === 0 ? "" : record.list[at - 1].unit;
    if (bytewise(before, entry.unit) >= 0) throw new Flaw(`“list”: “${entry.unit}” cannot stand after “${before}”; units are sorted bytewise, each once.`);
    if (entry.number !== at + 1) throw new Flaw(`“list”: “${entry.unit}” has number ${entry.number}, but stands in place ${at + 1}.`);
    if (entry.parent != null && record.cap == null) throw new Flaw(`“list”: “${entry.unit}” has a parent, but the record has no “cap”.`);
  }
}

function checkWithdrawn(record) {
  const listed = new Set(names(record.list));
  for (const [at, unit] of record.withdrawn.entries()) {
    if (record.withdrawn.indexOf(unit) !== at) throw new Flaw(`“withdrawn” names “${unit}” twice.`);
    if (!listed.has(unit)) throw new Flaw(`“withdrawn”: “${unit}” is not on the list.`);
  }
  const kept = record.list.filter((entry) => entry.place === "protected" && !record.withdrawn.includes(entry.unit)).length;
  if (kept > record.slots) throw new Flaw(`“slots”: there are fewer (${record.slots}) than protected places (${kept}).`);
}

function checkTimes(record) {
  const known = ["opened", "closed", "drawn"].filter((key) => record[key] !== null);
  for (const [at, key] of known.entries()) {
    const earlier = known[at - 1];
    if (earlier && Date.parse(record[earlier]) > Date.parse(record[key])) throw new Flaw(`“${earlier}” is ${record[earlier]}, which is after “${key}”, ${record[key]}.`);
  }
}

function checkOverrides(record) {
  const listed = new Set(names(record.list));
  for (const { unit, why } of record.overrides) {
    if (!listed.has(unit)) throw new Flaw(`“overrides”: the decision is on “${unit}”, which is not on the list.`);
    if (why.trim() === "") throw new Flaw(`“overrides”: the decision on “${unit}” gives no reason.`);
  }
}

function checkPublished(record, published) {
  if (PRIOR.schema(published.schema)) return checkPrior(record, published);
  for (const key of [...Object.keys(KEYS), "cap"]) {
    const [here, there] = [record[key] ?? null, published[key] ?? null];
    const part = key === "overrides" ? there.slice(0, here.length) : there;
    if (canonical(here) !== canonical(part)) throw new Flaw(`“${key}” is not what the record published here says.`);
  }
}

// What was published before the draw, beside the record: sources may have been named until somebody applied.
function checkPrior(record, prior) {
  const closing = prior.schema === CLOSING;
  const named = (sources) => sources.map(({ name, when }) => ({ name, when }));
  const here = { ...record, cap: record.cap ?? null, public: named(closing ? record.public : record.public.slice(0, prior.public.length)) };
  const there = { ...prior, cap: prior.cap ?? null, public: named(prior.public) };
  for (const key of ["change", "wave", "opened", "closed", "commitment", "public", "list", "list_hash", "slots", "cap"]) {
    const isSaid = key === "cap" || there[key] != null || !["list", "list_hash"].includes(key);
    const isTime = (key === "opened" || key === "closed") && here[key] && there[key];
    const same = isTime ? Date.parse(here[key]) === Date.parse(there[key]) : canonical(here[key]) === canonical(there[key]);
    if (isSaid && !same) throw new Flaw(`“${key}” is not what was published before the draw.`);
  }
}

// Recomputes `record` step by step. `say(words)` is told each thing that holds; the first that does not is thrown.
export async function verify(record, say, progress = () => {}, published = null, counted = async (task, told) => count(task, told)) {
  checkTimes(record);
  say("Opened, closed and drawn in this order.");
  same("commitment", record.commitment, hex(await sha(bytes(record.secret))));
  say(`SHA-256 of the secret is the commitment, ${record.commitment.slice(0, 8)}…`);
  checkList(record);
  say(`The list has ${record.list.length} ${record.list.length === 1 ? "entry" : "entries"}, sorted and numbered, each unit once.`);
  const listHash = await sha(utf8.encode(canonical(record.list)));
  same("list_hash", record.list_hash, hex(listHash));
  say(`SHA-256 of the list in its canonical form is the list hash, ${record.list_hash.slice(0, 8)}…`);
  const missing = record.public.find((source) => source.value === null);
  if (missing) throw new Flaw(`“public”: “${missing.name}” has no value.`);
  const sources = record.public.map(({ name, value }) => `${name}\u001f${value}\u001e`).join("");
  const seed = await sha(joined(utf8.encode("traction-draw/1\n"), listHash, bytes(record.secret), utf8.encode(sources)));
  same("seed", record.seed, hex(seed));
  say(`The seed follows from list, secret and ${record.public.length === 0 ? "no public source" : record.public.map((source) => source.name).join(", ")}: ${record.seed.slice(0, 8)}…`);
  checkWithdrawn(record);
  const drawn = await draw(record.list, record, seed);
  for (const { unit, score } of record.order) {
    if (drawn.score.has(unit) && drawn.score.get(unit) !== score) throw new Flaw(`“order”: the score of “${unit}” is ${score}, but HMAC-SHA-256 gives ${drawn.score.get(unit)}.`);
  }
  sameRow("order", record.order.map((ranked) => ranked.unit), names(drawn.order));
  say("Every score is HMAC-SHA-256 of the unit under the seed, and the order is by band, layer and score.");
  sameRow("granted", record.granted, names(drawn.granted));
  say(`${record.granted.length} got a slot of ${record.slots}: protected places first, then in the order${record.cap == null ? "" : `, at most ${record.cap} under one parent`}.`);
  sameRow("waiting", record.waiting, names(drawn.waiting));
  say(`${record.waiting.length} wait, in the order${record.withdrawn.length ? `; ${record.withdrawn.length} withdrew` : ""}.`);
  const chance = await probabilities(record, progress, counted);
  for (const unit of new Set([...chance.keys(), ...Object.keys(record.probability)])) {
    const [stated, computed] = [record.probability[unit], chance.get(unit)];
    if (!(Math.abs(stated - computed) <= 1e-9)) throw new Flaw(`“probability” of “${unit}” is ${stated ?? "absent"}, but should be ${computed ?? "absent"}.`);
  }
  const atRisk = [...chance.values()].filter((share) => share > 0 && share < 1).length;
  say(`Every probability is right${record.cap == null ? "" : `, counted over ${TRIALS.toLocaleString("en")} draws`}; for ${atRisk} chance decided.`);
  checkOverrides(record);
  if (record.overrides.length) say(`${record.overrides.length} decided past the draw, each with a reason.`);
  if (published) {
    checkPublished(record, published);
    say(PRIOR.schema(published.schema)
      ? `Commitment, sources${published.schema === CLOSING ? ", list" : ""} and terms are those that were published before the draw.`
      : "It says in every part what the record published here says.");
  }
}

function page(root) {
  const [lines, verdict, bar] = ["#lines", "#verdict", "#bar"].map((id) => root.querySelector(id));
  const input = root.querySelector("input[type=file]");
  const drop = root.querySelector(".drop");
  const line = (word, words) => {
    const item = document.createElement("li");
    if (word === "fails") item.className = "fails";
    item.append(Object.assign(document.createElement("b"), { textContent: word }), Object.assign(document.createElement("span"), { textContent: words }));
    lines.append(item);
  };
  const conclude = (holds, words) => {
    verdict.className = holds ? "notice" : "notice refused";
    verdict.textContent = words;
    bar.hidden = true;
  };
  let run = 0;
  async function check(text, what, published) {
    const own = (run += 1);
    lines.replaceChildren();
    conclude(true, `Recomputing ${what}…`);
    bar.value = 0;
    const progress = (share) => {
      if (own !== run) throw new DOMException("Another record was chosen.", "AbortError");
      bar.hidden = false;
      bar.value += share;
    };
    try {
      const record = read(text);
      await verify(record, (words) => own === run && line("holds", words), progress, published && readKept(published), countApart);
      const trusted = record.public.every((source) => source.value === "")
        ? " No value of a public source is in it: whoever ran the server is trusted not to have tried lists before closing."
        : " A public source is in it: nobody needs to be trusted by whoever kept the commitment, provided the value is the one that the source published.";
      conclude(true, `Verified: ${what} holds. List hash ${record.list_hash}, seed ${record.seed}.${trusted}`);
    } catch (error) {
      if (own !== run || error.name === "AbortError") return;
      if (error instanceof Flaw) line("fails", error.message);
      conclude(false, error instanceof Flaw ? `Not verified: ${error.message}` : error instanceof Unreadable ? `Cannot be read: ${error.message}` : `This browser could not recompute it: ${error.message}`);
    }
  }
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) {
    conclude(false, "Browsers lend their hash functions only to pages that come by https or from this very machine, and this one came otherwise. Use the command below.");
    return;
  }
  drop.hidden = false;
  let published = null;
  async function given(file) {
    if (!file) return;
    const text = await file.text();
    try {
      if (!PRIOR.schema(parsed(text).schema)) return check(text, file.name, published);
      if (published !== null) return check(published, `the record published here, beside ${file.name},`, text);
      conclude(true, "This wave is not drawn yet: keep that file, and come back with it after the draw.");
    } catch (error) {
      conclude(false, `Cannot be read: ${error.message}`);
    }
  }
  input.addEventListener("change", () => given(input.files[0]));
  for (const kind of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragover");
      if (kind === "drop") given(event.dataTransfer.files[0]);
    });
  }
  const { record } = root.dataset;
  if (!record) return conclude(true, "This wave is not drawn yet. A record of another draw can be checked here already.");
  fetch(record).then((answer) => answer.text()).then((text) => {
    published = text;
    return check(text, "the record published here", null);
  }, () => conclude(false, "The record could not be fetched; load the page again."));
}

if (globalThis.document) page(document.querySelector("#recompute"));
