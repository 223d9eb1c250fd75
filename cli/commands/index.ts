/** The commands, in the order in which an operator meets them. */
import type { Command } from '../command-line.ts';
import { accountsCommand } from './accounts.ts';
import { assessCommand } from './assess.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { driftCommand } from './drift.ts';
import { dumpManifestCommand } from './dump-manifest.ts';
import { localCommand } from './local.ts';
import { migrateCommand } from './migrate.ts';
import { redriveCommand } from './redrive.ts';
import { reportCommand } from './report.ts';
import { showCommand } from './show.ts';
import { startCommand } from './start.ts';
import { statusCommand } from './status.ts';
import { stopCommand } from './stop.ts';
import { unfreezeCommand } from './unfreeze.ts';
import { verifyCommand } from './verify.ts';

export const commands: readonly Command[] = [
  assessCommand,
  doctorCommand,
  startCommand,
  statusCommand,
  showCommand,
  accountsCommand,
  redriveCommand,
  stopCommand,
  unfreezeCommand,
  verifyCommand,
  driftCommand,
  dumpManifestCommand,
  reportCommand,
  migrateCommand,
  localCommand,
  demoCommand,
];
