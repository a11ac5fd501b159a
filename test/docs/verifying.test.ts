/**
 * The examples of docs/using/verifying.md, as they stand in the page, against webhooks that the pipeline signs. Each
 * language is run where it is installed.
 */
import { createHmac } from "node:crypto";
import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { signatureHeader } from "../../core/signing/merchant-keys.ts";
import { secretText } from "../../core/signing/signature.ts";
import { keysOf } from "../support/keys.ts";
import { patienceMs } from "../support/machine-speed.ts";

/** Of a compiler on a machine whose cores are busy. */
const PATIENCE_MS = patienceMs(240_000);
const NOW_SECONDS = 1_795_341_600;
const SECRET = Buffer.alloc(32, 7);
const BODY = '{"amount":"12.50 €"}';

const run = promisify(execFile);
const page = readFileSync("docs/using/verifying.md", "utf8");
let directory: string;

interface Case {
  readonly what: string;
  readonly isOurs: boolean;
  readonly secret?: Buffer;
  readonly timestamp?: string;
  readonly signatures?: string;
  readonly body?: string;
}

function signed(secret: Buffer, timestampSeconds = NOW_SECONDS): string {
  return signatureHeader(keysOf(secret), { id: "msg_1", timestampSeconds, body: BODY }, NOW_SECONDS * 1000);
}

const CASES: readonly Case[] = [
  { what: "a webhook of ours", isOurs: true },
  { what: "another body", isOurs: false, body: BODY.replace("12.50", "92.50") },
  { what: "another secret", isOurs: false, secret: Buffer.alloc(32, 8) },
  { what: "another timestamp than was signed", isOurs: false, timestamp: String(NOW_SECONDS + 1) },
  {
    what: "a timestamp of ten minutes ago",
    isOurs: false,
    timestamp: String(NOW_SECONDS - 600),
    signatures: signed(SECRET, NOW_SECONDS - 600),
  },
  { what: "a timestamp that is no number", isOurs: false, timestamp: "soon" },
  {
    what: "the old key's signature first",
    isOurs: true,
    signatures: `${signed(Buffer.alloc(32, 8))} ${signed(SECRET)}`,
  },
  { what: "no signature of ours", isOurs: false, signatures: "v1,AAAA v1a,AAAA" },
];

const NONCE = "n0-_".repeat(8);
const NO_NONCE = "msg_1.1795341600.{}aaaaaaaaaaaa";
const ANSWER = JSON.stringify({ challenge: createHmac("sha256", SECRET).update(NONCE).digest("base64") });

/** Six arguments a case: secret, id, timestamp, signatures, body in base64, seconds now. */
const ARGUMENTS = CASES.flatMap(({ secret = SECRET, timestamp = String(NOW_SECONDS), signatures, body = BODY }) => [
  secretText(secret),
  "msg_1",
  timestamp,
  signatures ?? signed(SECRET),
  Buffer.from(body).toString("base64"),
  String(NOW_SECONDS),
]);

function example(language: string): string {
  const [, code] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "ms").exec(page) ?? [];
  if (code === undefined) throw new Error(`docs/using/verifying.md has no example in ${language}`);
  return code;
}

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

/**
 * How each language is run over all cases: it prints `true` or `false` a line; then how it answers a nonce, and `none`
 * for what is none.
 */
const LANGUAGES: Readonly<
  Record<string, { readonly probe: readonly string[]; readonly verdicts: () => Promise<string> }>
> = {
  python: {
    probe: ["python3", "--version"],
    verdicts: async () => {
      const driver = `
import sys
a = sys.argv[1:]
for i in range(0, len(a), 6):
    print(str(verify(a[i], a[i + 1], a[i + 2], a[i + 3], base64.b64decode(a[i + 4]), int(a[i + 5]))).lower())
print(answer(a[0], "${NONCE}"))
try:
    print(answer(a[0], "${NO_NONCE}"))
except ValueError:
    print("none")
`;
      return (await run("python3", [file("webhooks.py", example("python") + driver), ...ARGUMENTS])).stdout;
    },
  },
  php: {
    probe: ["php", "--version"],
    verdicts: async () => {
      const driver = `
for ($i = 1; $i < $argc; $i += 6) {
    [$secret, $id, $timestamp, $signatures, $body, $now] = array_slice($argv, $i, 6);
    echo verify($secret, $id, $timestamp, $signatures, base64_decode($body), (int) $now) ? "true\\n" : "false\\n";
}
echo answer($argv[1], "${NONCE}"), "\\n";
try {
    echo answer($argv[1], "${NO_NONCE}");
} catch (InvalidArgumentException) {
    echo "none\\n";
}
`;
      return (await run("php", [file("webhooks.php", example("php") + driver), ...ARGUMENTS])).stdout;
    },
  },
  java: {
    probe: ["javac", "-version"],
    verdicts: async () => {
      const driver = `
public class Driver {
  public static void main(String[] a) throws Exception {
    for (int i = 0; i < a.length; i += 6)
      System.out.println(Webhooks.verify(a[i], a[i + 1], a[i + 2], a[i + 3],
          java.util.Base64.getDecoder().decode(a[i + 4]), Long.parseLong(a[i + 5])));
    System.out.println(Webhooks.answer(a[0], "${NONCE}"));
    try {
      System.out.println(Webhooks.answer(a[0], "${NO_NONCE}"));
    } catch (IllegalArgumentException none) {
      System.out.println("none");
    }
  }
}
`;
      const sources = [file("Webhooks.java", example("java")), file("Driver.java", driver)];
      await run("javac", ["-encoding", "UTF-8", "-d", directory, ...sources]);
      return (await run("java", ["-cp", directory, "Driver", ...ARGUMENTS])).stdout;
    },
  },
  go: {
    probe: ["go", "version"],
    verdicts: async () => {
      const driver = `package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
)

func main() {
	for a := os.Args[1:]; len(a) >= 6; a = a[6:] {
		body, _ := base64.StdEncoding.DecodeString(a[4])
		now, _ := strconv.ParseInt(a[5], 10, 64)
		fmt.Println(verify(a[0], a[1], a[2], a[3], body, now))
	}
	answered, _ := answer(os.Args[1], "${NONCE}")
	fmt.Println(answered)
	if _, err := answer(os.Args[1], "${NO_NONCE}"); err != nil {
		fmt.Println("none")
	}
}
`;
      const program = join(directory, "webhooks");
      await run("go", ["build", "-o", program, file("webhooks.go", example("go")), file("driver.go", driver)]);
      return (await run(program, ARGUMENTS)).stdout;
    },
  },
};

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "verifying-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("the example of how to verify a webhook", () => {
  for (const [language, { probe, verdicts }] of Object.entries(LANGUAGES)) {
    const [command = "", ...args] = probe;
    const isInstalled = spawnSync(command, args).status === 0;
    (isInstalled ? it : it.skip)(
      `in ${language} tells our webhooks from others`,
      async () => {
        const printed = (await verdicts()).trim().split("\n");
        expect(printed.slice(CASES.length)).toEqual([ANSWER, "none"]);
        expect(CASES.map(({ what }, index) => [what, printed[index]])).toEqual(
          CASES.map(({ what, isOurs }) => [what, String(isOurs)]),
        );
      },
      PATIENCE_MS,
    );
  }

  it.each(Object.keys(LANGUAGES))("is in the page in %s", (language) => {
    for (const name of ["verify(", "answer("]) expect(example(language)).toContain(name);
  });

  it("in js answers our challenges, takes our webhooks, and refuses others", async () => {
    const secret = secretText(SECRET);
    const program = example("js")
      .replace(/"whsec_…"; [^\n]*/, `"${secret}";`)
      .replace(/keysFrom\("https:[^)]*\);[^\n]*/, "secret; void keysFrom;")
      .replace(".listen(9000)", '.listen(0, "127.0.0.1", function () { console.log(this.address().port); })');
    copyFileSync("verifier/verify-webhook.mjs", join(directory, "verify-webhook.mjs"));
    const server = file("server.mjs", `${program}\nasync function receive() {}\n`);
    const child = spawn(process.execPath, [server], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [port] = (await once(child.stdout, "data")) as [Buffer];
      const post = async (body: string, signedBody = body) => {
        const timestampSeconds = Math.floor(Date.now() / 1000);
        const message = { id: "msg_1", timestampSeconds, body: signedBody };
        const response = await fetch(`http://127.0.0.1:${String(port).trim()}/`, {
          method: "POST",
          body,
          headers: {
            "webhook-id": message.id,
            "webhook-timestamp": String(timestampSeconds),
            "webhook-signature": signatureHeader(keysOf(SECRET), message, timestampSeconds * 1000),
          },
        });
        return [response.status, await response.text()];
      };
      const data = { merchantId: "m", challenge: NONCE, url: "https://shop.example/confirmations" };
      const challenge = JSON.stringify({ type: "webhook.challenge", data });
      expect(await post(challenge)).toEqual([200, ANSWER]);
      expect(await post(BODY)).toEqual([204, ""]);
      expect(await post(BODY, "{}")).toEqual([401, ""]);
    } finally {
      child.kill();
    }
  });
});
