import "/work/main/test/docs.test.ts";
import { runAll } from 'vitest';
await runAll();
