/**
 * Takes the manifests of a merchant's day, all revisions with their lines, from the bucket of the running stack to a
 * directory.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { boundedClient } from "../core/aws/bounded-client.ts";
import { COMMAND_LIMITS } from "../core/aws/call-limits.ts";
import { manifestKey } from "../core/aws/manifest-bucket.ts";
import { LocalError } from "./local-error.ts";
import { CREDENTIALS, REGION } from "./machine.ts";
import type { StackFile } from "./stack-file.ts";

/** @returns the manifests' files, oldest revision first. @throws LocalError LOCAL_OPTION_INVALID when there is none */
export async function getManifests(
  { environment, outputs }: StackFile,
  merchantId: string,
  day: string,
  directory: string,
): Promise<string[]> {
  const client = boundedClient(S3Client, COMMAND_LIMITS, {
    region: REGION,
    credentials: CREDENTIALS,
    endpoint: environment["AWS_ENDPOINT_URL_S3"] ?? "",
    forcePathStyle: true,
  });
  const Bucket = outputs["ManifestsBucketName"];
  const written: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client },
    { Bucket, Prefix: manifestKey(merchantId, day, "") },
  )) {
    for (const { Key = "" } of Contents) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      mkdirSync(directory, { recursive: true });
      const file = join(directory, basename(Key));
      writeFileSync(file, (await Body?.transformToByteArray()) ?? "");
      written.push(file);
    }
  }
  const manifests = written.filter((file) => basename(file).startsWith("manifest-"));
  if (manifests.length > 0) return manifests.toSorted((one, other) => revisionOf(one) - revisionOf(other));
  throw new LocalError(
    "LOCAL_OPTION_INVALID",
    `There is no manifest of ${merchantId} for ${day}. Invoke audit-transactions with ` +
      `{"audit":"manifests","day":"${day}"} to have it written.`,
  );
}

function revisionOf(file: string): number {
  return Number(/manifest-(\d+)/.exec(basename(file))?.[1] ?? 0);
}
