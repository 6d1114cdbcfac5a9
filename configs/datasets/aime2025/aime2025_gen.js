// The same as aime2025_gen_0_shot_chat_prompt.
// AISBench's third config of the year, aime2025_gen_0_shot_llmjudge, has a model judge: it is not shipped.
export { aime2025_datasets } from './aime2025_gen_0_shot_chat_prompt.js';
