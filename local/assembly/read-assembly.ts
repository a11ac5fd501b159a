/**
 * Reads a cloud assembly as `cdk deploy` does: the manifest names the stack's template, the assets file names the
 * folders that hold the bundles of functions and containers.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { LocalError } from "../local-error.ts";
import type { Template } from "./template.ts";

export interface Assembly {
  readonly stackName: string;
  readonly template: Template;
  /** Folder of the file asset that is deployed under this key. */
  fileAsset(objectKey: string): string;
  /** Folder that the image of this name is built from; undefined for an image that is not built here. */
  imageAsset(imageName: string): string | undefined;
}

interface Manifest {
  readonly artifacts: Readonly<
    Record<
      string,
      { readonly type: string; readonly properties?: { readonly templateFile?: string; readonly stackName?: string } }
    >
  >;
}

interface Assets {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
  readonly dockerImages?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly directory: string };
        readonly destinations: Readonly<Record<string, { readonly imageTag: string }>>;
      }
    >
  >;
}

/**
 * @param stackName of the stack, or its id in the app. @default the only one
 * @throws LocalError LOCAL_TEMPLATE_UNSUPPORTED where it is not there, or another one could be meant
 */
export function readAssembly(directory: string, stackName?: string): Assembly {
  const manifestFile = join(directory, "manifest.json");
  if (!existsSync(manifestFile))
    throw new LocalError("LOCAL_SYNTH_FAILED", `The app synthesized nothing: there is no ${manifestFile}.`);
  const { artifacts } = readJson(manifestFile) as Manifest;
  const stacks = Object.entries(artifacts).filter(([, { type }]) => type === "aws:cloudformation:stack");
  const wanted = stacks.filter(
    ([id, { properties }]) => stackName === undefined || id === stackName || properties?.stackName === stackName,
  );
  const [stack] = wanted;
  const templateFile = stack?.[1].properties?.templateFile;
  if (wanted.length !== 1 || stack === undefined || templateFile === undefined) {
    const names = stacks.map(([id, { properties }]) => properties?.stackName ?? id).join(", ");
    throw new LocalError(
      "LOCAL_TEMPLATE_UNSUPPORTED",
      `The assembly in ${directory} has the stacks ${names || "(none)"}, expected ${stackName ?? "one"}; name ` +
        "the one that is meant with the option `stack`.",
    );
  }
  const assetsFile = join(directory, templateFile.replace(/template\.json$/, "assets.json"));
  const { files = {}, dockerImages = {} } = existsSync(assetsFile) ? (readJson(assetsFile) as Assets) : {};
  return {
    stackName: stack[1].properties?.stackName ?? stack[0],
    template: readJson(join(directory, templateFile)) as Template,
    fileAsset(objectKey) {
      const asset = Object.values(files).find(({ destinations }) =>
        Object.values(destinations).some((destination) => destination.objectKey === objectKey),
      );
      if (asset === undefined)
        throw new LocalError(
          "LOCAL_TEMPLATE_UNSUPPORTED",
          `The template names the asset ${objectKey}, which is not in the assembly.`,
        );
      return resolve(directory, asset.source.path);
    },
    imageAsset(imageName) {
      const asset = Object.values(dockerImages).find(({ destinations }) =>
        Object.values(destinations).some(({ imageTag }) => imageName.endsWith(`:${imageTag}`)),
      );
      return asset === undefined ? undefined : resolve(directory, asset.source.directory);
    },
  };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
