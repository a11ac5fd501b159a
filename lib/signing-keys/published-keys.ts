/**
 * `GET /merchants/{merchantId}/jwks.json`, answered by `signing-keys`: the public keys that a merchant verifies `v1a`
 * signatures with, so that a rotation reaches it by itself. The function may read one merchant and the master keys, and
 * write nothing.
 */
import { Duration, Validations } from "aws-cdk-lib";
import { LambdaIntegration } from "aws-cdk-lib/aws-apigateway";
import { Construct } from "constructs";
import { signingKeysEnvironment } from "../../lambdas/signing-keys/environment.ts";
import type { MerchantsTable } from "../merchants/merchants-table.ts";
import { PipelineFunction } from "../program/pipeline-function.ts";
import type { PublicApi } from "../public-api/public-api.ts";
import type { SigningKeys } from "./signing-keys.ts";
import type { StageProps } from "../stack/stage.ts";

const PATH = "/merchants/{merchantId}/jwks.json";
const TIMEOUT = Duration.seconds(10);

/** Anyone may ask, so this route gets a small share of the API's rate. */
export const KEY_ROUTE_LIMITS = {
  [`${PATH}/GET`]: { throttlingRateLimit: 100, throttlingBurstLimit: 200 },
} as const;

export interface PublishedKeysProps extends StageProps {
  readonly publicApi: PublicApi;
  readonly merchants: MerchantsTable;
  readonly signingKeys: SigningKeys;
}

export class PublishedKeys extends Construct {
  /** With `{merchantId}` in it. */
  readonly keySetUrl: string;

  constructor(scope: Construct, id: string, props: PublishedKeysProps) {
    super(scope, id);
    const { merchants, signingKeys, keys, publicApi } = props;
    const publisher = new PipelineFunction(this, "Function", {
      ...props,
      program: "signingKeys",
      description: "Gives out the public signing keys of a merchant",
      timeout: TIMEOUT,
      environment: signingKeysEnvironment.write({
        merchantsTable: merchants.table.tableName,
        masterKeysSecretArn: signingKeys.masterKeys.secretArn,
      }),
    });
    publisher.allow(["dynamodb:GetItem"], [merchants.table.tableArn]);
    publisher.allow(["secretsmanager:GetSecretValue"], [signingKeys.masterKeys.secretArn]);
    keys.grantUse(publisher);

    const method = publicApi.api.root
      .resourceForPath(PATH)
      .addMethod("GET", new LambdaIntegration(publisher, { allowTestInvoke: false }));
    this.keySetUrl = publicApi.api.urlForPath(PATH);
    const isPublic = "Public keys are for everyone; the method gives out nothing else and has a rate limit of its own.";
    Validations.of(method).acknowledge(
      { id: "AwsSolutions-APIG4", reason: isPublic },
      { id: "AwsSolutions-COG4", reason: isPublic },
    );
  }
}
