/**
 * All tests of the template in one file for jest: each file of its own would load aws-cdk-lib anew, at seconds apiece.
 */
import "./alarms/alarm-topics.ts";
import "./alarms/alarms.ts";
import "./alarms/small-account-alarms.ts";
import "./audit-log/audit-log-table.ts";
import "./audit-transactions/audit-transactions.ts";
import "./stack/aws-solutions.ts";
import "./canary/canary.ts";
import "./confirmations-api/before-the-api.ts";
import "./confirmations-api/confirmations-api.ts";
import "./confirmations-api/problem-responses.ts";
import "./alarms/composite-alarms.ts";
import "./confirmation-queues/confirmation-queues.ts";
import "./confirmation-transactions/confirmation-transactions.ts";
import "./confirmation-worker/confirmation-worker.ts";
import "./logs/log-queries.ts";
import "./merchants/merchant-insights.ts";
import "./merchants/merchants-table.ts";
import "./dashboard/dashboard.ts";
import "./network/network.ts";
import "./program/permissions.ts";
import "./program/pipeline-functions.ts";
import "./program/program-environment.ts";
import "./signing-keys/published-keys.ts";
import "./alarms/published-metrics.ts";
import "./deployment-guard/deployment-guard.ts";
import "./confirmation-webhook/reference-merchant.ts";
import "./release-due/release-due.ts";
import "./alarms/runbook.ts";
import "./program/sampling-rules.ts";
import "./stack/physical-names.ts";
import "./stack/stateful-resources.ts";
import "./stream-transactions/stream-transactions.ts";
import "./transactions/transactions-table.ts";
import "./confirmation-worker/worker-bundle.ts";
import "./confirmation-worker/worker-scaling.ts";
