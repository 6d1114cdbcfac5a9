import type { RunRecord, Transcript } from '../contract/record.ts';
import { encodeRecord, encodeTranscript } from '../contract/record-codec.ts';
import { LineAppender } from '../store/append.ts';
import { writeClientFile } from '../store/client-file.ts';
import type { Redactor } from '../store/redact.ts';
import type { RunControl } from './control.ts';
import { HealthMonitor, processName } from './health.ts';
import type { TaskLoad } from './load-plan.ts';
import { type LoadOutcome, type ModelClient, runTask, type TaskProgress } from './run-task.ts';
import type { TaskSamples } from './shape.ts';

/** Where one process writes its records and transcripts. */
export interface RecordFiles {
  readonly records: string;
  readonly predictions: string;
}

export interface Recording {
  readonly files: RecordFiles;
  readonly redact: Redactor;
  readonly control: RunControl;
  readonly progress: TaskProgress;
  readonly load: TaskLoad;
  /** Nothing of a sample is kept before all of it is: what is kept is never sent again. */
  readonly isWhole?: boolean;
  readonly onRecord?: (record: RunRecord) => void;
}

/** Runs a task, or this process's part of it, and leaves its records and transcripts in the files. */
export async function recordTask(
  source: TaskSamples,
  answerer: ModelClient,
  recording: Recording,
): Promise<LoadOutcome> {
  const { files, redact, control, progress, load, isWhole = false, onRecord } = recording;
  const transcripts = new LineAppender(files.predictions, redact);
  const records = new LineAppender(files.records, redact, transcripts);
  const name = processName(files.records);
  const { live } = progress;
  const health = new HealthMonitor(answerer.clock, name, {
    onSample: (sample) => live?.addHealth(name, sample),
  });
  try {
    const sink = {
      record: (record: RunRecord) => {
        records.append(encodeRecord(record));
        live?.add(record);
        onRecord?.(record);
      },
      transcript: (one: Transcript) => transcripts.append(encodeTranscript(one)),
    };
    return await runTask(
      source,
      answerer,
      isWhole ? { ...sink, keepsWholeSamples: true } : sink,
      control,
      progress,
      {
        ...load,
        onIdleTurn: health.onIdleTurn,
      },
    );
  } finally {
    writeClientFile(files.records, health.stop());
    records.close();
    transcripts.close();
  }
}
