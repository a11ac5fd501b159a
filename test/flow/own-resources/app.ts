/**
 * A stack of an app's own: the pipeline, and resources beside it, each wired as a template can. It has no outputs, and
 * functions whose names end as the pipeline's do. Argument: the directory of the assembly, then the settings as JSON.
 */
import { join } from "node:path";
import { App, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { LambdaIntegration, RestApi } from "aws-cdk-lib/aws-apigateway";
import { AttributeType, type ITable, StreamViewType, Table } from "aws-cdk-lib/aws-dynamodb";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Code, Function, Runtime, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { NodejsFunction } from "aws-cdk-lib/aws-lambda-nodejs";
import { DynamoEventSource, S3EventSourceV2, SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Bucket, EventType, type IBucket } from "aws-cdk-lib/aws-s3";
import { SubscriptionFilter, Topic } from "aws-cdk-lib/aws-sns";
import { LambdaSubscription, SqsSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Queue } from "aws-cdk-lib/aws-sqs";
import type { SettingsInput } from "../../../core/settings/settings.ts";
import { ConfirmationPipeline } from "../../../lib/confirmation-pipeline.ts";
import { bundlePrograms } from "../../../lib/program/bundle.ts";

const [outdir = "", settings = "{}"] = process.argv.slice(2);
const app = new App({ outdir });
const stack = new Stack(app, "Orders");
const pipeline = new ConfirmationPipeline(stack, "Confirmations", {
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
placed.addSubscription(new LambdaSubscription(note("hear-placed")));
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
    environment: {
      NOTES_FILE: join(outdir, "..", "notes.jsonl"),
      TRANSACTIONS_TABLE: pipeline.transactionsTable.tableName,
    },
    timeout: Duration.seconds(30),
  });
}

note("large-confirmation-transactions").addEventSource(new SqsEventSource(large));
note("orders-stream-transactions").addEventSource(
  new DynamoEventSource(orders as ITable, { startingPosition: StartingPosition.LATEST }),
);
note("read-slips").addEventSource(new S3EventSourceV2(slips as IBucket, { events: [EventType.OBJECT_CREATED] }));

// Its API is beside the pipeline's, with a stage of the same name, and its bundle has no AWS SDK in it.
const api = new RestApi(stack, "OrdersApi", { restApiName: "orders" });
const place = new NodejsFunction(stack, "Place", {
  runtime: Runtime.NODEJS_24_X,
  entry: join(import.meta.dirname, "functions/place.ts"),
  environment: { ORDERS_TABLE: orders.tableName },
  timeout: Duration.seconds(30),
});
orders.grantWriteData(place);
api.root.addResource("orders").addResource("{id}").addMethod("PUT", new LambdaIntegration(place));
const daily = new Rule(stack, "Daily", { schedule: Schedule.rate(Duration.days(1)) });
daily.addTarget(new LambdaFunction(note("close-day")));
app.synth();
