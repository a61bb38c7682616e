// The web SDK in a real browser hears of a change that is paused and goes on, by the stream alone.
import { assert, demo } from "./ground.mjs";
import { inPage } from "./page.mjs";

const { link } = demo.people.find(({ role }) => role === "administrator");
const entered = await fetch(link, { method: "POST", redirect: "manual" });
const cookie = entered.headers.get("set-cookie").split(";")[0];

await inPage("live.mjs", async (state) => {
  const body = new URLSearchParams({ state, why: "to see who hears of it" });
  const address = `${demo.url}/changes/${demo.access.flag}/state`;
  const done = await fetch(address, { method: "POST", redirect: "manual", headers: { cookie }, body });
  assert.equal(done.status, 303);
});
