/** What surrounds a command line in a test: what it wrote, and an API that is a function. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";
import { runCommandLine } from "../../../bin/confirmations/run-command-line.ts";
import type { Surroundings } from "../../../bin/confirmations/frame/surroundings.ts";
import { optionsTakenByNpm } from "../../../local/command-line/options-taken-by-npm.ts";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

export type Answer = { readonly status?: number; readonly body: unknown; readonly headers?: Record<string, string> };

export const ISSUER = "http://127.0.0.1:9";
export const API = "http://127.0.0.1:8/prod";

const directory = mkdtempSync(join(tmpdir(), "command-line-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
writeFileSync(
  join(directory, "stack.json"),
  JSON.stringify({
    outputs: {},
    api: API,
    issuer: ISSUER,
    console: "http://127.0.0.1:6",
    environment: {},
  }),
);

/** Of a stack that has an API; `.local` is none. */
export const STATE: string = directory;

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Requests to the API. */
  readonly asked: readonly Asked[];
  /** Forms that the issuer was sent. */
  readonly tokens: readonly string[];
  readonly slept: readonly number[];
}

/** @param answer what the API answers with */
export async function ran(
  args: readonly string[],
  answer: (asked: Asked) => Answer | Promise<Answer> = () => ({ status: 500, body: {} }),
  more: Partial<Surroundings> & { readonly input?: string } = {},
): Promise<Ran> {
  const { input = "", ...others } = more;
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const asked: Asked[] = [];
  const tokens: string[] = [];
  const slept: number[] = [];
  const surroundings: Surroundings = {
    write: (text) => stdout.push(text),
    writeError: (text) => stderr.push(text),
    writeBytes: (bytes) => Promise.resolve(void stdout.push(Buffer.from(bytes).toString())),
    readInput: () => Promise.resolve(input),
    environment: { CONFIRMATIONS_STATE: STATE },
    isTerminal: false,
    isInputTerminal: false,
    isErrorTerminal: false,
    columns: 100,
    configDirectory: join(directory, "config"),
    nowMs: () => Date.parse("2026-11-22T10:00:00Z") + slept.reduce((sum, ms) => sum + ms, 0),
    sleep: (ms) => Promise.resolve(void slept.push(ms)),
    onKey: () => () => undefined,
    onEndAsked: () => () => undefined,
    openInBrowser: () => Promise.resolve(false),
    async fetch(target, init) {
      const request = new Request(target, init);
      const url = new URL(request.url);
      const body = await request.text();
      if (request.url === `${ISSUER}/token`) {
        tokens.push(body);
        return Response.json({ access_token: "token-1" });
      }
      const one = { method: request.method, path: `${url.pathname}${url.search}`, headers: request.headers, body };
      asked.push(one);
      const { status = 200, body: answered, headers = {} } = await answer(one);
      return Response.json(answered, { status, headers });
    },
    ...others,
  };
  const code = await runCommandLine(args, surroundings, { takenByNpm: optionsTakenByNpm });
  return { code, stdout: stdout.join(""), stderr: stderr.join(""), asked, tokens, slept };
}
