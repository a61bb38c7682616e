// The web SDK in a real browser, from a page of another site than the server's: what a browser allows across sites
// is told by nothing else. Says SKIPPED where there is no Chromium.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, demo } from "./ground.mjs";

// What a bundler would do: the package's own copy of a dependency where npm put one there, else the common one.
const packages = "/node_modules/@openfeature";
const own = `${packages}/ofrep-web-provider/node_modules/@openfeature/ofrep-core`;
const core = existsSync(join(import.meta.dirname, own)) ? own : `${packages}/ofrep-core`;
const imports = {
  "@openfeature/core": `${packages}/core/dist/esm/index.js`,
  "@openfeature/web-sdk": `${packages}/web-sdk/dist/esm/index.js`,
  "@openfeature/ofrep-core": `${core}/index.esm.js`,
  "@openfeature/ofrep-web-provider": `${packages}/ofrep-web-provider/index.esm.js`,
};
const page = `<!doctype html><meta charset="utf-8"><title>A page of another site</title>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">
  const tell = (said) => fetch("/said", { method: "POST", body: said });
  try {
    const { run } = await import("/web.mjs");
    await run(${JSON.stringify(demo)});
    await tell("all as it should be");
  } catch (error) {
    await tell(String(error?.stack ?? error));
  }
</script>`;

let tell;
const said = new Promise((done) => (tell = done));
const site = createServer(async (request, response) => {
  if (request.method === "POST") {
    let body = "";
    for await (const part of request) body += part;
    tell(body);
    return response.end();
  }
  if (request.url === "/") return response.setHeader("content-type", "text/html").end(page);
  const file = await readFile(join(import.meta.dirname, request.url)).catch(() => null);
  if (file === null) return response.writeHead(404).end();
  response.setHeader("content-type", "text/javascript").end(file);
});
await new Promise((done) => site.listen(0, "127.0.0.1", done));

const profile = await mkdtemp(join(tmpdir(), "traction-clients-"));
const browser = spawn("chromium", [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", `--user-data-dir=${profile}`,
  `http://127.0.0.1:${site.address().port}/`,
], { stdio: "ignore" });
browser.on("error", () => tell("SKIPPED: chromium is not installed"));
setTimeout(() => tell("the page said nothing for a minute"), 60_000).unref();

const answer = await said;
browser.kill();
site.close();
site.closeAllConnections();
await rm(profile, { recursive: true, force: true, maxRetries: 5 });
if (answer.startsWith("SKIPPED")) console.log(answer);
else assert.equal(answer, "all as it should be");
