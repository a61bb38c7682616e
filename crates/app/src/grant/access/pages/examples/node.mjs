// npm install @openfeature/server-sdk @openfeature/ofrep-provider
import { OpenFeature } from "@openfeature/server-sdk";
import { OFREPProvider } from "@openfeature/ofrep-provider";

await OpenFeature.setProviderAndWait(new OFREPProvider({
  baseUrl: "https://traction.example.org",
  headers: [["Authorization", `Bearer ${process.env.TRACTION_TOKEN}`]],
}));
const flags = OpenFeature.getClient();

// Where the solution begins: `false` is what everybody gets when Traction cannot be reached.
const has = await flags.getBooleanValue("bedside-tests", false, { targetingKey: "jo" });
console.log(has ? "on" : "off");
