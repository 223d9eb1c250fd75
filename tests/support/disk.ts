/**
 * A disk that is full for one process, without root: no file of it may grow (RLIMIT_FSIZE), which ends a write with EFBIG where a
 * full disk ends it with ENOSPC. The limit is soft, and is lifted again.
 */
import { execFileSync } from 'node:child_process';

export function fillDisk(pid: number): void {
  execFileSync('prlimit', ['--pid', String(pid), '--fsize=0:unlimited']);
}

export function clearDisk(pid: number): void {
  execFileSync('prlimit', ['--pid', String(pid), '--fsize=unlimited:unlimited']);
}

/** What starts a program for which the disk is full from the beginning. */
export const onFullDisk = ['prlimit', '--fsize=0:0'] as const;
