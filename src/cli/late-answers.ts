import { plural } from '../basics/plural.ts';
import { LateAnswers } from '../sending/late-answers.ts';
import type { Told } from '../session/folder.ts';
import { readAgentsFile } from '../store/agents-file.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { AgentsFlags } from './args/agent-flags.ts';
import { natsOptions } from './nats-options.ts';

/**
 * A run over agents whose command died has answers on its NATS server that are not in its files: they are put there. Throws as
 * `connect` and `LateAnswers.keep` do.
 */
export async function takeLateAnswers(folder: RunFolder, flags: AgentsFlags): Promise<Told> {
  const before = readAgentsFile(folder);
  if (before?.isOpen !== true) return { said: [], warned: [] };
  if (flags.nats === undefined) return { said: [], warned: [LEFT_THERE] };
  const [{ connect }, { takeRest, forget }] = await Promise.all([
    import('../workers/connect.ts'),
    import('../workers/queue-rest.ts'),
  ]);
  const connection = await connect(natsOptions(flags, `ais_bench ${before.session}`));
  const answers = new LateAnswers(folder);
  try {
    await takeRest(connection, before.session, (answer) => answers.keep(answer));
    answers.close();
    await forget(connection, before.session);
  } finally {
    await connection.close();
  }
  const { kept } = answers;
  const words = `${plural(kept, 'answer of the session before was', 'answers of the session before were')} still on the NATS server, and in the files now`;
  return { said: kept === 0 ? [] : [words], warned: [] };
}

const LEFT_THERE =
  'this run was killed while agents answered: what they answered last may lie on its NATS server (--nats fetches it)';
