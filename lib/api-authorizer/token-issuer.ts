/**
 * The issuer of access tokens, where a user pool of Cognito is to be it: the pool itself, which holds no people; the
 * API's scopes; where tokens are given out; and one client, a program that submits transactions. A client for any other
 * program has a secret and scopes of its own, and is added beside it: docs/operating/access.md says how. Where there is
 * the console, its client is here too: people sign in by it, whom somebody has added to the pool.
 */
import { Duration, Lazy, Stack, Validations } from "aws-cdk-lib";
import {
  FeaturePlan,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  UserPool,
  type UserPoolClient,
  UserPoolClientIdentityProvider,
  type UserPoolDomain,
  type UserPoolResourceServer,
} from "aws-cdk-lib/aws-cognito";
import { Construct } from "constructs";
import { type Scope, SCOPES } from "../../core/access/scopes.ts";
import { COGNITO_RESOURCE_SERVER } from "../../core/settings/groups/api.ts";
import { hasConsole } from "../../core/settings/groups/console.ts";
import { fittedName, physicalName } from "../../core/settings/physical-names.ts";
import { SIGNED_IN_PATH, SIGNED_OUT_PATH } from "../console/console-policy.ts";
import { durable } from "../stack/removal-policy.ts";
import type { StageProps } from "../stack/stage.ts";

const CLIENT_SCOPES: ReadonlySet<Scope> = new Set(["transactions:read", "transactions:write"]);
/** As the issuer's keys may be taken back at any time, and a token may not. */
const TOKENS_HOLD = Duration.hours(1);
/** The shortest that Cognito allows: the console forgets the refresh token that it gets. */
const REFRESH_HOLDS = Duration.hours(1);
const POOL_NAME = "confirmations";
/** Of a domain's prefix without the account in it (Cognito API reference, `CreateUserPoolDomain`). */
const LONGEST_PREFIX = 50;

export class TokenIssuer extends Construct {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  /** Undefined where there is no console, or a client of the settings is its. */
  readonly consoleClientId: string | undefined;
  /** Of its metadata and of its token endpoint. */
  readonly origins: readonly string[];
  #consoleUrl: string | undefined;

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
      reason: hasConsole(settings)
        ? "Whoever signs in was added by somebody, with a second factor beside the password. The plus plan is " +
          "against guessing, and is paid by the person."
        : "Nobody signs in: the pool gives tokens to programs, which have secrets and no passwords to guess. The " +
          "plus plan is against guessing.",
    });
    const server = this.#resourceServer(pool);
    const domain = this.#domain(pool, fittedName(settings, POOL_NAME, LONGEST_PREFIX));
    const client = this.#client(pool, server);
    this.issuer = pool.userPoolProviderUrl;
    this.tokenEndpoint = `${domain.baseUrl()}/oauth2/token`;
    this.clientId = client.userPoolClientId;
    const isConsoleOurs = hasConsole(settings) && settings.console.clientId === undefined;
    this.consoleClientId = isConsoleOurs ? this.#consoleClient(pool, server).userPoolClientId : undefined;
    const { region, urlSuffix } = Stack.of(this);
    this.origins = [`https://cognito-idp.${region}.${urlSuffix}`, domain.baseUrl()];
  }

  /** @param url of the console, which is made after what its policy names. Without a slash at the end */
  returnTo(url: string): void {
    this.#consoleUrl = url;
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

  /** Public, as whatever is in a browser is: Cognito holds it to the challenge of PKCE that its request brings. */
  #consoleClient(pool: UserPool, server: UserPoolResourceServer): UserPoolClient {
    const scopes = scopesOf(() => true).map((scope) => OAuthScope.resourceServer(server, scope));
    const client = pool.addClient("Console", {
      generateSecret: false,
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, ...scopes],
        callbackUrls: [this.#consolePage(SIGNED_IN_PATH)],
        logoutUrls: [this.#consolePage(SIGNED_OUT_PATH)],
      },
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      preventUserExistenceErrors: true,
      accessTokenValidity: TOKENS_HOLD,
      idTokenValidity: TOKENS_HOLD,
      refreshTokenValidity: REFRESH_HOLDS,
    });
    client.node.addDependency(server);
    return client;
  }

  #consolePage(path: string): string {
    return Lazy.string({
      produce: () => {
        if (this.#consoleUrl === undefined) throw new Error("The console has a client and no address.");
        return this.#consoleUrl + path;
      },
    });
  }
}

function scopesOf(isWanted: (scope: Scope) => boolean): ResourceServerScope[] {
  return (Object.keys(SCOPES) as Scope[])
    .filter(isWanted)
    .map((scopeName) => new ResourceServerScope({ scopeName, scopeDescription: SCOPES[scopeName] }));
}
