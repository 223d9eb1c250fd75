/** The large database. Its bulk is doubled on the server from a few megabytes, because sending it all would take longer. */
import type { Connection } from 'mysql2/promise';
import type { Random } from '../random.ts';

const megabyte = 1_000_000;
const photoBytes = 250_000;
const photoBatch = 16;
const noteRows = 1_000;
/** What a row of `notes` takes, about. */
const noteBytes = 500;

/**
 * Fills the connection's default database with about `megabytes` of rows: half of it photographs (InnoDB, BLOBs), three
 * tenths notes (InnoDB, many small rows), the rest a log (MyISAM, no key).
 */
export async function fillPhotoArchive(connection: Connection, random: Random, megabytes: number): Promise<void> {
  await connection.query(
    `CREATE TABLE photos (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, taken DATETIME NOT NULL, title VARCHAR(100) NOT NULL, image MEDIUMBLOB NOT NULL, KEY taken (taken)) ENGINE=InnoDB DEFAULT CHARSET=utf8;
     CREATE TABLE notes (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, photo_id INT UNSIGNED NOT NULL, written TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, author VARCHAR(60), text TEXT NOT NULL, KEY photo (photo_id)) ENGINE=InnoDB DEFAULT CHARSET=utf8;
     CREATE TABLE log (at DATETIME NOT NULL, line VARCHAR(1000) NOT NULL) ENGINE=MyISAM DEFAULT CHARSET=latin1;
     CREATE TABLE settings (name VARCHAR(50) NOT NULL PRIMARY KEY, value TEXT) ENGINE=MyISAM DEFAULT CHARSET=latin1;
     INSERT INTO settings VALUES ('owner', 'city archive'), ('empty', '');
     CREATE VIEW titles AS SELECT id, title FROM photos;
     CREATE TRIGGER photo_title BEFORE INSERT ON photos FOR EACH ROW SET NEW.title = TRIM(NEW.title)`,
  );
  await fillPhotos(connection, random, (megabytes * megabyte) / 2);
  await fillNotes(connection, random, megabytes * megabyte * 0.3);
  await connection.query(
    "INSERT INTO log SELECT written, CONCAT(author, ' wrote \\'', text, '\\'; photo ', photo_id) FROM notes WHERE id <= ?",
    [Math.ceil((megabytes * megabyte * 0.2) / noteBytes)],
  );
}

async function fillPhotos(connection: Connection, random: Random, bytes: number): Promise<void> {
  const wanted = Math.max(1, Math.ceil(bytes / photoBytes));
  const first = Math.min(photoBatch, wanted);
  for (let sent = 0; sent < first; sent += 1) {
    await connection.query('INSERT INTO photos (taken, title, image) VALUES (?, ?, ?)', [random.dateTime(), random.words(4), random.bytes(photoBytes)]);
  }
  // Each copy is turned by another number of bytes, so that no two photographs are alike.
  for (let made = first; made < wanted; made += photoBatch) {
    const turn = 1 + (made * 7919) % (photoBytes - 2);
    await connection.query(
      `INSERT INTO photos (taken, title, image)
       SELECT taken + INTERVAL ? HOUR, CONCAT(title, ' ', ?), CONCAT(SUBSTRING(image, ?), SUBSTRING(image, 1, ?)) FROM photos WHERE id <= ? ORDER BY id`,
      [made, made, turn + 1, turn, Math.min(first, wanted - made)],
    );
  }
}

async function fillNotes(connection: Connection, random: Random, bytes: number): Promise<void> {
  const wanted = Math.max(noteRows, Math.ceil(bytes / noteBytes));
  const rows = Array.from({ length: noteRows }, (_, index) => [index + 1, random.dateTime(), random.personName(), Array.from({ length: 8 }, () => random.sentence()).join(' ')]);
  await connection.query('INSERT INTO notes (photo_id, written, author, text) VALUES ?', [rows]);
  for (let made = noteRows; made < wanted; made *= 2) {
    await connection.query(
      'INSERT INTO notes (photo_id, written, author, text) SELECT photo_id + ?, written, author, CONCAT(?, text) FROM notes WHERE id <= ? ORDER BY id',
      [made, `${made}: `, Math.min(made, wanted - made)],
    );
  }
}
