/**
 * How a row becomes a prompt: the parts of a dataset config and of a model config that say so, with AISBench's field
 * names (§3.3, §4.1–4.3). They come from users' files, so `promptRenderer` checks their shapes.
 */
import type { ContentPart } from '../contract/prompt-list.ts';

/** Kinds of segment that a row's `content` has (AISBench §4.2). */
export type MediaKind = 'text' | 'image' | 'video' | 'audio';

/**
 * What `prompt_mm` holds: a part template for each kind of segment of the row's `content`, or (ours) a list of part
 * templates that the row's columns fill, in order.
 */
export type MediaTemplate = Readonly<Partial<Record<MediaKind, ContentPart>>> | readonly ContentPart[];

/** One message of a dialogue template. */
export interface RoleItem {
  /** `HUMAN`, `BOT`, `SYSTEM`, `TOOL`, or a role of the meta template's or the service's own. */
  readonly role: string;
  /** Text with `{column}` places; '' where the message has parts. */
  readonly prompt: string;
  /** The template of its parts (`prompt_mm` in configs). */
  readonly media?: MediaTemplate;
  /** Its parts, filled in. */
  readonly parts?: readonly ContentPart[];
  /** Role to speak as where the meta template does not know `role`. */
  readonly fallback_role?: string;
}

/** A message, a text that belongs to no role, or the `ice_token` alone, which the worked examples replace. */
export type DialogueItem = string | RoleItem;

export interface DialogueTemplate {
  readonly begin?: DialogueItem | readonly DialogueItem[];
  readonly round: readonly DialogueItem[];
  readonly end?: DialogueItem | readonly DialogueItem[];
}

export interface PromptTemplateCfg {
  /**
   * `PromptTemplate`, `MultiTurnPromptTemplate` for a row with lists of questions and answers, or `MMPromptTemplate` for
   * messages with images, video or audio.
   */
  readonly type?: unknown;
  /** `string | DialogueTemplate`, or a table of label → such a template. */
  readonly template?: unknown;
  /** Marks where the worked examples go, such as `</E>`. */
  readonly ice_token?: unknown;
  /** Taken out of the text. */
  readonly sep_token?: unknown;
}

export interface RetrieverCfg {
  /** `ZeroRetriever` or `FixKRetriever`. */
  readonly type: string;
  /** `FixKRetriever`: rows of the train split, counted from 0, in the order in which they are shown. */
  readonly fix_id_list?: unknown;
  /** Between worked examples of a string template, a newline by default. */
  readonly ice_separator?: unknown;
  /** After the last worked example of a string template, a newline by default. */
  readonly ice_eos_token?: unknown;
}

export interface InferCfg {
  /** The template of the sample; `ice_template` serves where it is absent. */
  readonly prompt_template?: PromptTemplateCfg | undefined;
  /** The template of a worked example. */
  readonly ice_template?: PromptTemplateCfg | undefined;
  readonly retriever: RetrieverCfg;
  readonly inferencer: {
    /** `GenInferencer`, `MultiTurnGenInferencer` or `PPLInferencer`. */
    readonly type: string;
    /** `MultiTurnGenInferencer`: `every`, `last` or `every_with_gt`. */
    readonly infer_mode?: unknown;
    /** `PPLInferencer`: which labels, in which order; all by default. */
    readonly labels?: unknown;
  };
}

export interface ReaderCfg {
  readonly input_columns: readonly string[];
  /** The answer's column: blank in the sample, filled in worked examples. */
  readonly output_column?: string | null | undefined;
  readonly train_range?: string | number | undefined;
  readonly test_range?: string | number | undefined;
}

/** How a model wants one role told. */
export interface MetaRole {
  readonly role: string;
  /** The role's name in messages. Given for all roles, or for none: then the prompt is one text. */
  readonly api_role?: string;
  readonly begin?: string;
  readonly end?: string;
  /** Text where the template has none for this role. */
  readonly prompt?: string;
  /** Generation starts here: in the last round nothing from this role on is sent. */
  readonly generate?: boolean;
}

export interface MetaTemplate {
  /** Before everything: a text (string prompts) or messages (chat prompts). */
  readonly begin?: DialogueItem | readonly DialogueItem[];
  readonly round: readonly (string | MetaRole)[];
  /** Roles that may appear anywhere, outside the rounds' order. */
  readonly reserved_roles?: readonly MetaRole[];
  /** After everything, when the prompt does not end where generation starts. */
  readonly end?: DialogueItem | readonly DialogueItem[];
}
