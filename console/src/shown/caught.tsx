/** What a page threw, or that its file could not be loaded, is shown in its place; the frame around it stays. */
import { Component, type ReactNode } from "react";
import { Failure } from "./failure.tsx";
import { loadFailedAgain } from "./loadable.tsx";

interface State {
  readonly error: Error | undefined;
}

export class Caught extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    const again = () => {
      loadFailedAgain();
      this.setState({ error: undefined });
    };
    return <Failure error={error} again={again} />;
  }
}
