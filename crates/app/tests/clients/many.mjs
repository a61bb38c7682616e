// Where there are so many flags that all of them come packed: the web SDK unpacks them without knowing, in Node and, by
// the scripts beside this one, in a browser.
import { assert, demo } from "./ground.mjs";

const codings = new Set();
const plain = globalThis.fetch;
// Another program opened the changes: the server hears of them within a second.
const all = async () => {
  const headers = { "x-api-key": demo.access.token };
  const body = JSON.stringify({ context: { targetingKey: "nobody" } });
  const answer = await plain(`${demo.url}/ofrep/v1/evaluate/flags`, { method: "POST", headers, body });
  return (await answer.json()).flags;
};
while ((await all()).length < 16) await new Promise((done) => setTimeout(done, 100));

globalThis.fetch = async (...asked) => {
  const answer = await plain(...asked);
  if (answer.status === 200) codings.add(answer.headers.get("content-encoding"));
  return answer;
};
await import("./web.mjs");
assert.deepEqual([...codings], ["gzip"]);
