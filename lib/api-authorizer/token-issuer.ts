/**
 * The issuer of access tokens, where a user pool of Cognito is to be it: the pool itself, which holds no people; the
 * API's scopes; where tokens are given out; and one client, a program that submits transactions. A client for anyone
 * else has a secret and scopes of its own, and is added beside it: docs/operating/access.md says how.
 */
import { Duration, Stack, Validations } from "aws-cdk-lib";
import {
  FeaturePlan,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  UserPool,
  type UserPoolClient,
  type UserPoolDomain,
  type UserPoolResourceServer,
} from "aws-cdk-lib/aws-cognito";
import { Construct } from "constructs";
import { type Scope, SCOPES } from "../../core/access/scopes.ts";
import { COGNITO_RESOURCE_SERVER } from "../../core/settings/groups/api.ts";
import { fittedName, physicalName } from "../../core/settings/physical-names.ts";
import { durable } from "../stack/removal-policy.ts";
import type { StageProps } from "../stack/stage.ts";

const CLIENT_SCOPES: ReadonlySet<Scope> = new Set(["transactions:read", "transactions:write"]);
/** As the issuer's keys may be taken back at any time, and a token may not. */
const TOKENS_HOLD = Duration.hours(1);
const POOL_NAME = "confirmations";
/** Of a domain's prefix without the account in it (Cognito API reference, `CreateUserPoolDomain`). */
const LONGEST_PREFIX = 50;

export class TokenIssuer extends Construct {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  /** Of its metadata and of its token endpoint. */
  readonly origins: readonly string[];

  constructor(scope: Construct, id: string, { settings }: StageProps) {
    super(scope, id);
    const pool = new UserPool(this, "Pool", {
      userPoolName: physicalName(settings, POOL_NAME),
      selfSignUpEnabled: false,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 16,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
      },
      // What lets a trigger add a claim to a program's token, such as the one that narrows it to a merchant.
      featurePlan: FeaturePlan.ESSENTIALS,
      removalPolicy: durable(settings),
    });
    Validations.of(pool).acknowledge({
      id: "AwsSolutions-COG8",
      reason:
        "Nobody signs in: the pool gives tokens to programs, which have secrets and no passwords to guess. The " +
        "plus plan is against guessing.",
    });
    const server = this.#resourceServer(pool);
    const domain = this.#domain(pool, fittedName(settings, POOL_NAME, LONGEST_PREFIX));
    const client = this.#client(pool, server);
    this.issuer = pool.userPoolProviderUrl;
    this.tokenEndpoint = `${domain.baseUrl()}/oauth2/token`;
    this.clientId = client.userPoolClientId;
    const { region, urlSuffix } = Stack.of(this);
    this.origins = [`https://cognito-idp.${region}.${urlSuffix}`, domain.baseUrl()];
  }

  #resourceServer(pool: UserPool): UserPoolResourceServer {
    return pool.addResourceServer("Api", {
      identifier: COGNITO_RESOURCE_SERVER,
      scopes: scopesOf(() => true),
    });
  }

  /** Names of domains are shared by all accounts of a region. */
  #domain(pool: UserPool, prefix: string): UserPoolDomain {
    return pool.addDomain("Domain", { cognitoDomain: { domainPrefix: `${prefix}-${Stack.of(this).account}` } });
  }

  #client(pool: UserPool, server: UserPoolResourceServer): UserPoolClient {
    const scopes = scopesOf((scope) => CLIENT_SCOPES.has(scope)).map((scope) =>
      OAuthScope.resourceServer(server, scope),
    );
    return pool.addClient("Producer", {
      generateSecret: true,
      oAuth: { flows: { clientCredentials: true }, scopes },
      accessTokenValidity: TOKENS_HOLD,
    });
  }
}

function scopesOf(isWanted: (scope: Scope) => boolean): ResourceServerScope[] {
  return (Object.keys(SCOPES) as Scope[])
    .filter(isWanted)
    .map((scopeName) => new ResourceServerScope({ scopeName, scopeDescription: SCOPES[scopeName] }));
}
