/**
 * How Node is started for a process that only sends: garbage is collected by the sending thread itself, often and little at a time.
 * Helper threads that wait for a core keep the sending thread waiting, and every stamp is late by that (`bench/load stamps`).
 */
export const SENDER_FLAGS = ['--single-threaded-gc', '--max-semi-space-size=4'] as const;
