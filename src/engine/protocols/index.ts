import type { Route } from '../exchange.ts';
import type { ServiceMetrics } from '../metrics.ts';
import { PROTOCOL_NAMES, type ProtocolName } from '../protocol-names.ts';
import type { Engine } from '../types.ts';
import { anthropic } from './anthropic.ts';
import { mindieGenerate, vitaGenerate } from './mindie-generate.ts';
import { mindieInfer } from './mindie-infer.ts';
import { models } from './models.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiCompletions } from './openai-completions.ts';
import { responses } from './responses.ts';
import { tgi } from './tgi.ts';
import { triton } from './triton.ts';
import { vllmGenerate } from './vllm-generate.ts';
import { vllmMetrics } from './vllm-metrics.ts';

type Protocol = (engine: Engine, metrics: ServiceMetrics) => readonly Route[];

/** In the order in which protocols that share a path are asked whether a body is for them. */
const PROTOCOLS: Readonly<Record<ProtocolName, Protocol>> = {
  openai: (engine) => [...openaiChat(engine), ...openaiCompletions(engine)],
  responses,
  anthropic,
  triton,
  tgi,
  vllm: vllmGenerate,
  vita: vitaGenerate,
  // MindIE has forms of others too; they come to light where those others are not spoken.
  mindie: (engine) => [...mindieInfer(engine), ...mindieGenerate(engine), ...tgi(engine), ...triton(engine)],
  metrics: vllmMetrics,
};

/** The routes of these protocols, and those that every client asks first. */
export function routesOf(
  names: readonly ProtocolName[],
  engine: Engine,
  metrics: ServiceMetrics,
): readonly Route[] {
  const chosen = PROTOCOL_NAMES.filter((name) => names.includes(name));
  return [...models(engine), ...chosen.flatMap((name) => PROTOCOLS[name](engine, metrics))];
}
