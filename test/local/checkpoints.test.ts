import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { openCheckpoints } from "../../local/stream/checkpoints.ts";
import { readyShards } from "../../local/stream/start-mapping.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const directory = temporaryDirectory();

describe("checkpoints of a stream", () => {
  it("are there again after a restart", () => {
    const file = join(directory, "kept", "checkpoints.json");
    const before = openCheckpoints(file, "stream-1");
    before.set("shard-1", { kind: "finished" });
    before.set("shard-2", { kind: "after", sequenceNumber: "17" });
    before.close();
    const after = openCheckpoints(file, "stream-1");
    expect(after.of("shard-1")).toEqual({ kind: "finished" });
    expect(after.of("shard-2")).toEqual({ kind: "after", sequenceNumber: "17" });
    expect(after.of("shard-3")).toBeUndefined();
    after.close();
  });

  it("do not count for another stream", () => {
    const file = join(directory, "other.json");
    const before = openCheckpoints(file, "stream-1");
    before.set("shard-1", { kind: "after", sequenceNumber: "17" });
    before.close();
    const after = openCheckpoints(file, "stream-2");
    expect(after.of("shard-1")).toBeUndefined();
    after.close();
  });

  it("forget shards that the stream has no more", () => {
    const checkpoints = openCheckpoints(undefined, "stream-1");
    checkpoints.set("gone", { kind: "finished" });
    checkpoints.set("there", { kind: "finished" });
    checkpoints.keepOnly(new Set(["there"]));
    expect([checkpoints.of("gone"), checkpoints.of("there")]).toEqual([undefined, { kind: "finished" }]);
    checkpoints.close();
    expect(existsSync(join(directory, "undefined"))).toBe(false);
  });
});

describe("the shards to be read", () => {
  const shards = [{ ShardId: "a" }, { ShardId: "b", ParentShardId: "a" }, { ShardId: "c", ParentShardId: "forgotten" }];

  it("children wait for their parent, unless the stream has forgotten it", () => {
    expect(readyShards(shards, () => false)).toEqual(["a", "c"]);
  });

  it("a finished shard is not read again and frees its children", () => {
    expect(readyShards(shards, (shardId) => shardId === "a")).toEqual(["b", "c"]);
  });
});
