// A page of another site than the server's, in a real browser: what a browser allows across sites is told by nothing
// else. `run(demo, tell)` of the module is called in the page; `hears` answers what it tells meanwhile.
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
const DONE = "all as it should be";
const page = (module) => `<!doctype html><meta charset="utf-8"><title>A page of another site</title>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">
  const tell = (said) => fetch("/said", { method: "POST", body: said });
  try {
    const { run } = await import("/${module}");
    await run(${JSON.stringify(demo)}, tell);
    await tell("${DONE}");
  } catch (error) {
    await tell("failed: " + String(error?.stack ?? error));
  }
</script>`;

// Runs a module in the page. Says SKIPPED where there is no Chromium.
export async function inPage(module, hears = async () => {}) {
  let end;
  const ended = new Promise((done) => (end = done));
  const site = createServer(async (request, response) => {
    if (request.method === "POST") {
      let said = "";
      for await (const part of request) said += part;
      if (said === DONE || said.startsWith("failed: ")) end(said);
      else await hears(said).catch((error) => end(String(error?.stack ?? error)));
      return response.end();
    }
    if (request.url === "/") return response.setHeader("content-type", "text/html").end(page(module));
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
  browser.on("error", () => end("SKIPPED: chromium is not installed"));
  setTimeout(() => end("the page said nothing for a minute"), 60_000).unref();

  const answer = await ended;
  browser.kill();
  site.close();
  site.closeAllConnections();
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  if (answer.startsWith("SKIPPED")) console.log(answer);
  else assert.equal(answer, DONE);
}
