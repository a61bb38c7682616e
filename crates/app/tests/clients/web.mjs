// OpenFeature's web SDK with its OFREP provider, which takes all flags at once; run in Node, and in a browser from
// the page of another site. What is not as it should be is thrown.
import { OpenFeature } from "@openfeature/web-sdk";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";

const same = (found, expected) => {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  if (a !== b) throw new Error(`found ${a} instead of ${b}`);
};

export async function run(demo) {
  const { token, flag, with_slot, without_slot } = demo.access;
  const statuses = [];
  const heard = async (request) => {
    const response = await fetch(request);
    statuses.push(response.status);
    return response;
  };
  const provider = (secret) =>
    new OFREPWebProvider({
      baseUrl: demo.url,
      headers: [["Authorization", `Bearer ${secret}`]],
      fetchImplementation: heard,
      changeDetection: "polling",
      pollInterval: 150,
      cacheMode: "disabled",
    });
  const brief = ({ value, variant, reason, errorCode }) => [value, variant, reason, errorCode];
  const ask = (key) => brief(OpenFeature.getClient().getBooleanDetails(key, false));

  await OpenFeature.setContext({ targetingKey: with_slot });
  await OpenFeature.setProviderAndWait(provider(token));
  same(ask(flag), [true, "on", "TARGETING_MATCH", undefined]);
  same(OpenFeature.getClient().getBooleanDetails(flag, false).flagMetadata.change, flag);
  same(ask("no-such-flag"), [false, undefined, "ERROR", "FLAG_NOT_FOUND"]);

  // Asking again and again costs an answer without a body, and loses nothing.
  await new Promise((done) => setTimeout(done, 700));
  same(statuses.slice(0, 3), [200, 304, 304]);
  same(ask(flag), [true, "on", "TARGETING_MATCH", undefined]);

  await OpenFeature.setContext({ targetingKey: without_slot });
  same(ask(flag), [false, "off", "DEFAULT", undefined]);
  await OpenFeature.setContext({ targetingKey: with_slot });
  same(ask(flag)[0], true);

  statuses.length = 0;
  const refused = await OpenFeature.setProviderAndWait(provider("traction_wrong")).then(() => null, (error) => error);
  same([refused !== null, statuses.includes(401)], [true, true]);
  same(ask(flag)[0], false);
  await OpenFeature.close();
}

if (globalThis.process) await run(JSON.parse(process.env.TRACTION_DEMO));
