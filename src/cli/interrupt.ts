/** What ends a run: Ctrl-C, a supervisor, a terminal that is gone. */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
