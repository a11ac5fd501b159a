import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { readAssembly } from "../../local/assembly/read-assembly.ts";
import { synthesizeApp, withSettingsOf } from "../../local/assembly/synthesize-app.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const root = temporaryDirectory();

/** Of a project whose app writes down what it was given. */
function project(cdkJson: object): string {
  const folder = mkdtempSync(join(root, "project-"));
  writeFileSync(join(folder, "cdk.json"), JSON.stringify(cdkJson));
  writeFileSync(
    join(folder, "app.mjs"),
    `import { mkdirSync, writeFileSync } from "node:fs";
    const { CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: context } = process.env;
    mkdirSync(outdir, { recursive: true });
    writeFileSync(outdir + "/context.json", context);`,
  );
  return folder;
}

/** Of an assembly with these stacks, each by its id in the app. */
function assembly(stacks: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(root, "assembly-"));
  const artifacts = Object.entries(stacks).map(([id, stackName]) => [
    id,
    { type: "aws:cloudformation:stack", properties: { templateFile: `${id}.template.json`, stackName } },
  ]);
  for (const id of Object.keys(stacks))
    writeFileSync(join(folder, `${id}.template.json`), JSON.stringify({ Resources: { [id]: { Type: "x" } } }));
  writeFileSync(join(folder, "manifest.json"), JSON.stringify({ artifacts: Object.fromEntries(artifacts) }));
  return folder;
}

describe("a project that is synthesized for this machine", () => {
  it("is run by its command line, with its context and the settings that it is given", async () => {
    const app = project({ app: "node app.mjs", context: { color: "blue", settings: { name: "shop" } } });
    writeFileSync(join(app, "cdk.context.json"), JSON.stringify({ zones: ["a"] }));
    const settings = withSettingsOf(app, { dueShards: 2 });
    expect(settings).toEqual({ name: "shop", dueShards: 2 });
    const outdir = await synthesizeApp(app, root, settings);
    expect(outdir).toBe(join(root, "cdk.out"));
    expect(JSON.parse(readFileSync(join(outdir, "context.json"), "utf8"))).toEqual({
      color: "blue",
      zones: ["a"],
      settings: { name: "shop", dueShards: 2 },
    });
  });

  it("leaves what its files are to themselves, as Lambda does, whatever the app's package.json says", async () => {
    const outdir = await synthesizeApp(project({ app: "node app.mjs" }), root, {});
    expect(JSON.parse(readFileSync(join(outdir, "package.json"), "utf8"))).toEqual({});
  });

  it("says what its app said when that fails", async () => {
    const app = project({ app: "echo no such table >&2; exit 3" });
    await expect(synthesizeApp(app, root, {})).rejects.toMatchObject({
      code: "LOCAL_SYNTH_FAILED",
      message: expect.stringContaining("no such table"),
    });
  });

  it("has a command line in its cdk.json", () => {
    expect(() => withSettingsOf(project({ context: {} }), {})).toThrow(/no file with a command line as its "app"/);
    expect(() => withSettingsOf(root, {})).toThrow(/no file with a command line as its "app"/);
  });
});

describe("a function that makes the app", () => {
  it("is given the settings and an empty folder, and its assembly is taken where it is", async () => {
    const outdir = join(root, "cdk.out");
    mkdirSync(outdir, { recursive: true });
    writeFileSync(join(outdir, "old.json"), "{}");
    const made = await synthesizeApp(
      (given) => {
        expect(given).toEqual({ settings: { name: "shop" }, outdir });
        expect(existsSync(join(outdir, "old.json"))).toBe(false);
        return { synth: () => ({ directory: "/elsewhere" }) };
      },
      root,
      { name: "shop" },
    );
    expect(made).toBe("/elsewhere");
  });

  it("says what it threw", async () => {
    const app = () => {
      throw new Error("no such table");
    };
    await expect(synthesizeApp(app, root, {})).rejects.toMatchObject({
      code: "LOCAL_SYNTH_FAILED",
      message: expect.stringContaining("no such table"),
    });
  });
});

describe("the stack of an assembly", () => {
  it("is the only one, or the one that is named, by its name or its id", () => {
    expect(readAssembly(assembly({ Orders: "orders-live" }))).toMatchObject({ stackName: "orders-live" });
  });

  it("is named where there are several", () => {
    const folder = assembly({ Orders: "orders-live", Trial: "trial" });
    for (const name of ["Orders", "orders-live"])
      expect(readAssembly(folder, name)).toMatchObject({ stackName: "orders-live" });
    expect(() => readAssembly(folder)).toThrow(/has the stacks orders-live, trial, expected one/);
    expect(() => readAssembly(folder, "Slips")).toThrow(/has the stacks orders-live, trial, expected Slips/);
  });

  it("is not there when the app synthesized nothing", () => {
    expect(() => readAssembly(root)).toThrow(/The app synthesized nothing/);
  });
});
