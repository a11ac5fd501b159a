/** All tests of the template in one file for jest: each file of its own would load aws-cdk-lib anew, at seconds apiece. */
import "./stack/alarms.ts";
import "./stack/audit.ts";
import "./stack/aws-solutions.ts";
import "./stack/confirmation-queues.ts";
import "./stack/confirmation-worker.ts";
import "./stack/network.ts";
import "./stack/permissions.ts";
import "./stack/pipeline-functions.ts";
import "./stack/program-environment.ts";
import "./stack/published-keys.ts";
import "./stack/reference-merchant.ts";
import "./stack/release-due.ts";
import "./stack/stateful-resources.ts";
import "./stack/stream-transactions.ts";
import "./stack/transactions-table.ts";
import "./stack/worker-bundle.ts";
import "./stack/worker-scaling.ts";
