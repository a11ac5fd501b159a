/**
 * The package as another app has it: packed, unpacked beside what it asks for and nothing else, and synthesized by the
 * example of its page. No registry is asked.
 */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { patienceMs } from "../support/machine-speed.ts";
import { describeOwnStack } from "./own-stack.ts";

const ROOT = join(import.meta.dirname, "../..");
const app = mkdtempSync(join(tmpdir(), "installed-package-"));
const installed = join(app, "node_modules/confirmation-pipeline");
afterAll(() => rmSync(app, { recursive: true, force: true }));

interface Manifest {
  readonly private: boolean;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
}

function run(cwd: string, command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with code ${status}:\n${stdout}${stderr}`);
  return stdout;
}

const manifest = (): Manifest => JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as Manifest;

function peers(wanted: "required" | "optional"): string[] {
  const { peerDependencies, peerDependenciesMeta } = manifest();
  return Object.keys(peerDependencies).filter(
    (name) => (peerDependenciesMeta[name]?.optional === true) === (wanted === "optional"),
  );
}

/** What npm would install beside it, from here. */
function link(name: string): void {
  const place = join(app, "node_modules", name);
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(join(ROOT, "node_modules", name), place);
}

beforeAll(() => {
  run(ROOT, process.execPath, "bin/build-package.ts");
  const [packed = ""] = run(ROOT, "npm", "pack", "--ignore-scripts", "--silent", "--pack-destination", app)
    .trim()
    .split("\n");
  mkdirSync(installed, { recursive: true });
  run(app, "tar", "-xzf", packed, "-C", installed, "--strip-components=1");
  for (const name of [...Object.keys(manifest().dependencies), ...peers("required")]) link(name);
  const page = readFileSync(join(ROOT, "docs/using/as-a-library.md"), "utf8");
  const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  writeFileSync(join(app, "app.ts"), example);
  writeFileSync(join(app, "package.json"), JSON.stringify({ type: "module" }));
}, patienceMs(120_000));

describe("the installed package", () => {
  it("asks for the CDK of the app and for two small packages, and cannot be published by mistake", () => {
    const { dependencies, private: isPrivate } = manifest();
    expect([Object.keys(dependencies), peers("required")]).toEqual([
      ["ipaddr.js", "zod"],
      ["aws-cdk-lib", "constructs"],
    ]);
    expect(isPrivate).toBe(true);
  });

  it("has JavaScript, types and programs, and no TypeScript that Node would have to strip", () => {
    const files = readdirSync(installed, { recursive: true, encoding: "utf8" });
    expect(files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        "dist/lib/confirmation-pipeline.d.ts",
        "dist/programs/confirmation-worker/Dockerfile",
        "dist/programs/confirmation-worker/main.mjs",
        "dist/programs/release-due/index.mjs",
        "dist/containers/xray-daemon/Dockerfile",
        "LICENSE",
      ]),
    );
  });

  it("has the command line, which needs none of its packages", () => {
    const called = (...args: readonly string[]) => {
      const command = join(installed, "bin/confirmations/confirmations.mjs");
      const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
        cwd: app,
        encoding: "utf8",
      });
      return { status, stdout, stderr };
    };
    expect(called("get", "--help")).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Usage: npx confirm/) });
    expect(called("get", "t-1")).toMatchObject({ status: 5, stderr: expect.stringMatching(/^No stack runs with/) });
  });

  it(
    "has types that the example of its page is checked against",
    () => {
      const compilerOptions = {
        module: "nodenext",
        target: "es2024",
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: [],
      };
      writeFileSync(join(app, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["app.ts"] }));
      expect(run(app, process.execPath, join(ROOT, "node_modules/typescript/bin/tsc"), "-p", ".")).toBe("");
    },
    patienceMs(60_000),
  );

  it(
    "synthesizes two pipelines side by side in an app that is not its own",
    () => {
      const outdir = join(app, "cdk.out");
      const environment = { PATH: process.env["PATH"], CDK_OUTDIR: outdir, CDK_VALIDATION: "false" };
      const { status, stderr } = spawnSync(process.execPath, ["app.ts"], {
        cwd: app,
        env: environment,
        encoding: "utf8",
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining("Error") });
      const [orders = "", trial = ""] = ["Orders", "Trial"].map((stack) =>
        readFileSync(join(outdir, `${stack}.template.json`), "utf8"),
      );
      expect(orders).toContain('"orders-confirmations.fifo"');
      expect(trial).toContain('"trial-confirmation-transactions"');
      const policies = Object.entries((JSON.parse(orders) as { Resources: Record<string, unknown> }).Resources);
      const [, saga] = policies.find(([id]) => id.startsWith("SagaDefaultPolicy")) ?? [];
      for (const action of ["dynamodb:PutItem", "dynamodb:Query", "kms:GenerateDataKey"])
        expect(JSON.stringify(saga)).toContain(`"${action}"`);
      const { dockerImages = {} } = JSON.parse(readFileSync(join(outdir, "Orders.assets.json"), "utf8")) as {
        dockerImages?: Record<string, { source: { directory: string } }>;
      };
      const images = Object.values(dockerImages).map(({ source }) => join(outdir, source.directory, "Dockerfile"));
      expect(images.map((file) => existsSync(file))).toEqual([true, true]);
    },
    patienceMs(120_000),
  );
});

describeOwnStack(app, link, () => peers("optional"));
