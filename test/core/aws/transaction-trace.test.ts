import { describe, expect, it } from "@jest/globals";
import emitter from "aws-xray-sdk-core/dist/lib/segment_emitter.js";
import { TraceSender } from "../../../core/aws/transaction-trace.ts";
import { beginHop } from "../../../core/telemetry/trace-hop.ts";
import { newRoot } from "../../../core/telemetry/trace.ts";
import { startTraceCollector } from "../../../local/tracing/trace-collector.ts";
import { readTraceFile } from "../../../local/tracing/trace-file.ts";
import { textIn } from "../../../local/tracing/document-faults.ts";
import { temporaryDirectory } from "../../local/temporary-directory.ts";
import { waitFor } from "../../flow/wait-for.ts";

const directory = temporaryDirectory();
const warnings: string[] = [];

describe("a hop that is sent to the daemon", () => {
  it("is a segment as X-Ray takes it, with its steps in it, however long its ids are", async () => {
    const log = (line: string): void => void warnings.push(line);
    const collector = await startTraceCollector({ stateDirectory: directory, now: Date.now, log });
    emitter.setDaemonAddress(collector.address);
    const sender = new TraceSender();
    const at = Date.now();
    const root = newRoot(at);
    const hop = beginHop(
      sender,
      { root, parent: "53995c3f42cd8ad8", isSampled: true },
      "confirmation-worker",
      "AWS::ECS::Container",
    );
    hop.end({
      startedAt: at,
      endedAt: at + 5,
      flags: ["error"],
      annotations: { transaction: "é".repeat(1024), attempt: 1 },
      metadata: { version: 1 },
      steps: [
        {
          name: "webhook",
          namespace: "remote",
          startedAt: at + 1,
          endedAt: at,
          http: { response: { status: 503 } },
          flags: ["fault"],
        },
      ],
    });
    await sender.flush();
    const kept = await waitFor("the document is kept", () => readTraceFile(directory)[0]);
    await collector.stop();

    expect(hop.header).toBe(`Root=${root};Parent=${textIn(kept.document ?? {}, "id")};Sampled=1`);
    expect(warnings).toEqual([]);
    // `aws` and `service` are what X-Ray's SDK says of itself, if anything in this process has loaded all of it.
    const { aws: _, service: __, ...document } = kept.document ?? {};
    expect({ ...kept, document }).toEqual({
      faults: [],
      document: {
        name: "confirmation-worker",
        trace_id: root,
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        parent_id: "53995c3f42cd8ad8",
        origin: "AWS::ECS::Container",
        start_time: at / 1000,
        end_time: (at + 5) / 1000,
        error: true,
        annotations: { transaction: "é".repeat(1000), attempt: 1 },
        metadata: { default: { version: 1 } },
        subsegments: [
          {
            name: "webhook",
            id: expect.stringMatching(/^[0-9a-f]{16}$/),
            namespace: "remote",
            start_time: (at + 1) / 1000,
            end_time: (at + 1) / 1000,
            fault: true,
            http: { response: { status: 503 } },
          },
        ],
      },
    });
  });

  it("is lost without a word where no daemon listens", async () => {
    const sender = new TraceSender();
    const hop = beginHop(sender, { root: newRoot(Date.now()), isSampled: true }, "release-due");
    hop.end({ startedAt: 1, endedAt: 2, annotations: {}, metadata: {}, steps: [] });
    await expect(sender.flush()).resolves.toBeUndefined();
  });
});
