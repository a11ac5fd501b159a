/** Resource types that cost nothing while nothing happens, each with why. What is in no list is refused. */
const PER_REQUEST = "paid by the request";
const NOTHING = "AWS charges nothing for it";
const WITH_ITS_WRITER = "paid by what is written, which is counted with who writes it";

const FREE_TYPES: Readonly<Record<string, string>> = {
  "AWS::ApiGateway::Account": NOTHING,
  "AWS::ApiGateway::Authorizer": "paid by the run of its function",
  "AWS::ApiGateway::Deployment": NOTHING,
  "AWS::ApiGateway::GatewayResponse": NOTHING,
  "AWS::ApiGateway::Method": PER_REQUEST,
  "AWS::ApiGateway::Model": NOTHING,
  "AWS::ApiGateway::RequestValidator": NOTHING,
  "AWS::ApiGateway::Resource": NOTHING,
  "AWS::ApiGateway::RestApi": PER_REQUEST,
  "AWS::ApiGateway::Stage": "paid by the request; it has no cache",
  "AWS::ApplicationAutoScaling::ScalableTarget": NOTHING,
  "AWS::CDK::Metadata": NOTHING,
  "AWS::CloudFront::Distribution": "paid by the request and the byte; a million requests a month are free",
  "AWS::CloudFront::Function": "paid by the run; two million a month are free",
  "AWS::CloudFront::OriginAccessControl": NOTHING,
  "AWS::CloudFront::ResponseHeadersPolicy": NOTHING,
  "AWS::Cognito::UserPool": "paid by the person who signs in; 10,000 a month are free",
  "AWS::Cognito::UserPoolDomain": NOTHING,
  "AWS::Cognito::UserPoolResourceServer": NOTHING,
  "AWS::EC2::EIP": "counted with the NAT gateway that holds it",
  "AWS::EC2::InternetGateway": "paid by the byte",
  "AWS::EC2::NetworkAcl": NOTHING,
  "AWS::EC2::NetworkAclEntry": NOTHING,
  "AWS::EC2::Route": NOTHING,
  "AWS::EC2::RouteTable": NOTHING,
  "AWS::EC2::SecurityGroup": NOTHING,
  "AWS::EC2::SecurityGroupEgress": NOTHING,
  "AWS::EC2::SecurityGroupIngress": NOTHING,
  "AWS::EC2::Subnet": NOTHING,
  "AWS::EC2::SubnetNetworkAclAssociation": NOTHING,
  "AWS::EC2::SubnetRouteTableAssociation": NOTHING,
  "AWS::EC2::VPC": NOTHING,
  "AWS::EC2::VPCGatewayAttachment": NOTHING,
  "AWS::ECS::TaskDefinition": "counted with the service that runs it",
  "AWS::IAM::ManagedPolicy": NOTHING,
  "AWS::IAM::Policy": NOTHING,
  "AWS::IAM::Role": NOTHING,
  "AWS::KMS::Alias": NOTHING,
  "AWS::Lambda::EventInvokeConfig": NOTHING,
  "AWS::Lambda::Function": "paid by the run, which is counted with the schedule or mapping that makes it",
  "AWS::Lambda::LayerVersion": NOTHING,
  "AWS::Lambda::Permission": NOTHING,
  "AWS::Lambda::Version": NOTHING,
  "AWS::Logs::LogGroup": WITH_ITS_WRITER,
  "AWS::Logs::QueryDefinition": "paid by what a query reads",
  "AWS::S3::Bucket": WITH_ITS_WRITER,
  "AWS::S3::BucketPolicy": NOTHING,
  "AWS::SES::ConfigurationSet": "paid by the mail",
  "AWS::SES::ConfigurationSetEventDestination": "paid by what is published",
  "AWS::SMSVOICE::ConfigurationSet": NOTHING,
  "AWS::SNS::Subscription": "paid by what is sent",
  "AWS::SNS::Topic": "paid by what is sent",
  "AWS::SNS::TopicPolicy": NOTHING,
  "AWS::SQS::Queue": "paid by the request, which is counted with who polls it",
  "AWS::SQS::QueuePolicy": NOTHING,
  "AWS::WAFv2::WebACLAssociation": NOTHING,
  "AWS::XRay::SamplingRule": "paid by the trace, which is counted with what runs",
};

/** A custom resource, whatever it is called, is a run of a function when the stack is deployed. */
const CUSTOM = /^(?:Custom::|AWS::CloudFormation::CustomResource$)/;

/** @returns why it costs nothing; undefined for what may cost something */
export function freeFor(type: string): string | undefined {
  return CUSTOM.test(type) ? "runs when the stack is deployed" : FREE_TYPES[type];
}
