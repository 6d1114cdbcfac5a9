/**
 * The predictions file: a line for each question, each turn of a dialogue (they share their uuid) and each choice between
 * labels, with AISBench's fields (§7.2: data_abbr, id, success, uuid, origin_prompt, prediction, gold, turn_id; a choice has
 * `details.ppl_list`), then ours. AISBench joins reasoning and answer with `</think>` into `prediction`; so do we, and
 * keep both apart beside it.
 */
import { AisBenchError } from './errors.ts';
import type { Transcript } from './record.ts';

export function encodeTranscript(transcript: Transcript): string {
  const { call, prompt, content, reasoningContent, gold, ...rest } = transcript;
  return JSON.stringify({
    data_abbr: call.dataset,
    id: call.index,
    success: transcript.success,
    uuid: call.id,
    origin_prompt: prompt,
    prediction: predictionOf(content, reasoningContent),
    gold,
    source: rest.source,
    model: call.model,
    repetition: call.repetition,
    turn_id: call.turn,
    turns: call.turns,
    content,
    reasoning_content: reasoningContent,
    tool_calls: rest.toolCalls,
    finish_reason: rest.finishReason,
    failure: rest.failure,
    details: rest.details,
  });
}

export function decodeTranscript(line: string, where: string): Transcript {
  try {
    const data = JSON.parse(line);
    if (typeof data.uuid !== 'string' || typeof data.content !== 'string') {
      throw new TypeError('it has no uuid or no content');
    }
    return {
      call: {
        id: data.uuid,
        model: data.model,
        dataset: data.data_abbr,
        index: data.id,
        repetition: data.repetition,
        ...(data.turn_id === undefined ? {} : { turn: data.turn_id }),
        ...(data.turns === undefined ? {} : { turns: data.turns }),
      },
      success: data.success,
      prompt: data.origin_prompt,
      content: data.content,
      reasoningContent: data.reasoning_content,
      toolCalls: data.tool_calls,
      finishReason: data.finish_reason,
      gold: data.gold,
      ...(data.source === undefined ? {} : { source: data.source }),
      failure: data.failure,
      details: data.details,
    };
  } catch (cause) {
    throw new AisBenchError('RUN-DATA-001', 'this line is not a prediction', {
      where,
      cure: 'use the version of the tool that wrote it, or take the line out',
      cause,
    });
  }
}

function predictionOf(content: string, reasoning: string): string {
  if (reasoning === '') return content;
  return content === '' ? reasoning : `${reasoning}</think>${content}`;
}
