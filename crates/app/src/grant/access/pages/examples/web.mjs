// npm install @openfeature/web-sdk @openfeature/ofrep-web-provider
import { OpenFeature } from "@openfeature/web-sdk";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";

const token = globalThis.process?.env.TRACTION_TOKEN ?? "put a token of this page's own here";
await OpenFeature.setContext({ targetingKey: "jo" });
await OpenFeature.setProviderAndWait(new OFREPWebProvider({
  baseUrl: "https://traction.example.org",
  headers: [["Authorization", `Bearer ${token}`]],
  // Changes are told by a stream; without one (a proxy in between, no EventSource) this is how often it asks.
  pollInterval: 30_000,
})).catch((error) => console.warn("Traction cannot be reached, so everything is off", error));
const flags = OpenFeature.getClient();

// The answer is here already: all flags of one person came at once.
const has = flags.getBooleanValue("bedside-tests", false);
console.log(has ? "on" : "off");
