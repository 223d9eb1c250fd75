/**
 * Every failure a user can meet: its name (also the States Language error name), the exit code of the program that
 * reports it, whether trying again can help, and what to do. This table is the only place where these are written;
 * `docs/troubleshooting.md` is checked against it.
 */
import type { Stage } from './names.ts';
import { describeFileFailure } from './files/file-failure.ts';

interface ErrorKind {
  readonly exitCode: number;
  readonly retryable: boolean;
  readonly remedy: string;
  /** What every branch needs and this failure says is missing: the branch is held until it is back. */
  readonly needs?: Need;
  /** The stage to go back to, where trying the same one again cannot help. */
  readonly resumeAt?: Stage;
}

/** The servers and services without which no branch can go on. */
export const needs = ['source', 'target', 'storage', 'records', 'capacity', 'aws'] as const;
export type Need = (typeof needs)[number];

const kinds = {
  InternalError: kind(1, false, 'This is a defect in Aurora Ferry: report it with the message and the log.'),
  InvalidInput: kind(2, false, 'Correct the named option or field; `ferry help` shows what each command takes.'),

  EmptyDatabaseList: kind(10, false, 'Name at least one database, as arguments, with --file, or on standard input.'),
  InvalidDatabaseName: kind(11, false, 'Correct the name: 1 to 64 characters, none of them NUL, no space at the end.'),
  SystemDatabase: kind(12, false, "Remove it from the list: MySQL's own schemas belong to the server, not to the fleet."),
  DuplicateDatabase: kind(13, false, 'Name each database once (`sort -u` removes repeated lines).'),
  UnknownDatabase: kind(14, false, 'Remove it from the list, or check its spelling and case against SHOW DATABASES on the source. In a list, a comment has a blank after its #.'),

  SourceUnreachable: kind(20, true, 'Check that the source is up, and its host, port, security group and TLS setting.', { needs: 'source' }),
  SourceAccessDenied: kind(21, false, "Check the source's user name and password, and from which hosts the account may log in.", { needs: 'source' }),
  TargetUnreachable: kind(22, true, 'Check that the target is up, and its host, port, security group and TLS setting.', { needs: 'target' }),
  TargetAccessDenied: kind(23, false, "Check the target's user name and password, and from which hosts the account may log in.", { needs: 'target' }),
  AccountsUnreadable: kind(24, false, "Grant SELECT on the schema mysql to Ferry's account on the source, then redrive."),
  AccountsUnsupported: kind(25, false, 'Use a target that is MySQL 8.0.21 or later (Aurora MySQL 3), or start the run without --accounts.'),
  AccountsNotReported: kind(26, false, 'Start a run of the migration with --accounts: none has moved accounts yet.'),
  SourcePrivilegeMissing: kind(27, false, "Grant Ferry's account on the source what the message says it lacks (docs/security.md lists what is needed for what), then redrive."),
  TargetPrivilegeMissing: kind(28, false, "Grant Ferry's account on the target what the message says it lacks (docs/security.md lists what is needed for what), then redrive."),

  SourceTlsFailed: kind(29, false, 'Do what the message says of the source\'s certificate or TLS version (docs/security.md, "TLS").', { needs: 'source' }),
  TargetTlsFailed: kind(32, false, 'Do what the message says of the target\'s certificate or TLS version (docs/security.md, "TLS").', { needs: 'target' }),

  StorageFailed: kind(30, true, "Check the bucket's policy, the task's role, and free space where the bucket is on this machine.", { needs: 'storage' }),
  RecordsFailed: kind(31, true, "Check the table's throttling metrics and the role's permissions on it.", { needs: 'records' }),

  DumpFailed: kind(40, true, "Read mysqldump's own message, correct what it names on the source, and redrive."),
  DumpIncomplete: kind(41, true, 'Redrive: the dump ended without its footer and was not used.'),
  DumpClientUnsupported: kind(42, false, "Put Oracle's mysqldump 8.0 or later on PATH: MariaDB's cannot dump MySQL 5.6."),
  DumpCorrupt: kind(43, true, 'Redrive from the dump stage: what was read back differs from what was written.', { resumeAt: 'dump' }),
  DumpMissing: kind(44, false, 'Redrive, which dumps the database again: the message says what its dump lacks.', { resumeAt: 'dump' }),
  SourceChanged: kind(45, true, 'Keep writes and definition changes away from what is named, then redrive: it was changed, or was to be changed, while it was dumped.'),
  AssessmentBlocked: kind(46, false, 'Correct on the source what each named check says (docs/assessment.md), then redrive; `ferry start --allow CHECK` goes on in spite of one.'),
  FreezeBlocked: kind(47, true, 'End or wait for the named sessions, whose transactions keep tables of the database in use, then redrive.'),
  FreezeRefused: kind(48, false, 'Do what the message says on the source (docs/operations.md, "Freeze"), then redrive; or start the run without --freeze.'),
  DumpRefused: kind(49, false, 'Take the named statement out of the dump, or dump the database again, alone and with mysqldump; then put it into the bucket and redrive.'),

  TargetDatabaseExists: kind(50, false, "Move or drop the target's database of that name yourself, then redrive. Ferry never overwrites."),
  ImportRejected: kind(51, false, 'Correct what the named statement needs, on the source or in the target parameter group, then redrive.'),
  ImportInterrupted: kind(52, true, 'Redrive: the connection to the target was lost and the half-loaded copy will be dropped and reloaded.', { needs: 'target' }),
  ImportBusy: kind(53, true, 'Wait: another import of this database is still connected to the target.'),
  WaitsForDatabase: kind(54, true, 'Migrate the named database too, or repair what keeps it back, then redrive: what refers to it is made when it is there.'),

  VerificationMismatch: kind(60, true, 'Stop writes to the source database, then redrive; the named tables differ.', { resumeAt: 'import' }),
  FreezeLost: kind(61, false, 'Redrive, which freezes and dumps the database again; with more --freeze-minutes in a new run if the deadline had passed.'),

  TaskInterrupted: kind(70, true, 'Redrive: the task was told to stop and cleaned up.'),
  TaskFailedToStart: kind(71, true, "Correct what the message names (image, subnets, security group, roles), then redrive: the container never ran."),
  TaskTimedOut: kind(72, true, "Raise the stage's timeout, or split the database."),
  TaskCrashed: kind(73, true, "Read the task's log: it ended without a report (out of memory shows as exit code 137)."),
  CapacityUnavailable: kind(75, true, 'Wait, or ask AWS for a higher Fargate quota (docs/limits.md): nothing could be launched for as long as --hold-minutes allows.', { needs: 'capacity' }),
  AwsRefused: kind(76, false, 'Give the role what the message says it lacks (docs/security.md), or deploy the stack again if something of it is missing; then redrive.'),
  StageStalled: kind(74, true, "Look at what the stage waited for (the task's log, SHOW PROCESSLIST on the server), then redrive: it moved nothing for STALL_MINUTES."),

  DatabasesDeadLettered: kind(80, false, 'Read `ferry status`, remove the causes, then `ferry redrive`.'),
  DatabaseClaimed: kind(81, false, 'Another run works on this database: let it finish, or stop it.'),
  BranchAborted: kind(82, true, 'The run was stopped or timed out: `ferry redrive` continues it.'),
  RunFailed: kind(83, false, 'Read the cause, correct it, and start the run again: the migration continues where its records say.'),

  LocalRuntimeNotRunning: kind(90, false, 'Start it with `ferry local`, or name a deployed stack with --stage.'),
  LocalRuntimeRunning: kind(91, false, 'Stop the other runtime first, or give this one its own --state folder.'),
  StackNotFound: kind(92, false, 'Check --stage, --profile and --region, or deploy the stack first (docs/deploy.md).'),
  RunNotFound: kind(93, false, 'Name a run that exists: `ferry status` shows the newest one of a migration.'),
  RunNotRedrivable: kind(94, false, 'Start a new run of the same migration: it resumes from the records.'),
  ServerUnavailable: kind(95, false, 'Check the network to the package registries, or name your own servers with --source and --target.'),
  AwsUnavailable: kind(96, true, 'Check the network and the region, and AWS_ENDPOINT_URL if it is set; then try again.', { needs: 'aws' }),
  NotAuthorized: kind(99, false, "Attach the stack's OperatorPolicy to the person or role whose credentials these are (docs/security.md)."),
  UnsupportedDefinition: kind(97, false, 'Remove what the local runtime does not implement (docs/local-runtime.md), or run it on AWS.'),
  PackageFailed: kind(98, false, 'Run `npm run package` and correct what it reports.'),

  CredentialsMissing: kind(100, false, 'Log in (`aws sso login`), set AWS_PROFILE, or name a profile that exists with --profile.', { needs: 'aws' }),
  CredentialsExpired: kind(101, false, 'Log in again (`aws sso login`), or get new session credentials. What runs on AWS goes on meanwhile.'),
  CredentialsRejected: kind(102, false, 'Check that the access key still exists, and that it belongs to this account and partition.'),
  RegionMissing: kind(103, false, "Name the stack's region with --region, AWS_REGION, or in the profile."),
  ProblemsFound: kind(104, false, 'Do what is said beside each problem, then run `ferry doctor` again.'),
  StackNotReady: kind(105, false, 'Wait until its deployment ends, or repair it (docs/deploy.md, "When a deployment fails").'),
  StackOutdated: kind(106, false, 'Deploy the stack again from this version of Aurora Ferry (docs/deploy.md).'),

  DatabasesChanged: kind(111, false, 'Migrate what was listed again: `ferry start --second-wave --file -` takes the list.'),
  CertificateInvalid: kind(110, false, 'Get the certificate again from whoever keeps it, or issue a new one with `ferry report`.'),

  FileUnusable: kind(115, false, 'Put right what the message says of the file or folder that it names (kind, owner, mode, free space), or name another one; then run the command again.'),
  OutputFailed: kind(116, false, 'Make room where the output goes, or let its reader read to the end, then run the command again: what it wrote is not whole.'),
  StateDamaged: kind(117, false, 'Put a copy of the named file back, or move the whole folder that it is in aside and start with a new one (docs/local-runtime.md, "When the state folder is damaged").'),
} as const satisfies Record<string, ErrorKind>;

export type ErrorName = keyof typeof kinds;
export const errorKinds: Readonly<Record<ErrorName, ErrorKind>> = kinds;

/** A failure with a name from the table. The message says what happened, and to which database. */
export class FerryError extends Error {
  override readonly name: ErrorName;
  readonly #retryable: boolean | undefined;
  readonly #resumeAt: Stage | undefined;

  /** @param options `retryable`, `resumeAt`: where this very failure differs from others of its name */
  constructor(name: ErrorName, message: string, options?: ErrorOptions & { readonly retryable?: boolean; readonly resumeAt?: Stage }) {
    super(message, options);
    this.name = name;
    this.#retryable = options?.retryable;
    this.#resumeAt = options?.resumeAt;
  }

  get exitCode(): number {
    return kinds[this.name].exitCode;
  }

  get retryable(): boolean {
    return this.#retryable ?? kinds[this.name].retryable;
  }

  /** The stage to go back to; undefined where it is the one that failed. */
  get resumeAt(): Stage | undefined {
    return this.#resumeAt ?? errorKinds[this.name].resumeAt;
  }

  get remedy(): string {
    return kinds[this.name].remedy;
  }

  /**
   * Any thrown value as a FerryError: a file that cannot be used is named; what has no name of ours is an InternalError that
   * keeps its cause.
   */
  static from(thrown: unknown): FerryError {
    if (thrown instanceof FerryError) return thrown;
    const file = describeFileFailure(thrown);
    if (file !== undefined) return new FerryError(file.name, file.message, { cause: thrown });
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new FerryError('InternalError', message, { cause: thrown });
  }
}

export function isErrorName(name: string): name is ErrorName {
  return Object.hasOwn(kinds, name);
}

/** The name behind an exit code of a task program; undefined for a code that none of ours uses (137, say). */
export function errorNameOfExitCode(exitCode: number): ErrorName | undefined {
  return (Object.keys(kinds) as ErrorName[]).find((name) => kinds[name].exitCode === exitCode);
}

type Further = Pick<ErrorKind, 'needs' | 'resumeAt'>;

function kind(exitCode: number, retryable: boolean, remedy: string, further: Further = {}): ErrorKind {
  return { exitCode, retryable, remedy, ...further };
}
