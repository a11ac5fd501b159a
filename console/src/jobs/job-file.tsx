/** The file of a job: what an export wrote, or the rows that an import rejected. Its address holds for some minutes. */
import type { ReactNode } from "react";
import { useMutation } from "@tanstack/react-query";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { useTexts } from "../texts/texts.tsx";
import type { ShownJob } from "./shown-job.ts";

export interface JobFileProps {
  readonly jobId: string;
  readonly file: NonNullable<ShownJob["file"]>;
}

export function JobFile({ jobId, file }: JobFileProps): ReactNode {
  const { jobs } = useTexts();
  const says = jobs.files[file];
  const { api } = useSession();
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: (): Promise<{ readonly url: string }> => {
      const params = { path: { jobId } };
      return file === "exported"
        ? api.ask((client) => client.GET("/v1/exports/{jobId}/file", { params }))
        : api.ask((client) => client.GET("/v1/imports/{jobId}/rejected", { params }));
    },
  });
  return (
    <Container
      header={
        <Header variant="h2" description={says.does}>
          {says.title}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <Button loading={isPending} onClick={() => mutate()}>
          {jobs.files.ask}
        </Button>
        {data !== undefined && (
          <div role="status">
            <Link href={data.url} external>
              {jobs.files.get}
            </Link>
          </div>
        )}
        {error !== null && <Failure error={error} />}
      </SpaceBetween>
    </Container>
  );
}
