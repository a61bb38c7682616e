// CloudEvents' client for Node: structured, binary, and a batch; run twice, it sends the same ids again.
import cloudevents from "cloudevents";
import { assert, demo } from "./ground.mjs";

const { CloudEvent, Mode, emitterFor } = cloudevents;
const N_EVENTS = 6;
const person = demo.access.with_slot;
const address = `${demo.url}/events`;
const authorization = `Bearer ${demo.usage.write_key}`;

const event = (id, data) => new CloudEvent({ id: `node-${id}`, source: "/clients/node", type: "opened", data: { userId: person, ...data } });

// Its own transport, as its guide shows it, in both modes.
for (const mode of [Mode.BINARY, Mode.STRUCTURED]) {
  const emit = emitterFor(async (message) => {
    const answer = await fetch(address, { method: "POST", body: message.body, headers: { ...message.headers, authorization } });
    assert.equal(answer.status, 200, await answer.text());
  }, { mode });
  for (let n = 0; n < 2; n++) await emit(event(`${mode}-${n}`, { value: n }));
}

// Values outside ASCII, and what OpenFeature's tracking says by a wrapper.
const send = emitterFor((message) =>
  fetch(address, { method: "POST", body: message.body, headers: { ...message.headers, authorization } }), { mode: Mode.BINARY });
const track = (name, { targetingKey }, details) =>
  send(new CloudEvent({ id: "node-tracked", source: "/clients/node", type: name, data: { targetingKey, ...details } }));
assert.equal((await track("geöffnet", { targetingKey: person }, { value: 3 })).status, 200);

const batch = JSON.stringify([event("batched", {}), event("batched", {})]);
const answer = await fetch(address, { method: "POST", body: batch, headers: { "content-type": "application/cloudevents-batch+json", authorization } });
assert.equal(answer.status, 200);

// A wrong write key is told.
assert.equal((await fetch(address, { method: "POST", body: batch, headers: { "content-type": "application/cloudevents-batch+json" } })).status, 401);
console.log(JSON.stringify({ sent: N_EVENTS }));
