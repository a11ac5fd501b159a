/**
 * The pipeline's stack with resources of an app's own beside it, each wired as a template can. Argument: the directory
 * of the assembly, then the settings as JSON.
 */
import { join } from "node:path";
import { App, Duration, RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, type ITable, StreamViewType, Table } from "aws-cdk-lib/aws-dynamodb";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Code, Function, Runtime, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { DynamoEventSource, S3EventSourceV2, SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Bucket, EventType, type IBucket } from "aws-cdk-lib/aws-s3";
import { SubscriptionFilter, Topic } from "aws-cdk-lib/aws-sns";
import { SqsSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Queue } from "aws-cdk-lib/aws-sqs";
import type { SettingsInput } from "../../../core/settings/settings.ts";
import { ConfirmationPipelineStack } from "../../../lib/confirmation-pipeline-stack.ts";
import { bundlePrograms } from "../../../lib/program/bundle.ts";

const [outdir = "", settings = "{}"] = process.argv.slice(2);
const app = new App({ outdir });
const stack = new ConfirmationPipelineStack(app, "Orders", {
  settings: JSON.parse(settings) as SettingsInput,
  bundles: bundlePrograms().bundles,
});

const placed = new Topic(stack, "Placed");
const large = new Queue(stack, "Large");
placed.addSubscription(
  new SqsSubscription(large, {
    rawMessageDelivery: true,
    filterPolicy: { size: SubscriptionFilter.stringFilter({ allowlist: ["large"] }) },
  }),
);
const orders = new Table(stack, "OrdersTable", {
  partitionKey: { name: "id", type: AttributeType.STRING },
  stream: StreamViewType.NEW_IMAGE,
  removalPolicy: RemovalPolicy.DESTROY,
});
const slips = new Bucket(stack, "Slips", { removalPolicy: RemovalPolicy.DESTROY });

/** Each writes what it got to a line of the file. */
function note(id: string): Function {
  return new Function(stack, id, {
    functionName: id,
    runtime: Runtime.NODEJS_24_X,
    handler: "index.handler",
    code: Code.fromAsset(join(import.meta.dirname, "functions")),
    environment: { NOTES_FILE: join(outdir, "..", "notes.jsonl") },
    timeout: Duration.seconds(30),
  });
}

note("read-large").addEventSource(new SqsEventSource(large));
note("read-orders").addEventSource(
  new DynamoEventSource(orders as ITable, { startingPosition: StartingPosition.LATEST }),
);
note("read-slips").addEventSource(new S3EventSourceV2(slips as IBucket, { events: [EventType.OBJECT_CREATED] }));
const daily = new Rule(stack, "Daily", { schedule: Schedule.rate(Duration.days(1)) });
daily.addTarget(new LambdaFunction(note("close-day")));
app.synth();
