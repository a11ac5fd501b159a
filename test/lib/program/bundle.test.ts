import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { CHANNEL_SENDERS } from "../../../lib/program/programs.ts";
import { PROGRAMS, buildPrograms } from "../../../lib/program/bundle.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "bundle-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function writePrograms(): void {
  for (const { entry } of [...Object.values(PROGRAMS), CHANNEL_SENDERS])
    write(entry, "export const handler = () => 'done';\n");
  write("containers/confirmation-worker/Dockerfile", "FROM scratch\n");
}

describe("bundling", () => {
  it("makes a file of each program, and of what it loads on first use, with the Dockerfile beside the worker's", () => {
    writePrograms();
    const { bundles } = buildPrograms(root);
    const files = Object.fromEntries(
      Object.entries(bundles).map(([program, folder]) => [program, readdirSync(folder)]),
    );
    expect(files).toStrictEqual({
      streamTransactions: ["index.mjs"],
      confirmationTransactions: ["channel-senders.mjs", "index.mjs"],
      releaseDue: ["index.mjs"],
      auditTransactions: ["index.mjs"],
      canary: ["index.mjs"],
      confirmationsApi: ["index.mjs"],
      merchantSecrets: ["index.mjs"],
      apiAuthorizer: ["index.mjs"],
      auditLogChain: ["index.mjs"],
      runJobs: ["index.mjs"],
      importTransactions: ["index.mjs"],
      publishEvents: ["index.mjs"],
      deploymentGuard: ["index.mjs"],
      emptyBuckets: ["index.mjs"],
      confirmationWebhook: ["index.mjs"],
      insertFakeTransactions: ["index.mjs"],
      signingKeys: ["index.mjs"],
      receiveAcknowledgements: ["index.mjs"],
      receiveReceipts: ["index.mjs"],
      confirmationWorker: ["Dockerfile", "channel-senders.mjs", "main.mjs"],
    });
  });

  it("leaves nothing else behind and does not touch what has not changed", () => {
    writePrograms();
    const bundle = join(buildPrograms(root).bundles.releaseDue, "index.mjs");
    const { ino, mtimeMs } = statSync(bundle);
    buildPrograms(root);
    expect(statSync(bundle)).toMatchObject({ ino, mtimeMs });
    expect(readdirSync(join(root, ".build")).toSorted()).toStrictEqual(
      Object.values(PROGRAMS)
        .map(({ folder }) => folder)
        .toSorted(),
    );
  });

  it("replaces what has changed", () => {
    writePrograms();
    buildPrograms(root);
    write(PROGRAMS.releaseDue.entry, "export const handler = () => 'done anew';\n");
    expect(readFileSync(join(buildPrograms(root).bundles.releaseDue, "index.mjs"), "utf8")).toContain("done anew");
  });

  describe("where packages are installed", () => {
    const INSTALLED = "node_modules/.package-lock.json";
    const METAFILE = /\.metafile\.json$/;

    /** Bundles, and has the kept note of it told apart from a new one. */
    function bundleOnce(): { readonly bundle: string; readonly isKept: () => boolean } {
      writePrograms();
      for (const path of [INSTALLED, "package.json", "tsconfig.json"]) write(path, "{}");
      write("core/imported.ts", "export const imported = 1;\n");
      write(PROGRAMS.releaseDue.entry, 'export { imported } from "../../core/imported.ts";\n');
      const anHourAgo = new Date(Date.now() - 3_600_000);
      for (const file of readdirSync(root, { recursive: true, withFileTypes: true }))
        if (file.isFile()) utimesSync(join(file.parentPath, file.name), anHourAgo, anHourAgo);
      const { bundles } = buildPrograms(root);
      const folder = "node_modules/.cache/confirmation-pipeline";
      const name = readdirSync(join(root, folder)).find((one) => METAFILE.test(one)) ?? "";
      write(join(folder, name), '{"inputs":{},"outputs":{}}');
      return {
        bundle: join(bundles.releaseDue, "index.mjs"),
        isKept: () => Object.keys(buildPrograms(root).metafile.outputs).length === 0,
      };
    }

    it("does not bundle again while all is as it was", () => {
      const { isKept } = bundleOnce();
      expect(isKept()).toBe(true);
    });

    it.each([
      ["a program", PROGRAMS.releaseDue.entry],
      ["what a program imports", "core/imported.ts"],
      ["the packages", INSTALLED],
      ["how TypeScript is read", "tsconfig.json"],
      ["how the package's modules are read", "package.json"],
    ])("bundles anew when this changed: %s", (_, path) => {
      const { isKept } = bundleOnce();
      write(path, path.endsWith(".ts") ? "export const imported = 2;\n" : '{ "changed": 1 }');
      expect(isKept()).toBe(false);
    });

    it("keeps no note of what was changed since bundling began: it may have been read before", () => {
      const { isKept } = bundleOnce();
      write("core/imported.ts", "export const imported = 3;\n");
      const inASecond = new Date(Date.now() + 1000);
      utimesSync(join(root, "core/imported.ts"), inASecond, inASecond);
      buildPrograms(root);
      expect(isKept()).toBe(false);
    });

    it("has the new content in a bundle of which only an import changed", () => {
      const { bundle } = bundleOnce();
      write("core/imported.ts", "export const imported = 'anew';\n");
      buildPrograms(root);
      expect(readFileSync(bundle, "utf8")).toContain("anew");
    });

    it.each([
      ["is gone", (bundle: string) => rmSync(bundle)],
      ["was changed", (bundle: string) => writeFileSync(bundle, "broken")],
    ])("bundles anew when a bundle %s", (_, spoil) => {
      const { bundle, isKept } = bundleOnce();
      spoil(bundle);
      expect(isKept()).toBe(false);
      expect(readFileSync(bundle, "utf8")).toContain("imported");
    });

    it("bundles anew where its note cannot be read", () => {
      const { isKept } = bundleOnce();
      const folder = join(root, "node_modules/.cache/confirmation-pipeline");
      const name = readdirSync(folder).find((one) => !METAFILE.test(one)) ?? "";
      writeFileSync(join(folder, name), "{");
      expect(isKept()).toBe(false);
    });
  });

  it("names every entry file that is missing", () => {
    writePrograms();
    rmSync(join(root, PROGRAMS.releaseDue.entry));
    rmSync(join(root, PROGRAMS.confirmationWorker.entry));
    expect(() => buildPrograms(root)).toThrow(
      expect.objectContaining({
        code: "BUNDLE_FAILED",
        message: expect.stringMatching(
          /release-due: expected its entry file .*\n.*confirmation-worker: expected its entry file/,
        ),
      }),
    );
  });

  it("says where a program cannot be read", () => {
    writePrograms();
    write(PROGRAMS.streamTransactions.entry, 'import { gone } from "./gone.ts";\nexport const handler = gone;\n');
    expect(() => buildPrograms(root)).toThrow(
      expect.objectContaining({
        code: "BUNDLE_FAILED",
        message: expect.stringContaining("lambdas/stream-transactions/handler.ts:1:21"),
      }),
    );
  });
});
