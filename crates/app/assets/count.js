// The chances of a draw by the rules of docs/methods/draw.md, for verify.js. With a cap they are counted over fixed seeds, in
// workers of this very file, so that the page stays awake.

export const TRIALS = 10000;
const utf8 = new TextEncoder();
export const joined = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));
export const bytes = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
export const names = (entries) => entries.map((entry) => entry.unit);
export const byTier = (a, b) => a.band - b.band || a.layer - b.layer;

// What is granted, in all and under each parent.
export class Tally {
  constructor(record, granted) {
    Object.assign(this, { record, n: 0, under: new Map() });
    for (const entry of granted) this.add(entry);
  }
  fits({ parent }) {
    const { cap, slots } = this.record;
    return this.n < slots && !(cap != null && parent != null && (this.under.get(parent) ?? 0) >= cap);
  }
  add(entry) {
    this.n += 1;
    if (entry.parent != null) this.under.set(entry.parent, (this.under.get(entry.parent) ?? 0) + 1);
    return entry;
  }
}

function tiers(record) {
  const gone = new Set(record.withdrawn);
  const open = record.list.filter((entry) => entry.place === "open" && !gone.has(entry.unit));
  const found = [];
  for (const entry of [...open].sort(byTier)) {
    const last = found.at(-1);
    if (last && byTier(last[0], entry) === 0) last.push(entry);
    else found.push([entry]);
  }
  return found;
}

// `counted` counts the wins of a task as `count` does, here or elsewhere.
export async function probabilities(record, progress, counted) {
  const chance = new Map(record.list.map((entry) => [entry.unit, 0]));
  const kept = record.list.filter((entry) => entry.place === "protected" && !record.withdrawn.includes(entry.unit));
  for (const entry of kept) chance.set(entry.unit, 1);
  if (record.cap == null) {
    let left = record.slots - kept.length;
    for (const tier of tiers(record)) {
      const taken = Math.min(left, tier.length);
      for (const entry of tier) chance.set(entry.unit, taken / tier.length);
      left -= taken;
    }
    return chance;
  }
  // A tier that fits whole under every seed needs no trial: it is granted before them, and takes its places.
  const start = [...kept];
  const uncertain = tiers(record);
  const fits = (tier) => {
    const all = new Tally(record, start);
    return tier.every((entry) => all.fits(entry) && all.add(entry));
  };
  while (uncertain.length && fits(uncertain[0])) {
    for (const entry of uncertain.shift()) {
      start.push(entry);
      chance.set(entry.unit, 1);
    }
  }
  const rest = uncertain.flat();
  if (rest.length === 0) return chance;
  const parents = new Map();
  const number = ({ parent }) => (parent == null ? -1 : parents.get(parent) ?? parents.set(parent, parents.size).size - 1);
  const under = [...start, ...rest].map(number);
  const tally = new Int32Array(parents.size);
  for (const parent of under.slice(0, start.length)) if (parent >= 0) tally[parent] += 1;
  const task = {
    listHash: bytes(record.list_hash), units: names(rest), tiers: uncertain.map((tier) => tier.length),
    parents: Int32Array.from(under.slice(start.length)), tally, granted: start.length, slots: record.slots, cap: record.cap,
  };
  const wins = await counted(task, progress);
  for (const [at, entry] of rest.entries()) chance.set(entry.unit, wins[at] / TRIALS);
  return chance;
}

// SHA-256 (FIPS 180-4) once more, since ten thousand draws of thousands of units are too many to be asked for one by one.
const PRIMES = [2];
for (let n = 3; PRIMES.length < 64; n += 2) if (PRIMES.every((prime) => n % prime)) PRIMES.push(n);
const fraction = (root) => ((root % 1) * 2 ** 32) | 0;
const ROUNDS = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));
const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const W = new Int32Array(64);

// Adds the 16 words from `at` on to `from`, into `to`.
function compress(from, words, at, to) {
  for (let t = 0; t < 16; t += 1) W[t] = words[at + t];
  for (let t = 16; t < 64; t += 1) {
    const [x, y] = [W[t - 15], W[t - 2]];
    const low = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const high = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[t] = (W[t - 16] + low + W[t - 7] + high) | 0;
  }
  let a = from[0], b = from[1], c = from[2], d = from[3], e = from[4], f = from[5], g = from[6], h = from[7];
  for (let t = 0; t < 64; t += 1) {
    const high = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + high + ((e & f) ^ (~e & g)) + ROUNDS[t] + W[t]) | 0;
    const low = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  to[0] = from[0] + a; to[1] = from[1] + b; to[2] = from[2] + c; to[3] = from[3] + d;
  to[4] = from[4] + e; to[5] = from[5] + f; to[6] = from[6] + g; to[7] = from[7] + h;
}

// The last words of a message of which `n` bytes went before.
function padded(data, n) {
  const block = new Uint8Array(Math.ceil((data.length + 9) / 64) * 64);
  block.set(data);
  block[data.length] = 0x80;
  const view = new DataView(block.buffer);
  view.setUint32(block.length - 4, (n + data.length) * 8);
  return Int32Array.from({ length: block.length / 4 }, (_, at) => view.getInt32(at * 4));
}

// How often each unit gets a slot in the draws with the fixed seeds `from` to `to`.
export function count({ listHash, units, tiers, parents, tally, granted, slots, cap }, progress = () => {}, from = 0, to = TRIALS) {
  const words = units.map((unit) => padded(utf8.encode(unit), 64));
  const wins = new Int32Array(units.length);
  const most = Math.max(...tiers);
  const base = 2 ** Math.ceil(Math.log2(most + 1));
  const [keys, high, low] = [new Float64Array(most), new Float64Array(most), new Float64Array(most)];
  const first = padded(joined(listHash, new Uint8Array(8)), 0);
  const last = padded(new Uint8Array(32), 64);
  const [seed, inner, outer, state] = [0, 1, 2, 3].map(() => new Int32Array(8));
  const pad = new Int32Array(16);
  const keyed = (byte, into) => {
    pad.fill(byte);
    for (let at = 0; at < 8; at += 1) pad[at] ^= seed[at];
    compress(START, pad, 0, into);
  };
  for (let trial = from; trial < to; trial += 1) {
    first[9] = trial;
    compress(START, first, 0, seed);
    keyed(0x36363636, inner);
    keyed(0x5c5c5c5c, outer);
    const under = tally.slice();
    let [taken, start] = [granted, 0];
    for (const n of tiers) {
      if (taken >= slots) break;
      // Whose parent has its most already gets nothing whatever the score: it needs none.
      let m = 0;
      for (let at = 0; at < n; at += 1) {
        const parent = parents[start + at];
        if (parent >= 0 && under[parent] >= cap) continue;
        const message = words[start + at];
        compress(inner, message, 0, state);
        for (let block = 16; block < message.length; block += 16) compress(state, message, block, state);
        last.set(state);
        compress(outer, last, 0, state);
        high[at] = state[0] >>> 0;
        low[at] = state[1] >>> 0;
        keys[m] = Math.floor((high[at] * 2 ** 21 + (low[at] >>> 11)) / base) * base + at;
        m += 1;
      }
      const order = keys.subarray(0, m).sort();
      // The place in the tier stands in a key's last bits: where the others are alike, the whole score decides.
      for (let at = 1; at < m; at += 1) {
        for (let here = at; here > 0; here -= 1) {
          const [x, y] = [order[here - 1] % base, order[here] % base];
          if (order[here - 1] - x !== order[here] - y || high[x] < high[y] || (high[x] === high[y] && low[x] <= low[y])) break;
          [order[here - 1], order[here]] = [order[here - 1] - x + y, order[here] - y + x];
        }
      }
      for (let at = 0; at < m && taken < slots; at += 1) {
        const unit = start + (order[at] % base);
        const parent = parents[unit];
        if (parent >= 0 && under[parent] >= cap) continue;
        if (parent >= 0) under[parent] += 1;
        taken += 1;
        wins[unit] += 1;
      }
      start += n;
    }
    if (trial % 20 === 19) progress(20 / TRIALS);
  }
  return wins;
}

// Counts in workers: each takes its part of the trials.
export function countApart(task, progress) {
  const n = Math.min(navigator.hardwareConcurrency || 1, 8);
  const workers = Array.from({ length: n }, () => new Worker(import.meta.url, { type: "module" }));
  const parts = workers.map((worker, at) => new Promise((done, fail) => {
    worker.onerror = (event) => fail(new Error(event.message || "it lends the page no worker"));
    worker.onmessage = ({ data }) => {
      try {
        if (data.wins) done(data.wins);
        else progress(data.share);
      } catch (error) {
        fail(error);
      }
    };
    worker.postMessage({ task, from: Math.floor((TRIALS * at) / n), to: Math.floor((TRIALS * (at + 1)) / n) });
  }));
  const all = Promise.all(parts).then((wins) => wins[0].map((_, at) => wins.reduce((sum, part) => sum + part[at], 0)));
  return all.finally(() => workers.forEach((worker) => worker.terminate()));
}

if (globalThis.WorkerGlobalScope) {
  onmessage = ({ data: { task, from, to } }) => postMessage({ wins: count(task, (share) => postMessage({ share }), from, to) });
}
