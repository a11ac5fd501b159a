/**
 * All tests of the template in one file for jest: each file of its own would load aws-cdk-lib anew, at seconds apiece.
 */
import "./stack/alarm-topics.ts";
import "./stack/alarms.ts";
import "./stack/audit.ts";
import "./stack/aws-solutions.ts";
import "./stack/canary.ts";
import "./stack/composite-alarms.ts";
import "./stack/confirmation-queues.ts";
import "./stack/confirmation-worker.ts";
import "./stack/log-queries.ts";
import "./stack/merchant-insights.ts";
import "./stack/dashboard.ts";
import "./stack/network.ts";
import "./stack/permissions.ts";
import "./stack/pipeline-functions.ts";
import "./stack/program-environment.ts";
import "./stack/published-keys.ts";
import "./stack/published-metrics.ts";
import "./stack/reference-merchant.ts";
import "./stack/release-due.ts";
import "./stack/runbook.ts";
import "./stack/sampling-rules.ts";
import "./stack/stateful-resources.ts";
import "./stack/stream-transactions.ts";
import "./stack/transactions-table.ts";
import "./stack/worker-bundle.ts";
import "./stack/worker-scaling.ts";
