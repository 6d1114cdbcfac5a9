/** Model classes of Python packages with AISBench's entry point: found in the Python that runs a model, where nothing else has the name. */
import { AisBenchError } from '../contract/errors.ts';
import type { PythonPlugin, PythonPluginClass } from '../python-bridge/plugins.ts';
import type { FoundPythonClass, PythonClasses, PythonPlugins } from './catalog.ts';
import { serviceModelSchema } from './schema.ts';
import type { RawEntry } from './validate.ts';

/** `ClassRef.module` of a class that Python imports by the name of its module. */
export const PYTHON_MODULE = 'python:';

interface PluginSearch {
  /** The user's folder, absolute. */
  readonly folder: string;
  readonly python: PythonClasses;
  /** Lists the plugins of an interpreter. */
  readonly list: (interpreter: string | undefined) => Promise<readonly PythonPlugin[]>;
}

/** Finds classes of Python plugins; each interpreter lists them once, and only where a name is not known otherwise. */
export function pythonPlugins({ folder, python, list }: PluginSearch): PythonPlugins {
  const known = new Map<string | undefined, Promise<readonly PythonPlugin[]>>();
  const pluginsFor = ({ values }: RawEntry) => {
    const interpreter = typeof values['python'] === 'string' ? values['python'] : undefined;
    // Where there is no Python there are no plugins of it.
    const found = known.get(interpreter) ?? list(interpreter).catch(() => []);
    known.set(interpreter, found);
    return found;
  };
  return {
    names: async (entry) => modelsOf(await pluginsFor(entry)).map(({ name }) => name),
    places: async (entry) =>
      (await pluginsFor(entry)).map((plugin) => {
        const why = plugin.error === undefined ? '' : `, which cannot be imported: ${plugin.error}`;
        return `the Python plugin ${plugin.name} (${originOf(plugin)}${why})`;
      }),
    find: async (name, entry) => {
      const plugins = await pluginsFor(entry);
      const owners = plugins.flatMap((plugin) =>
        modelsOf([plugin])
          .filter((one) => one.name === name)
          .map((one) => ({ plugin, one })),
      );
      const [first, second] = owners;
      if (first === undefined) return undefined;
      if (second !== undefined)
        throw new AisBenchError('PLUGIN-NAME-001', `two Python classes have the name "${name}"`, {
          where: owners.map(({ plugin, one }) => `${one.module} (${originOf(plugin)})`).join(', and '),
          cure: 'uninstall one of the two packages, or name the class by its file: path/to/file.py:Class',
        });
      return foundClass(first.plugin, first.one, { folder, python });
    },
  };
}

function modelsOf(plugins: readonly PythonPlugin[]): PythonPluginClass[] {
  return plugins.flatMap(({ classes }) => classes).filter(({ kind }) => kind.startsWith('model-'));
}

/** Returns where a Python plugin is from: `package@version`, or the module that it names. */
export function originOf({ package: name, version, module }: PythonPlugin): string {
  return name === null ? module : `${name}${version === null ? '' : `@${version}`}`;
}

async function foundClass(
  plugin: PythonPlugin,
  { name, module, service }: PythonPluginClass,
  { folder, python }: Pick<PluginSearch, 'folder' | 'python'>,
): Promise<FoundPythonClass> {
  const described = service && {
    service: {
      parsesText: service.parses_text,
      parsesStream: service.parses_stream,
      ...(service.scores_prompts ? { scoresPrompts: true } : {}),
      ...(service.fixes_length ? { fixesLength: true as const } : {}),
      ...(service.chunks_are_tokens ? {} : { chunksAreTokens: false as const }),
      extraOptions: service.arguments.filter(
        (key) => key !== 'self' && !Object.hasOwn(serviceModelSchema.shape, key),
      ),
    },
  };
  const modelClass = await python({ file: module, name, folder, ...described });
  // Its text lies in the interpreter's own folders: the version of its package says whether it changed.
  const ref = {
    module: `${PYTHON_MODULE}${module}`,
    export: name,
    name,
    code: originOf(plugin),
    ...described,
  };
  return { modelClass, ref };
}
