/** Stacks of a cloud assembly that hold a pipeline, and whether each is to be protected from deletion. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DELETION_PROTECTION } from "../../core/settings/names.ts";

export interface DeployedStack {
  readonly name: string;
  /** @default where the environment says */
  readonly region: string | undefined;
  readonly isProtected: boolean;
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly properties?: { readonly templateFile: string; readonly stackName?: string };
}

interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly Protect?: boolean };
}

const DEFAULT_ASSEMBLY = "cdk.out";

/** Where `cdk deploy` leaves the assembly with these arguments, or takes it from. */
export function assemblyOf(args: readonly string[]): string {
  const app = optionOf(args, "--app", "-a");
  if (app !== undefined && existsSync(app) && statSync(app).isDirectory()) return app;
  return optionOf(args, "--output", "-o") ?? DEFAULT_ASSEMBLY;
}

/** Nothing is deployed then, whatever assembly is there from before. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.some((arg) => ["--help", "-h", "--version"].includes(arg));
}

export function optionOf(args: readonly string[], long: string, short?: string): string | undefined {
  const joined = args.find((arg) => arg.startsWith(`${long}=`));
  if (joined !== undefined) return joined.slice(long.length + 1);
  const at = args.findIndex((arg) => arg === long || arg === short);
  return at === -1 ? undefined : args[at + 1];
}

/** @returns none where there is no assembly: the app did not synthesize */
export function deployedStacks(assembly: string): readonly DeployedStack[] {
  const manifest = join(assembly, "manifest.json");
  if (!existsSync(manifest)) return [];
  const { artifacts = {} } = readJson(manifest) as { readonly artifacts?: Readonly<Record<string, Artifact>> };
  return Object.entries(artifacts).flatMap(([id, { type, environment = "", properties }]) => {
    if (type !== "aws:cloudformation:stack" || properties === undefined) return [];
    const template = readJson(join(assembly, properties.templateFile)) as {
      readonly Resources?: Readonly<Record<string, Resource>>;
    };
    const guards = Object.values(template.Resources ?? {}).filter(({ Type }) => Type === DELETION_PROTECTION);
    if (guards.length === 0) return [];
    const isProtected = guards.some(({ Properties }) => Properties?.Protect === true);
    return [{ name: properties.stackName ?? id, region: regionOf(environment), isProtected }];
  });
}

/** @param environment `aws://<account>/<region>` */
function regionOf(environment: string): string | undefined {
  const region = environment.split("/").at(-1) ?? "";
  return region === "" || region === "unknown-region" ? undefined : region;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
