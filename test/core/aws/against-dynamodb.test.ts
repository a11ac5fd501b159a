/** Everything that only DynamoDB itself can say, against one instance of DynamoDB Local. */
import { afterAll, beforeAll } from "@jest/globals";
import { type DynamoDbLocal, startDynamoDbLocal } from "../../support/dynamodb-local.ts";
import { describeAcknowledgement } from "./against-dynamodb/acknowledgement.ts";
import { describeAudit } from "./against-dynamodb/audit.ts";
import { describeCopies } from "./against-dynamodb/copies.ts";
import { describeErasure } from "./against-dynamodb/erasure.ts";
import { describeJobs } from "./against-dynamodb/jobs.ts";
import { describeMerchantHealthTable } from "./against-dynamodb/merchant-health.ts";
import { describeMemoryTable } from "./against-dynamodb/memory-table.ts";
import { describePathWrites } from "./against-dynamodb/path-writes.ts";
import { describeRedelivery } from "./against-dynamodb/redelivery.ts";
import { describeRepairWrites } from "./against-dynamodb/repair-writes.ts";
import { describeSharedReading } from "./against-dynamodb/shared-reading.ts";

let dynamodb: DynamoDbLocal;
beforeAll(async () => {
  dynamodb = await startDynamoDbLocal();
});
afterAll(() => dynamodb.stop());

describeMemoryTable(() => dynamodb);
describeMerchantHealthTable(() => dynamodb);
describePathWrites(() => dynamodb);
describeRepairWrites(() => dynamodb);
describeRedelivery(() => dynamodb);
describeAcknowledgement(() => dynamodb);
describeErasure(() => dynamodb);
describeAudit(() => dynamodb);
describeJobs(() => dynamodb);
describeCopies(() => dynamodb);
describeSharedReading(() => dynamodb);
