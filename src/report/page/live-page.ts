/** What a live page knows before it is told anything. */
export interface LivePage {
  /** Name of the run's folder. */
  readonly name: string;
  readonly version: string;
}
