// Segment's client for Node: events of every kind, sent in batches; run twice, it sends the same ids again.
import { Analytics } from "@segment/analytics-node";
import { assert, demo } from "./ground.mjs";

const N_EVENTS = 25;
const person = demo.access.with_slot;

const analytics = new Analytics({ writeKey: demo.usage.write_key, host: demo.url, flushAt: 10 });
const failures = [];
analytics.on("error", (error) => failures.push(error));
for (let n = 0; n < N_EVENTS; n++) {
  analytics.track({ messageId: `segment-node-${n}`, userId: person, event: "opened", properties: { value: n } });
}
analytics.identify({ userId: person, traits: { name: "Jo" } });
analytics.group({ userId: person, groupId: "a-ward" });
analytics.page({ userId: person, name: "Results" });
analytics.screen({ anonymousId: "a-screen", name: "Results" });
analytics.alias({ userId: person, previousId: "a-screen" });
await analytics.closeAndFlush({ timeout: 10_000 });
assert.deepEqual(failures, []);

// A wrong write key is told, once, and the host process goes on.
const barred = new Analytics({ writeKey: "wrong", host: demo.url, maxRetries: 2 });
const told = [];
barred.on("error", (error) => told.push(error));
barred.track({ userId: person, event: "opened" });
await barred.closeAndFlush({ timeout: 10_000 });
assert.equal(told.length, 1);
assert.equal(told[0].code, "delivery_failure");
assert.match(String(told[0].reason?.message ?? told[0].reason), /401/);
console.log(JSON.stringify({ sent: N_EVENTS }));
