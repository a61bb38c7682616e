// OpenFeature's server SDK for Node with its OFREP provider, asking one flag at a time.
import { OpenFeature } from "@openfeature/server-sdk";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { assert, demo, has } from "./ground.mjs";

const { token, flag, with_slot, without_slot } = demo.access;

async function client(name, headers) {
  await OpenFeature.setProviderAndWait(name, new OFREPProvider({ baseUrl: demo.url, headers }));
  return OpenFeature.getClient(name);
}
const ask = (client, key, context) => client.getBooleanDetails(key, false, context);

const ward = await client("ward", [["Authorization", `Bearer ${token}`]]);
const on = await ask(ward, flag, { targetingKey: with_slot });
has(on, { value: true, variant: "on", reason: "TARGETING_MATCH", errorCode: undefined });
has(on.flagMetadata, { change: flag });
for (const name of ["slot", "wave", "version"]) assert.ok(name in on.flagMetadata, name);

// Whatever else an application puts into the context.
const more = { targetingKey: with_slot, age: 7, night: true, since: new Date(), tags: ["a", { b: null }], none: null };
has(await ask(ward, flag, more), { value: true, variant: "on" });

has(await ask(ward, flag, { targetingKey: without_slot }), { value: false, variant: "off", reason: "DEFAULT" });
has(await ask(ward, flag, { targetingKey: "nobody" }), { value: false, variant: "off", reason: "DEFAULT" });

const unknown = await ask(ward, "no-such-flag", { targetingKey: with_slot });
has(unknown, { value: false, reason: "ERROR", errorCode: "FLAG_NOT_FOUND" });
assert.match(unknown.errorMessage, /no-such-flag/);
has(await ask(ward, flag, {}), { value: false, errorCode: "TARGETING_KEY_MISSING" });
has(await ward.getStringDetails(flag, "off", { targetingKey: with_slot }), { value: "off", errorCode: "TYPE_MISMATCH" });

// Many at once: none is turned away, since a client that is turned away answers its default for a second.
const crowd = await Promise.all(Array.from({ length: 500 }, () => ask(ward, flag, { targetingKey: with_slot })));
assert.equal(crowd.filter((one) => one.value).length, 500);

has(await ask(await client("by-key", [["X-API-Key", token]]), flag, { targetingKey: with_slot }), { value: true });
for (const wrong of ["traction_wrong", demo.usage.write_key]) {
  const barred = await ask(await client(wrong, [["Authorization", `Bearer ${wrong}`]]), flag, { targetingKey: with_slot });
  has(barred, { value: false, reason: "ERROR", errorCode: "GENERAL" });
}
await OpenFeature.close();
