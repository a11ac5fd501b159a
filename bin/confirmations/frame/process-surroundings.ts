/** What surrounds a process. Whoever reads its output may be gone, as in `npx confirmations list | head`. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { homedir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { isatty } from "node:tty";
import type { Surroundings } from "./surroundings.ts";

const COLUMNS_WITHOUT_TERMINAL = 120;
const END_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** A program that begins a browser is gone by then, or has failed. */
const BROWSER_WITHIN_MS = 2000;

export function processSurroundings(from: NodeJS.Process): Surroundings {
  const { stdout, stderr, stdin, env } = from;
  stdout.on("error", (error: NodeJS.ErrnoException) => from.exit(error.code === "EPIPE" ? 0 : 1));
  const isTerminal = isatty(stdout.fd);
  stderr.on("error", () => undefined);
  return {
    write: (what) => void stdout.write(what),
    writeError: (what) => void stderr.write(what),
    writeBytes: async (bytes) => {
      if (!stdout.write(bytes)) await once(stdout, "drain");
    },
    readInput: () => text(stdin),
    environment: env,
    isTerminal,
    isInputTerminal: isatty(stdin.fd),
    isErrorTerminal: isatty(stderr.fd),
    columns: isTerminal ? stdout.columns : COLUMNS_WITHOUT_TERMINAL,
    configDirectory: join(env["XDG_CONFIG_HOME"] || join(homedir(), ".config"), "confirmations"),
    fetch,
    nowMs: Date.now,
    sleep: async (ms, awake) => {
      await sleep(ms, undefined, awake && { signal: awake }).catch(() => undefined);
    },
    onKey: (pressed) => keysOf(stdin, pressed),
    onEndAsked: (asked) => {
      for (const signal of END_SIGNALS) from.on(signal, asked);
      return () => {
        for (const signal of END_SIGNALS) from.off(signal, asked);
      };
    },
    openInBrowser: (url) => openInBrowser(url, env),
  };
}

/** One by one, as they are pressed; nothing of what is piped in. */
function keysOf(stdin: NodeJS.Process["stdin"], pressed: (key: string) => void): () => void {
  if (!isatty(stdin.fd)) return () => undefined;
  const read = (typed: string) => {
    for (const key of typed) pressed(key);
  };
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  stdin.on("data", read);
  return () => {
    stdin.off("data", read);
    stdin.setRawMode(false);
    stdin.pause();
  };
}

async function openInBrowser(url: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const isMac = process.platform === "darwin";
  const hasScreen = isMac || env["DISPLAY"] !== undefined || env["WAYLAND_DISPLAY"] !== undefined;
  if (!hasScreen) return false;
  const child = spawn(isMac ? "open" : "xdg-open", [url], { stdio: "ignore", detached: true });
  child.unref();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  child.once("error", () => resolve(false));
  child.once("exit", (code) => resolve(code === 0));
  return Promise.race([promise, sleep(BROWSER_WITHIN_MS, true, { ref: false })]);
}
