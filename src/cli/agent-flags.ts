export type { AgentsFlags } from './args/agent-flags.ts';
