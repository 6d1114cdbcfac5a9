import type { Exporter } from 'ais-bench';

/** A line a task: how many of its answers were right. */
export const shares: Exporter = ({ name, tasks }) =>
  tasks
    .map(({ model, dataset, judged }) => {
      const right = judged.filter(({ verdict }) => verdict === 'correct').length;
      return `${name}\t${model}\t${dataset}\t${right} of ${judged.length}\n`;
    })
    .join('');
