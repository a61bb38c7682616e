// RudderStack's client for Node, which packs its batches by gzip; run twice, it sends the same ids again.
import Analytics from "@rudderstack/rudder-sdk-node";
import { assert, demo } from "./ground.mjs";

const N_EVENTS = 25;
const person = demo.access.with_slot;

const failures = [];
const analytics = new Analytics(demo.usage.write_key, {
  dataPlaneUrl: demo.url, flushAt: 10, logLevel: "error", errorHandler: (error) => failures.push(error),
});
for (let n = 0; n < N_EVENTS; n++) {
  analytics.track({ messageId: `rudderstack-node-${n}`, userId: person, event: "opened", properties: { value: n } });
}
analytics.identify({ userId: person, traits: { name: "Jo" } });
analytics.group({ userId: person, groupId: "a-ward" });
analytics.page({ userId: person, name: "Results" });
await analytics.flush();
assert.deepEqual(failures, []);

// A wrong write key is told.
const told = [];
const barred = new Analytics("wrong", {
  dataPlaneUrl: demo.url, retryCount: 0, logLevel: "error", errorHandler: (error) => told.push(error),
});
barred.track({ userId: person, event: "opened" });
await barred.flush().catch((error) => told.push(error));
assert.ok(told.length >= 1);
assert.equal(told[0].response?.status, 401);
console.log(JSON.stringify({ sent: N_EVENTS }));
process.exit(0);
