/**
 * What a service of this machine answers instead of doing what it was asked: an error of AWS's, under AWS's own name.
 */
import { PipelineError } from "../core/errors/pipeline-error.ts";

export class AwsRefusal extends PipelineError {
  override readonly name = "AwsRefusal";
  readonly code = "LOCAL_AWS_REFUSED";
  /** As in `ResourceNotFoundException`. */
  readonly awsCode: string;

  constructor(awsCode: string, message: string) {
    super(message);
    this.awsCode = awsCode;
  }
}
