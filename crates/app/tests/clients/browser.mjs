// The web SDK in a real browser.
import { inPage } from "./page.mjs";

await inPage("web.mjs");
