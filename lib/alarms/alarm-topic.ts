/**
 * A topic that alarms are sent to. It is encrypted with a key of our own that CloudWatch may use: with the default key
 * CloudWatch would drop every message in silence.
 */
import { ArnFormat, Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { StageProps } from "../stack/stage.ts";

export interface AlarmTopicProps extends Pick<StageProps, "keys"> {
  readonly displayName: string;
}

export class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string, { displayName, keys }: AlarmTopicProps) {
    super(scope, id, { displayName, masterKey: keys.operations, enforceSSL: true });
    this.#admitAlarms();
  }

  /**
   * Said outright: the topic's policy of its own, which demands TLS, takes the place of the default that would let
   * alarms in.
   */
  #admitAlarms(): void {
    const alarms = Stack.of(this).formatArn({
      service: "cloudwatch",
      resource: "alarm",
      resourceName: "*",
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [this.topicArn],
        conditions: { ArnLike: { "aws:SourceArn": alarms } },
      }),
    );
  }
}
