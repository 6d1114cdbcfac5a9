import { type Finding, note, wrong } from './finding.ts';
import { leavesOf } from './leaves.ts';
import type { Observation } from './observe.ts';

/** Whether the two ways to ask agree; both must have worked. */
export function compare(text: Observation, stream: Observation): Finding[] {
  if (text.attempt.failure !== undefined || stream.attempt.failure !== undefined) return [];
  return [...compareAnswers(text, stream), ...compareCounts(text, stream)];
}

function compareAnswers(text: Observation, stream: Observation): Finding[] {
  const [whole, streamed] = [text.attempt.output.content, stream.attempt.output.content];
  if (whole === streamed) return [];
  const differ = `text and stream answer differently: ${quote(whole)} and ${quote(streamed)}`;
  const temperature = temperatureOf(stream);
  if (temperature === 0) return [wrong(`${differ}, at temperature 0`)];
  const setting = temperature === undefined ? 'without a temperature' : `at temperature ${temperature}`;
  const cure = '--set models.0.generation_kwargs.temperature=0';
  return [note(`${differ}; ${setting} that may be chance: check again with ${cure}`)];
}

function compareCounts(text: Observation, stream: Observation): Finding[] {
  const [whole, streamed] = [text.attempt.output.inputTokens, stream.attempt.output.inputTokens];
  if (whole === streamed || whole === undefined || streamed === undefined) return [];
  return [wrong(`text and stream count the same prompt as ${whole} and ${streamed} tokens`)];
}

function temperatureOf({ request }: Observation): string | number | undefined {
  const leaves = leavesOf(JSON.parse(request?.body ?? 'null'));
  return leaves.find(({ path }) => /(^|\.)temperature$/.test(path))?.value;
}

function quote(text: string): string {
  return JSON.stringify(text.length <= 60 ? text : `${text.slice(0, 59)}…`);
}
