import type { RequestOutput, ToolCall } from '../../contract/output.ts';

/** Assembles the tool calls of streams that open a call under an index and then send its arguments piece by piece. */
export class OpenToolCalls {
  readonly #calls = new WeakMap<RequestOutput, Map<number, ToolCall>>();

  open(output: RequestOutput, index: number, call: ToolCall): void {
    output.toolCalls.push(call);
    const calls = this.#calls.get(output) ?? new Map<number, ToolCall>();
    this.#calls.set(output, calls.set(index, call));
  }

  /** Adds to a call's arguments. A call that was never opened gets no name, but is not lost. */
  extend(output: RequestOutput, index: number, piece: string): void {
    if (this.at(output, index) === undefined) this.open(output, index, { name: '', arguments: '' });
    this.at(output, index)!.arguments += piece;
  }

  at(output: RequestOutput, index: number): ToolCall | undefined {
    return this.#calls.get(output)?.get(index);
  }
}
