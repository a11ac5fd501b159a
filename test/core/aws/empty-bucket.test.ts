import { DeleteObjectsCommand, ListObjectVersionsCommand, NoSuchBucket, S3Client } from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { emptyBucket } from "../../../core/aws/empty-bucket.ts";

const faked = mockClient(S3Client);
const client = new S3Client({ region: "eu-west-1" });
beforeEach(() => {
  faked.reset();
});

describe("a bucket", () => {
  it("is emptied page by page, of versions and of markers of deletions", async () => {
    faked
      .on(ListObjectVersionsCommand)
      .resolvesOnce({ Versions: [{ Key: "a", VersionId: "1" }], DeleteMarkers: [{ Key: "b", VersionId: "2" }] })
      .resolvesOnce({ Versions: [{ Key: "c", VersionId: "null" }] })
      .resolves({});
    faked.on(DeleteObjectsCommand).resolves({});
    await emptyBucket(client, "manifests");
    expect(faked.commandCalls(DeleteObjectsCommand).map(({ args }) => args[0].input.Delete?.Objects)).toEqual([
      [
        { Key: "a", VersionId: "1" },
        { Key: "b", VersionId: "2" },
      ],
      [{ Key: "c", VersionId: "null" }],
    ]);
  });

  it("that is gone is empty", async () => {
    faked.on(ListObjectVersionsCommand).rejects(new NoSuchBucket({ message: "no bucket", $metadata: {} }));
    await expect(emptyBucket(client, "manifests")).resolves.toBeUndefined();
  });

  it("that keeps an object is not looked at for ever", async () => {
    faked.on(ListObjectVersionsCommand).resolves({ Versions: [{ Key: "a", VersionId: "1" }] });
    faked.on(DeleteObjectsCommand).resolves({ Errors: [{ Key: "a", Code: "AccessDenied", Message: "locked" }] });
    await expect(emptyBucket(client, "manifests")).rejects.toThrow("manifests keeps a: AccessDenied: locked");
  });
});
