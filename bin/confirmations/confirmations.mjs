#!/usr/bin/env node
/**
 * `npx confirmations`: plain JavaScript that every Node from 20 on reads. The command line itself needs the Node that
 * package.json asks for: an older one hands over to the one that `npm ci` installed, and says so where there is none.
 * In a checkout the sources run as they are; the packed library has them bundled.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const asked = createRequire(import.meta.url)("../../package.json").engines.node;
const [oldest] = /\d+(?:\.\d+)*/.exec(asked) ?? ["24"];

if (isOlder(process.versions.node, oldest)) handOver(at("../../node_modules/node/bin/node"));
else await import(existsSync(at("main.ts")) ? "./main.ts" : "../../dist/bin/confirmations.mjs");

function handOver(node) {
  if (!existsSync(node)) {
    process.stderr.write(
      `Node ${oldest} or newer is needed, this is ${process.versions.node}: install it, or run \`npm ci\` in a ` +
        "checkout of the pipeline, which brings it along (`npm rebuild node` if its install script was left out).\n",
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, [at("confirmations.mjs"), ...process.argv.slice(2)], { stdio: "inherit" });
  // Ctrl-C reaches the child as well, which says how it ends.
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`${node} cannot be run: ${error.message}. Run \`npm rebuild node\`.\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 143);
  });
}

function isOlder(version, than) {
  const [one, other] = [version, than].map((text) => text.split(".").map(Number));
  const index = other.findIndex((part, place) => part !== (one[place] ?? 0));
  return index !== -1 && (one[index] ?? 0) < other[index];
}
