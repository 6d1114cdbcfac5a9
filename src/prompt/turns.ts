/** A dialogue of several turns (AISBench §4.2, §4.4): what is sent at each turn, given what was said before it. */
import type { Row } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { PromptType } from '../contract/prompt-list.ts';
import { mapTexts, type Section } from './dialogue.ts';
import { renderExamples } from './examples.ts';
import { type ModelRoles, readMetaTemplate } from './meta-template.ts';
import { placesOf, readTemplate, type Template, templateError } from './read-template.ts';
import { formPrompt } from './render.ts';
import {
  fillSections,
  makeRequestTemplate,
  type RequestTemplate,
  requestTemplateCfg,
} from './request-template.ts';
import type { DialogueItem, InferCfg, ReaderCfg } from './types.ts';

export interface Dialogue {
  /** The dataset's own answers, one a turn; '' where it has none. */
  readonly answers: readonly string[];
  /** What is sent at turn `turn`, from 0: the dialogue so far, in which the model said `said` at the turns before. */
  promptAt(turn: number, said: readonly string[]): PromptType;
}

export interface DialogueRenderer {
  /** Turns of a row. Throws DSET-DATA-002 when its columns are not lists of one length. */
  turnsOf(row: Row): number;
  /** Throws ICLR-TYPE-001 for a column that the row lacks, DSET-DATA-002 as `turnsOf`. */
  render(row: Row): Dialogue;
}

/**
 * Checks the configs. Two forms: a `MultiTurnPromptTemplate`, whose round is repeated for each element of the row's list
 * columns, and a `PromptTemplate` whose round alternates between HUMAN and BOT. A turn is requested wherever generation starts
 * (BOT, unless the meta template says otherwise). Throws as `promptRenderer` does.
 */
export function dialogueRenderer(
  inferCfg: InferCfg,
  readerCfg: ReaderCfg,
  metaTemplate: unknown,
  train: readonly Row[],
): DialogueRenderer {
  const roles = readMetaTemplate(metaTemplate);
  const { cfg, where } = requestTemplateCfg(inferCfg);
  const template = readTemplate(cfg, where, ['MultiTurnPromptTemplate', 'PromptTemplate']);
  const examples = renderExamples(inferCfg, readerCfg, train);
  const { output_column: output } = readerCfg;
  const prepared = makeRequestTemplate(template, { readerCfg, roles, examples, blank: output });
  const { before, round } = splitAtRound(prepared, template);
  const perRound = countTurns(round, roles, template);
  const pairsOf =
    cfg.type === 'MultiTurnPromptTemplate' ? listSplitter(placesOf(template), output) : (row: Row) => [row];
  return {
    turnsOf: (row) => pairsOf(row).length * perRound,
    render: (row) => {
      prepared.check(row);
      const fill = (items: readonly DialogueItem[], from: Row) =>
        fillRound(items, from, { prepared, roles, output });
      const items = pairsOf(row).flatMap((pair) => fill(round, pair));
      const start = fillSections(before, (text) => prepared.fill(text, row, output));
      return dialogueOf(start, items, roles);
    },
  };
}

/** The text before the round, and the round; the text after it is never sent. */
function splitAtRound({ body }: RequestTemplate, { where }: Template) {
  if (typeof body === 'string') throw noTurns('it is one text', where);
  const at = body.findIndex(({ name }) => name === 'round');
  return { before: body.slice(0, at), round: body[at]?.items ?? [] };
}

function countTurns(round: readonly DialogueItem[], roles: ModelRoles, { where }: Template): number {
  const isTurn = round.map((item) => generates(item, roles));
  const turns = isTurn.filter(Boolean).length;
  if (turns === 0) throw noTurns('nobody answers in its round', where);
  if (isTurn.at(-1) !== true) throw noTurns('its round does not end with an answer', where);
  if (isTurn.some((one, i) => one && (i === 0 || isTurn[i - 1] === true))) {
    throw noTurns('an answer has no question before it', where);
  }
  return turns;
}

function noTurns(why: string, where: string): AisBenchError {
  return templateError(
    `a dialogue of turns is asked for, but ${why}`,
    where,
    "write round: [{ role: 'HUMAN', prompt: '{question}' }, { role: 'BOT', prompt: '{answer}' }], alternating",
  );
}

function generates(item: DialogueItem, roles: ModelRoles): boolean {
  return typeof item !== 'string' && roles.startsGeneration(item);
}

interface Filling {
  readonly prepared: RequestTemplate;
  readonly roles: ModelRoles;
  readonly output: string | null | undefined;
}

/** The answer's column is filled in where the answer is, and blank elsewhere or when the row has none. */
function fillRound(
  items: readonly DialogueItem[],
  row: Row,
  { prepared, roles, output }: Filling,
): DialogueItem[] {
  const hasAnswer = typeof output === 'string' && row[output] !== undefined && row[output] !== null;
  return items.flatMap((item) => {
    const blank = hasAnswer && generates(item, roles) ? undefined : output;
    return mapTexts([item], (text) => prepared.fill(text, row, blank));
  });
}

function dialogueOf(before: readonly Section[], items: readonly DialogueItem[], roles: ModelRoles): Dialogue {
  const turnAt = items.flatMap((item, position) => (generates(item, roles) ? [position] : []));
  const withAnswers = (upTo: number, said: readonly string[]) =>
    items.slice(0, upTo + 1).map((item, position) => {
      const turn = turnAt.indexOf(position);
      return turn === -1 || typeof item === 'string' ? item : { ...item, prompt: said[turn] ?? '' };
    });
  return {
    answers: turnAt.map((position) => textIn(items[position]!)),
    promptAt: (turn, said) =>
      formPrompt([...before, { name: 'round', items: withAnswers(turnAt[turn]!, said) }], roles),
  };
}

function textIn(item: DialogueItem): string {
  return typeof item === 'string' ? item : item.prompt;
}

/** Cuts a row into one row a turn: lists give an element each, everything else stays. */
function listSplitter(places: readonly string[], output: string | null | undefined): (row: Row) => Row[] {
  const columns = [...new Set(typeof output === 'string' ? [...places, output] : places)];
  return (row) => {
    const lists = columns.filter((name) => Array.isArray(row[name]));
    const lengths = new Set(lists.map((name) => (row[name] as unknown[]).length));
    const [length = 0] = lengths;
    if (lengths.size !== 1 || length === 0) throw badLists(row, columns, lists);
    return Array.from({ length }, (_, turn) => ({
      ...row,
      ...Object.fromEntries(lists.map((name) => [name, (row[name] as unknown[])[turn]])),
    }));
  };
}

function badLists(row: Row, columns: readonly string[], lists: readonly string[]): AisBenchError {
  const lengths = lists.map((name) => `${name} has ${(row[name] as unknown[]).length}`).join(', ');
  const why = lists.length === 0 ? `none of ${columns.join(', ')} is a list` : `elements: ${lengths}`;
  return new AisBenchError('DSET-DATA-002', `a row is no dialogue of turns: ${why}`, {
    where: JSON.stringify(row).slice(0, 200),
    cure: 'give question and answer as lists of one length, an element a turn',
  });
}
