/**
 * Writes the TypeScript types of config files from the schema, with its descriptions: what editors complete in `defineConfig`, and what
 * ships without the schema library. `jiti scripts/config-types.ts` writes the file; a test holds it true.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { z } from 'zod';
import { defined } from '../src/basics/defined.ts';
import {
  datasetSchema,
  localModelSchema,
  serviceModelSchema,
  summarizerSchema,
} from '../src/config/schema.ts';

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly description?: string;
  readonly default?: unknown;
}

const TYPES = [
  ['ServiceModelFields', serviceModelSchema, 'A model behind a service, as a config has it.'],
  ['LocalModelFields', localModelSchema, 'A model that is loaded here, as a config has it.'],
  ['DatasetFields', datasetSchema, 'A dataset, as a config has it.'],
  ['SummarizerFields', summarizerSchema, 'A summarizer, as a config has it.'],
] as const;

/** Configs whose defaults are filled in. What transforms make is in no JSON Schema: the compiler knows these. */
export type ReaderConfig = z.output<typeof datasetSchema>['reader_cfg'];
export type DatasetConfig = z.output<typeof datasetSchema>;

const FILLED: Readonly<Record<string, string>> = {
  ReaderConfig: 'What a dataset reads, its defaults filled in.',
  DatasetConfig: 'A dataset whose defaults are filled in.',
};

/** Tables that stand in a config several times, by their keys. */
const PARTS: Readonly<Record<string, { readonly name: string; readonly doc: string; text?: string }>> = {
  'input_columns,output_column,train_split,test_split,train_range,test_range': {
    name: 'ReaderFields',
    doc: 'Columns that prompts and scores use, and which rows.',
  },
  'type,template': { name: 'TemplateFields', doc: 'A prompt with places for columns.' },
  type: { name: 'ClassFields', doc: 'A class by its name, and its options.' },
};

/** Returns the content of `src/config/config-types.ts`. */
export function configTypes(): string {
  const given = TYPES.map(([name, schema, doc]) => {
    const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
    return `/** ${doc} */\nexport interface ${name} ${typeText(json, '')}\n`;
  });
  const parts = Object.values(PARTS).map(
    ({ name, doc, text }) => `/** ${doc} */\ninterface ${name} ${text}\n`,
  );
  const filled = filledTypes().map(
    ({ name, text }, n, [reader]) =>
      `/** ${FILLED[name]} */\n${n === 0 ? '' : 'export '}type ${name} = ${n === 0 ? text : text.replaceAll(reader!.text, reader!.name)};\n`,
  );
  const all = [...parts, ...given, ...filled].join('\n');
  return `/** Made from the schema by scripts/config-types.ts; a test holds the two together. */\n\n${all}`;
}

/** The two types of this file, as the compiler writes them out. */
function filledTypes(): { readonly name: string; readonly text: string }[] {
  const file = fileURLToPath(import.meta.url);
  const { options } = ts.convertCompilerOptionsFromJson(
    ts.readConfigFile(fileURLToPath(new URL('../tsconfig.json', import.meta.url)), ts.sys.readFile).config
      .compilerOptions,
    fileURLToPath(new URL('..', import.meta.url)),
  );
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias;
  return program
    .getSourceFile(file)!
    .statements.filter((statement) => ts.isTypeAliasDeclaration(statement))
    .map(({ name }) => ({
      name: name.text,
      text: checker.typeToString(checker.getTypeAtLocation(name), undefined, flags),
    }));
}

function typeText(schema: JsonSchema, indent: string): string {
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    const texts = [...new Set(choices.map((choice) => typeText(choice, indent)))];
    return texts.includes('unknown') ? 'unknown' : texts.join(' | ');
  }
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeText({ type }, indent)).join(' | ');
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'number':
    case 'integer':
      return 'number';
    case 'array':
      return arrayText(schema, indent);
    case 'object':
      return objectText(schema, indent);
    default:
      return 'unknown';
  }
}

function arrayText({ items, prefixItems }: JsonSchema, indent: string): string {
  if (prefixItems !== undefined) return `[${prefixItems.map((item) => typeText(item, indent)).join(', ')}]`;
  const item = items === undefined ? 'unknown' : typeText(items, indent);
  return / \| /.test(item) && !item.startsWith('{') ? `(${item})[]` : `${item}[]`;
}

function objectText(
  { properties = {}, required = [], additionalProperties }: JsonSchema,
  indent: string,
): string {
  const names = Object.keys(properties);
  const part = indent === '' ? undefined : PARTS[String(names)];
  if (part !== undefined && properties['type']?.const === undefined) {
    part.text = objectText({ properties, required, ...defined({ additionalProperties }) }, '');
    return part.name;
  }
  const inner = `${indent}  `;
  if (names.length === 0) {
    const values =
      typeof additionalProperties === 'object' ? typeText(additionalProperties, indent) : 'unknown';
    return `{ [key: string]: ${values} }`;
  }
  const fields = names.map((name) => {
    const field = properties[name]!;
    const note = [field.description, defaultText(field.default)].filter((text) => text !== undefined);
    const doc = note.length === 0 ? '' : `${inner}/** ${note.join(' ')} */\n`;
    const optional = required.includes(name) ? '' : '?';
    const isFree = optional === '?' ? ' | undefined' : '';
    return `${doc}${inner}${key(name)}${optional}: ${typeText(field, inner)}${isFree};`;
  });
  const rest =
    additionalProperties === false || additionalProperties === undefined
      ? []
      : [`${inner}[key: string]: unknown;`];
  return `{\n${[...fields, ...rest].join('\n')}\n${indent}}`;
}

function defaultText(value: unknown): string | undefined {
  return value === undefined ? undefined : `Default: \`${JSON.stringify(value)}\`.`;
}

function key(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(fileURLToPath(new URL('../src/config/config-types.ts', import.meta.url)), configTypes());
