/**
 * The command line on a stack that runs, each command as a process of its own: the README's story as it is pasted, and
 * the lines of the API's page. Then rotations of keys.
 */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { patienceMs } from "../support/machine-speed.ts";
import { type CommandLine, commandLineProcessOn } from "./command-line.ts";
import { keyRotationTests } from "./key-rotation.ts";
import type { Pipeline } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

const ROOT = join(import.meta.dirname, "../..");
const LOCAL_API = "http://127.0.0.1:3000/prod";
const run = promisify(execFile);

/** What a stack is to have. */
export const STORY = { tracing: { share: 1 }, campaigns: ["spring-sale"] };

let pipeline: Pipeline;
let commandLine: CommandLine;

/** Blocks of a page for a shell, from one heading to the next of its level. */
function shellBlocks(page: string, heading: string): string[] {
  const text = readFileSync(join(ROOT, page), "utf8");
  const section = text.split(`\n${heading}\n`)[1]?.split(/\n## /)[0] ?? "";
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
}

/** Runs lines as a shell does, on this stack in the place of `npm start`'s, with the command line of this checkout. */
async function paste(lines: string): Promise<string> {
  const command = `${process.execPath} ${join(ROOT, "bin/confirmations/confirmations.mjs")}`;
  const script = lines.replaceAll(LOCAL_API, pipeline.stack.endpoints.api).replaceAll("npx confirmations", command);
  const env = { ...process.env, CONFIRMATIONS_STATE: pipeline.stateDirectory };
  // Lines write files, which are not to lie in this checkout.
  const { stdout } = await run("bash", ["-euo", "pipefail", "-c", script], { env, cwd: pipeline.stateDirectory });
  return stdout;
}

export function commandLineStory(running: () => Pipeline): void {
  beforeAll(async () => {
    pipeline = running();
    commandLine = commandLineProcessOn(pipeline.stateDirectory);
    // Waits until the API takes tokens, which lines of a page do not.
    await commandLine("merchants", "list");
  });

  describe("the README's story", () => {
    it(
      "is told as it stands, line by line",
      async () => {
        const [first = "", second = ""] = shellBlocks("README.md", "## Send one transaction through it");
        const told = await paste(first);
        expect(told).toMatch(/^merchant +acme$/m);
        expect(told).toMatch(/^Accepted t-1, version 1, at /m);
        expect(told).toMatch(/^state +CONFIRMED$/m);
        const drawn = await waitFor("the whole path is drawn", async () => {
          const shown = await paste(second).catch(() => "");
          return shown.includes("outcome: delivered") && shown.includes("stream-transactions") ? shown : undefined;
        });
        expect(drawn).toMatch(/^Trace 1-[0-9a-f]{8}-[0-9a-f]{24}: transaction t-1, merchant acme, /m);
        expect(drawn).toMatch(/webhook {2}POST .* answered 200/);
      },
      patienceMs(120_000),
    );
  });

  describe("the lines of the API's page", () => {
    it(
      "are answered as they stand, one after the other",
      async () => {
        const page = readFileSync(join(ROOT, "docs/using/api.md"), "utf8");
        const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
        const told = await paste(blocks.join("\n").replace("-o openapi.json", "-o /dev/null"));
        const problems = [...told.matchAll(/\{"type":"urn:[^}]*\}/g)].map(([problem]) => problem);
        expect(problems).toEqual([]);
        expect(told).toContain('"transactionId":"a-1"');
        expect(told).toContain('"version":2');
        expect(told).toMatch(/"secret":"whsec_/);
      },
      patienceMs(120_000),
    );
  });

  describe("a merchant", () => {
    it(
      "is registered, tested, paused, resumed, given keys and deleted, and the audit log says so",
      async () => {
        const url = pipeline.merchant.url("/tried");
        await commandLine("merchants", "register", "tried", "--url", url);
        const shown = await commandLine("merchants", "show", "tried");
        expect(shown.stdout).toMatch(/^public key +whpk_/m);
        expect(shown.stdout).not.toContain("whsec_");
        expect((await commandLine("merchants", "secret", "show", "tried")).stdout).toMatch(/^secret +whsec_/);
        expect((await commandLine("merchants", "test", "tried")).stdout).toMatch(/^outcome +delivered$/m);
        expect(await commandLine.json("merchants", "pause", "tried")).toMatchObject({ paused: true });
        expect((await commandLine("merchants", "health", "tried")).stdout).toMatch(/^gate +paused$/m);
        expect(await commandLine.json("merchants", "resume", "tried")).toMatchObject({ paused: false });
        const again = commandLine("merchants", "register", "tried", "--url", `${url}/other`);
        await expect(again).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/different: .*Request /) });
        await commandLine("merchants", "delete", "tried");
        await expect(commandLine("merchants", "show", "tried")).rejects.toMatchObject({ code: 3, stdout: "" });
        const { items } = await commandLine.json<{ items: { action: string }[] }>("audit-log", "--merchant", "tried");
        expect(items.map(({ action }) => action)).toEqual([
          "deleteMerchant",
          "resumeMerchant",
          "pauseMerchant",
          "testMerchant",
          "revealMerchantSecret",
          "registerMerchant",
        ]);
        for (const id of ["pipeline-canary", "rate limit of m-1"])
          await expect(commandLine("merchants", "register", id, "--url", url)).rejects.toMatchObject({ code: 1 });
      },
      patienceMs(120_000),
    );
  });

  describe("an access token", () => {
    it("without the scope ends with exit code 4, and one of a merchant sees no other's", async () => {
      const token = (await commandLine("token", "--scope", "merchants:read", "--merchant", "acme")).stdout.trim();
      const get = (path: string) =>
        fetch(`${pipeline.stack.endpoints.api}/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
      expect((await get("/merchants/acme")).status).toBe(200);
      expect((await get("/merchants/nobody")).status).toBe(404);
      expect((await get("/transactions/t-1")).status).toBe(403);
    });
  });

  describe("keys", () => keyRotationTests(() => pipeline));
}
