/**
 * Stored programs as SQL that makes them again: each behind the settings that become its own, and behind a line that
 * says where it ends. The `mysql` program can read it too, but for bodies in character sets whose characters hold
 * backslashes.
 */
import { quoteIdentifier } from '../../../core/names.ts';
import { measured } from '../../common/measured-statements.ts';
import type { Measure } from '../../common/measured-statements.ts';
import type { ProgramKind, ProgramText } from './program-text.ts';

export interface Program extends ProgramText {
  readonly kind: ProgramKind;
  readonly name: string;
  /** Of a trigger: the table that it belongs to. */
  readonly table: string | undefined;
  readonly sqlMode: string;
  readonly characterSet: string;
  readonly connectionCollation: string;
  /** Of the database when the program was made; '' where the server does not say. */
  readonly databaseCollation: string;
  /** Of an event: the zone that its times are in. */
  readonly timeZone: string | undefined;
}

interface WrittenDatabase {
  readonly name: string;
  readonly collation: string;
}

const kept = { client: 'character_set_client', connection: 'collation_connection', sql_mode: 'sql_mode', time_zone: 'time_zone' };
const keptEntries = Object.entries(kept);
const saving = `SET ${keptEntries.map(([name, setting]) => `@ferry_${name} = @@${setting}`).join(', ')}`;
const puttingBack = `SET ${keptEntries.map(([name, setting]) => `${setting} = @ferry_${name}`).join(', ')}`;

/** @returns each character is a byte; '' for no program */
export function writePrograms(programs: readonly Program[], database: WrittenDatabase, rows: Measure['rows']): string {
  if (programs.length === 0) return '';
  const statement = (sql: string): string => `${measured(sql, { rows })}\n;\n`;
  let written = statement(saving);
  let settings = '';
  let collation = database.collation;
  const alterTo = (other: string): string => {
    collation = other;
    // The database's name is in UTF-8.
    return statement('SET NAMES utf8mb4') + statement(alterDatabase(database.name, other));
  };
  for (const program of programs) {
    if (program.databaseCollation !== '' && program.databaseCollation !== collation) {
      written += alterTo(program.databaseCollation);
      settings = '';
    }
    const own = settingsOf(program);
    if (own !== settings) written += statement(own);
    settings = own;
    written += programStatement(program, rows);
  }
  if (collation !== database.collation) written += alterTo(database.collation);
  return written + statement(puttingBack);
}

function settingsOf({ characterSet, connectionCollation, sqlMode, timeZone }: Program): string {
  const zone = timeZone === undefined ? '' : `, time_zone = '${timeZone}'`;
  const characters = `character_set_client = ${characterSet}, collation_connection = ${connectionCollation}`;
  return `SET ${characters}, sql_mode = '${sqlMode}'${zone}`;
}

/** The line break keeps a comment at the end of the body from taking the delimiter in. */
function programStatement({ sql, name, table, definer }: Program, rows: Measure['rows']): string {
  const delimiter = delimiterFor(sql);
  const told = { object: name, ...(table !== undefined && { table }), ...(definer !== undefined && { definer }) };
  const text = measured(sql, { rows, ...told });
  return `DELIMITER ${delimiter}\n${text}\n${delimiter}\nDELIMITER ;\n`;
}

/** For the `mysql` program: one that is nowhere in the statement. */
function delimiterFor(sql: string): string {
  let delimiter = ';;';
  for (let number = 1; sql.includes(delimiter); number += 1) delimiter = `;end${number};`;
  return delimiter;
}

/** A collation's name begins with that of its character set; there is no other statement that says it. */
function alterDatabase(database: string, collation: string): string {
  const name = Buffer.from(quoteIdentifier(database)).toString('latin1');
  return `ALTER DATABASE ${name} CHARACTER SET ${collation.replace(/_.*$/, '')} COLLATE ${collation}`;
}
