/**
 * What the stack on this machine needs of packages beside the CDK, looked for before anything of it is loaded: an app
 * that only deploys does without them, so they are optional peers of the package.
 */
import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { LocalError } from "./local-error.ts";

interface Manifest {
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** @throws LocalError LOCAL_PACKAGES_MISSING that has the command which installs them */
export function requirePackages(): void {
  const missing = Object.entries(optionalPeers()).filter(([name]) => !isInstalled(name));
  if (missing.length === 0) return;
  // The versions that it is tested with, which no shell reads otherwise.
  const wanted = missing.map(([name, range]) => `${name}@${range.replace("^", "")}`).join(" ");
  throw new LocalError(
    "LOCAL_PACKAGES_MISSING",
    `The stack on this machine needs packages that are not installed: ${missing.map(([name]) => name).join(", ")}. ` +
      `Install them where the app is:\n  npm install --save-dev ${wanted}`,
  );
}

function optionalPeers(): Readonly<Record<string, string>> {
  const file = findPackageJSON("..", import.meta.url);
  const { peerDependencies = {}, peerDependenciesMeta = {} } = JSON.parse(readFileSync(file ?? "", "utf8")) as Manifest;
  return Object.fromEntries(
    Object.entries(peerDependencies).filter(([name]) => peerDependenciesMeta[name]?.optional === true),
  );
}

function isInstalled(name: string): boolean {
  try {
    return findPackageJSON(name, import.meta.url) !== undefined;
  } catch {
    return false;
  }
}
