import { afterAll, expect, it } from "@jest/globals";
import { clientsFor } from "../../local/aws-clients.ts";
import { MappingSwitch } from "../../local/control/mapping-switch.ts";
import { mappingDefinition } from "../../local/stream/mapping-definition.ts";
import { startMapping } from "../../local/stream/start-mapping.ts";
import { neverCalled } from "../support/strict-fake.ts";

/** Nobody listens there. */
const NOWHERE = "http://127.0.0.1:9";
const clients = clientsFor({ dynamodb: NOWHERE, sqs: NOWHERE, sqsOfWorker: NOWHERE, s3: NOWHERE });
afterAll(() => clients.destroy());

it("starts the mappings of several streams, which have one client", async () => {
  const running = ["Transactions", "AuditLog"].map((table) =>
    startMapping({
      mapping: mappingDefinition({
        logicalId: table,
        type: "AWS::Lambda::EventSourceMapping",
        properties: {
          EventSourceArn: `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/1`,
          FunctionName: table,
          StartingPosition: "TRIM_HORIZON",
        },
      }),
      clients,
      invoke: async () => neverCalled("invoke")(),
      observe: () => neverCalled("observe")(),
      onFailure: () => undefined,
      isOn: new MappingSwitch(true),
    }),
  );
  expect(running.map((mapping) => mapping.backlog())).toEqual([0, 0]);
  await Promise.all(running.map((mapping) => mapping.stop()));
});
