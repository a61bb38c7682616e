// The web SDK in a page, which holds all flags and asks for none again by itself: the stream tells it when to.
import { OpenFeature, ProviderEvents } from "@openfeature/web-sdk";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";

export async function run(demo, tell) {
  const { token, flag, with_slot } = demo.access;
  await OpenFeature.setContext({ targetingKey: with_slot });
  const headers = [["Authorization", `Bearer ${token}`]];
  await OpenFeature.setProviderAndWait(new OFREPWebProvider({ baseUrl: demo.url, headers, cacheMode: "disabled" }));
  const flags = OpenFeature.getClient();
  if (!flags.getBooleanValue(flag, false)) throw new Error("off before anything was done");
  for (const [state, expected] of [["paused", false], ["running", true], ["paused", false], ["running", true]]) {
    const changed = new Promise((done, late) => {
      const heard = () => (flags.removeHandler(ProviderEvents.ConfigurationChanged, heard), done());
      flags.addHandler(ProviderEvents.ConfigurationChanged, heard);
      setTimeout(() => late(new Error(`nothing was heard of ${state}`)), 10_000);
    });
    await tell(state);
    await changed;
    if (flags.getBooleanValue(flag, false) !== expected) throw new Error(`not ${expected} though ${state}`);
  }
  await OpenFeature.close();
}
