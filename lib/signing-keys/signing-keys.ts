/**
 * The master keys that every merchant's signing secret is derived from: a JSON object, key version to key material. Its
 * first version is generated with the stack and never leaves Secrets Manager but into the programs that sign or verify.
 */
import { Validations } from "aws-cdk-lib";
import { type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { type StageProps } from "../stack/stage.ts";
import { durable } from "../stack/removal-policy.ts";

const FIRST_KEY_VERSION = "1";
const KEY_CHARACTERS = 64;

export class SigningKeys extends Construct {
  readonly masterKeys: ISecret;

  constructor(scope: Construct, id: string, { settings, keys }: StageProps) {
    super(scope, id);
    this.masterKeys = new Secret(this, "MasterKeys", {
      description:
        "Master keys of the confirmation signatures, by key version. Add versions, never change or remove one in use.",
      encryptionKey: keys.data,
      generateSecretString: {
        secretStringTemplate: "{}",
        generateStringKey: FIRST_KEY_VERSION,
        passwordLength: KEY_CHARACTERS,
        excludePunctuation: true,
      },
      removalPolicy: durable(settings),
    }) as ISecret;
    Validations.of(this.masterKeys).acknowledge({
      id: "AwsSolutions-SMG4",
      reason:
        "A rotation that replaces the key would break the signatures of every merchant at once. Keys are " +
        "rotated by adding a version, which merchants move to one by one.",
    });
  }
}
