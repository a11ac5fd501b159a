/**
 * The variables of a function together may have 4 KB (Lambda Developer Guide, "Lambda quotas"). What the settings list
 * may be more: it is refused before anything is deployed, as CloudFormation would only say so half-way through.
 */
import { type IResolvable, type IResolveContext, Reference, Token, Tokenization } from "aws-cdk-lib";
import { CfnRestApi } from "aws-cdk-lib/aws-apigateway";
import { CfnNatGateway } from "aws-cdk-lib/aws-ec2";
import { SettingsError } from "../../core/settings/settings.ts";

export const MOST_ENVIRONMENT_BYTES = 4096;
/** What a name has that only a deployment knows: a URL of a queue, a name of a table, rarely an ARN of a secret. */
const UNKNOWN_BYTES = 80;
/** Ids that AWS makes, all of one length. */
const NAT_GATEWAY_ID_BYTES = "nat-0123456789abcdef0".length;
const REST_API_ID_BYTES = "a1b2c3d4e5".length;
const UNKNOWN = /\$\{Token\[[^\]]*\]\}/g;
const MOST_NAMED = 3;
const LISTED = /_ARNS$|^SMS_COUNTRIES$|^CAMPAIGNS$/;

export interface MadeLastProps {
  readonly variable: string;
  /** What is kept free for it; more is refused at synthesis. */
  readonly mostBytes: number;
  readonly produce: () => string;
}

/** The value of a variable that is known when all of the stack is made. */
export class MadeLast implements IResolvable {
  readonly creationStack: string[] = [];
  readonly mostBytes: number;
  readonly #props: MadeLastProps;

  constructor(props: MadeLastProps) {
    this.mostBytes = props.mostBytes;
    this.#props = props;
  }

  /** @throws SettingsError for more than was kept free */
  resolve(_context: IResolveContext): string {
    const { variable, mostBytes, produce } = this.#props;
    const text = produce();
    const bytes = bytesOf(text);
    if (bytes <= mostBytes) return text;
    throw new SettingsError(
      `${variable}, which tells the API of the stack, has about ${bytes} bytes, expected ${mostBytes} at most: give ` +
        "the setting `name` less letters.",
    );
  }

  toString(): string {
    return Token.asString(this);
  }
}

/** @throws SettingsError that says how large it is, of what, and what to do */
export function checkEnvironmentSize(service: string, environment: Readonly<Record<string, string>>): void {
  const sizes = Object.entries(environment)
    .map(([name, value]) => ({ name, bytes: name.length + bytesOf(value) }))
    .toSorted((one, other) => other.bytes - one.bytes);
  const bytes = sizes.reduce((sum, one) => sum + one.bytes, 0);
  if (bytes <= MOST_ENVIRONMENT_BYTES) return;
  const largest = sizes.slice(0, MOST_NAMED).map((one) => `${one.name} ${one.bytes}`);
  const isListed = sizes.slice(0, MOST_NAMED).some(({ name }) => LISTED.test(name));
  throw new SettingsError(
    `The environment of ${service} would have about ${bytes} bytes, expected at most ${MOST_ENVIRONMENT_BYTES}, ` +
      `which is what Lambda takes. The largest of it, in bytes: ${largest.join(", ")}. ` +
      (isListed
        ? "List less in channels.queueArns, channels.topicArns, channels.eventBusArns, channels.sms.countries and " +
          "campaigns, or give what is listed shorter names."
        : "Give it a shorter name in the settings."),
  );
}

function bytesOf(value: string): number {
  const known = Buffer.byteLength(value.replaceAll(UNKNOWN, ""));
  return Tokenization.reverseString(value).tokens.reduce((sum, token) => sum + unknownBytes(token), known);
}

function unknownBytes(token: IResolvable): number {
  if (token instanceof MadeLast) return token.mostBytes;
  const target = Reference.isReference(token) ? token.target : undefined;
  if (target instanceof CfnNatGateway) return NAT_GATEWAY_ID_BYTES;
  return target instanceof CfnRestApi ? REST_API_ID_BYTES : UNKNOWN_BYTES;
}
