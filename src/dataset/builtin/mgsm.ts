/**
 * MGSM, 250 problems of GSM8K in eleven languages: F. Shi and others, google-research/url-nlp, CC BY-SA 4.0. A file
 * `mgsm_<language>.tsv` has a line `question<TAB>number` a problem; `exemplars.py` has eight worked examples a language. Format
 * unseen: the test files were not at hand.
 */
import { basename } from 'node:path';
import type { DatasetType } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { badRow, readText } from '../read.ts';
import { besides, findFiles } from './find-files.ts';
import { type MgsmRow, readExemplars } from './mgsm-exemplars.ts';
import { MGSM_LANGUAGES, type MgsmLanguage } from './mgsm-languages.ts';

const SOURCE = 'github.com/google-research/url-nlp (folder mgsm, CC BY-SA 4.0)';
const DEFAULT_PATH = 'ais_bench/datasets/mgsm/mgsm_en.tsv';

export const MGSMSDataset: DatasetType = {
  name: 'MGSMSDataset',
  async load({ path, roots }) {
    const wanted = path === '' ? DEFAULT_PATH : path;
    const language = languageOf(wanted);
    const [file = ''] = await findFiles(roots, { paths: [wanted], files: [], source: SOURCE });
    const exemplars = await besides(file, 'exemplars.py');
    return {
      test: parseMgsm(await readText(file), file, language),
      train: exemplars === undefined ? [] : readExemplars(await readText(exemplars), exemplars, language),
    };
  },
};

/** The rows of a file's text. Throws DSET-DATA-002 that names the line. */
export function parseMgsm(text: string, file: string, language: MgsmLanguage): MgsmRow[] {
  const { instruction } = MGSM_LANGUAGES[language];
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const [question, answer, ...more] = line.trim().split('\t');
    if (question === undefined || answer === undefined || more.length > 0) {
      throw badRow(`${file}:${index + 1}`, 'it is not a question, a tab and a number');
    }
    return [{ question, answer, instruction, worked: '' }];
  });
}

function languageOf(path: string): MgsmLanguage {
  const language = /^mgsm_([a-z]{2})\.tsv$/.exec(basename(path))?.[1];
  if (language !== undefined && Object.hasOwn(MGSM_LANGUAGES, language)) return language as MgsmLanguage;
  throw new AisBenchError('UTILS-CFG-002', `the dataset's path '${path}' names no language`, {
    where: 'path',
    cure: `end it with mgsm_LANGUAGE.tsv, the language one of ${Object.keys(MGSM_LANGUAGES).join(', ')}`,
  });
}
