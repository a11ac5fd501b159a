/**
 * The console in an account: its files in a bucket that CloudFront alone reads, and the API at the same address, so
 * that a browser has one origin to ask. There where it has a client at the issuer; at rest it costs nothing.
 */
import { Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as ViewerFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin, S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { Bucket, BucketEncryption, type IBucket } from "aws-cdk-lib/aws-s3";
import { BucketDeployment, CacheControl, Source } from "aws-cdk-lib/aws-s3-deployment";
import { Construct } from "constructs";
import type { ConfirmationsApi } from "../confirmations-api/confirmations-api.ts";
import { PipelineLogs } from "../logs/logs.ts";
import type { PublicApi } from "../public-api/public-api.ts";
import { privateBucket } from "../stack/private-bucket.ts";
import type { StageProps } from "../stack/stage.ts";
import { acknowledgeDeployment } from "./acknowledge-deployment.ts";
import { CONFIG_FILE, consoleConfig } from "./console-config.ts";
import { ASSETS_FOLDER, CACHE_CONTROL, contentSecurityPolicy, PERMISSIONS_POLICY } from "./console-policy.ts";

/** As the API asks for it: 24 months. */
const HSTS_KEPT = Duration.days(730);
/**
 * Statuses of errors that CloudFront keeps for ten seconds unless told otherwise, also where nothing else is kept, and
 * by their path alone: what one reader is refused would be refused to all (CloudFront Developer Guide, "How CloudFront
 * caches HTTP 4xx and 5xx status codes from your origin").
 */
const KEPT_ERRORS = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504];
/** API Gateway responds within 29. */
const API_TIMEOUT = Duration.seconds(30);
const MEMORY_MIB = 512;
/**
 * Does for CloudFront what `isPage` does on a machine: a page's path is `index.html`. Its error pages would do so too,
 * but for the whole distribution, in the place of the API's refusals.
 */
const PAGES_CODE = `function handler(event) {
  var request = event.request;
  var parts = request.uri.split("/");
  var isPage = parts[1] !== "assets" && (parts.length > 2 || parts[1].indexOf(".") === -1);
  if (isPage) request.uri = "/index.html";
  return request;
}
`;

export interface ConsoleProps extends StageProps {
  readonly publicApi: PublicApi;
  readonly api: ConfirmationsApi;
  /** Folder of the built files. */
  readonly files: string;
  /** Of the console at the issuer. */
  readonly clientId: string;
}

export class Console extends Construct {
  readonly distribution: Distribution;
  /** Without a slash at the end. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: ConsoleProps) {
    super(scope, id);
    const bucket = this.#bucket(props);
    this.distribution = this.#distribution(props, bucket);
    this.url = `https://${props.settings.console.domainName ?? this.distribution.distributionDomainName}`;
    props.api.tokenIssuer?.returnTo(this.url);
    this.#deployFiles(props, bucket);
  }

  /** Whoever has the console's address has its files: they hold nothing of anybody's. */
  #bucket(props: ConsoleProps): IBucket {
    const { encryptionKey: _key, bucketKeyEnabled: _isKeyKept, ...shared } = privateBucket(props);
    const bucket = new Bucket(this, "Files", {
      ...shared,
      encryption: BucketEncryption.S3_MANAGED,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(bucket).acknowledge({
      id: "AwsSolutions-S1",
      reason: "It holds the same files for everyone, which CloudFront alone reads; who reads them says nothing.",
    });
    return bucket as IBucket;
  }

  #distribution({ settings, publicApi, api }: ConsoleProps, bucket: IBucket): Distribution {
    const { domainName, certificateArn, connectTo } = settings.console;
    const issuers = [...issuerOrigins(api), ...connectTo];
    const common = { viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS, compress: true } as const;
    const distribution = new Distribution(this, "Distribution", {
      comment: "Console of the confirmation pipeline",
      defaultBehavior: {
        ...common,
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: this.#headers(issuers),
        functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: this.#pages() }],
      },
      additionalBehaviors: {
        "/v1/*": {
          ...common,
          viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
          origin: new HttpOrigin(`${publicApi.api.restApiId}.execute-api.${hostOfRegion(this)}`, {
            originPath: `/${publicApi.stageName}`,
            protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
            originSslProtocols: [OriginSslPolicy.TLS_V1_2],
            readTimeout: API_TIMEOUT,
          }),
          allowedMethods: AllowedMethods.ALLOW_ALL,
          cachePolicy: CachePolicy.CACHING_DISABLED,
          // Without a cache it passes `Authorization` on (AWS Knowledge Center, "cloudfront-authorization-header").
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        },
      },
      errorResponses: KEPT_ERRORS.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      ...(domainName !== undefined &&
        certificateArn !== undefined && {
          domainNames: [domainName],
          certificate: Certificate.fromCertificateArn(this, "Certificate", certificateArn),
          minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
        }),
    });
    this.#acknowledge(distribution, certificateArn !== undefined);
    return distribution;
  }

  #headers(issuers: readonly string[]): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, "Headers", {
      comment: "What a browser may do with the console's files",
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(issuers), override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: { accessControlMaxAge: HSTS_KEPT, includeSubdomains: true, override: true },
      },
      customHeadersBehavior: {
        customHeaders: Object.entries({
          "permissions-policy": PERMISSIONS_POLICY,
          "cross-origin-opener-policy": "same-origin",
          "cross-origin-resource-policy": "same-origin",
        }).map(([header, value]) => ({ header, value, override: true })),
      },
    });
  }

  #pages(): ViewerFunction {
    return new ViewerFunction(this, "Pages", {
      comment: "Every page of the console is index.html",
      code: FunctionCode.fromInline(PAGES_CODE),
      runtime: FunctionRuntime.JS_2_0,
    });
  }

  /** Files that others name come first. None is taken away, as a page that is open goes on with those that it knows. */
  #deployFiles({ settings, keys, api, files, clientId }: ConsoleProps, destinationBucket: IBucket): void {
    const logGroup = new PipelineLogs(this, "DeploymentLogs", {
      settings,
      keys,
      logGroupName: "/confirmation-pipeline/console-files",
    });
    const shared = { destinationBucket, logGroup, memoryLimit: MEMORY_MIB, prune: false, retainOnDelete: false };
    const assets = new BucketDeployment(this, "Assets", {
      ...shared,
      sources: [Source.asset(files)],
      exclude: ["*"],
      include: [`${ASSETS_FOLDER}/*`],
      cacheControl: [CacheControl.fromString(CACHE_CONTROL.assets)],
    });
    const pages = new BucketDeployment(this, "Index", {
      ...shared,
      sources: [Source.asset(files), Source.jsonData(CONFIG_FILE, consoleConfig(settings, api.issuer, clientId))],
      exclude: [`${ASSETS_FOLDER}/*`],
      cacheControl: [CacheControl.fromString(CACHE_CONTROL.others)],
      distribution: this.distribution,
      distributionPaths: ["/index.html", `/${CONFIG_FILE}`],
    });
    pages.node.addDependency(assets);
    acknowledgeDeployment(this, destinationBucket);
  }

  #acknowledge(distribution: Distribution, hasCertificate: boolean): void {
    Validations.of(distribution).acknowledge(
      {
        id: "AwsSolutions-CFR1",
        reason: "Who looks from where is for the issuer to decide, which knows who it is; the files hold nothing.",
      },
      {
        id: "AwsSolutions-CFR2",
        reason: "The files are static; a web ACL before the API is a setting, as it is paid by the month.",
      },
      {
        id: "AwsSolutions-CFR3",
        reason: "Requests to the API are in its own access log, and the files are the same for everyone.",
      },
      ...(hasCertificate
        ? []
        : [
            {
              id: "AwsSolutions-CFR4",
              reason:
                "CloudFront's own certificate allows no other policy; a domain of one's own, a setting, has TLS 1.2.",
            },
          ]),
    );
  }
}

/** A user pool has its metadata in one place and gives out tokens in another. */
function issuerOrigins({ issuer, tokenIssuer }: ConfirmationsApi): readonly string[] {
  return tokenIssuer?.origins ?? [new URL(issuer).origin];
}

function hostOfRegion(scope: Construct): string {
  const { region, urlSuffix } = Stack.of(scope);
  return `${region}.${urlSuffix}`;
}
