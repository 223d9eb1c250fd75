/** A clinic: MyISAM tables, zero dates, BLOBs, an event, and triggers of an account that is gone. */
import { rows } from '../plan.ts';
import type { DatabasePlan, SchemaContext, TablePlan } from '../plan.ts';

export function clinic(context: SchemaContext): DatabasePlan {
  return {
    characterSet: context.characterSet,
    tables: [...patientTables(context), ...otherTables(context)],
    objects,
  };
}

function patientTables({ random, scale, engine }: SchemaContext): TablePlan[] {
  return [
    {
      name: 'patients',
      columns: [
        'id INT NOT NULL AUTO_INCREMENT PRIMARY KEY',
        'name VARCHAR(100) NOT NULL',
        "born DATE NOT NULL DEFAULT '0000-00-00'",
        "sex ENUM('f','m','x','') NOT NULL DEFAULT ''",
        'insurer CHAR(10) DEFAULT NULL',
        'note MEDIUMTEXT',
        'KEY born (born)',
        'FULLTEXT KEY note (note)',
      ],
      options: 'ENGINE=MyISAM ROW_FORMAT=DYNAMIC CHECKSUM=1',
      rows: rows(scale, (id) => [
        id, random.personName(), random.chance(15) ? '0000-00-00' : random.chance(10) ? '1956-00-00' : random.date(), random.pick(['f', 'm', 'x', '']),
        random.pick([null, '', 'AOK', 'TK ']), random.chance(20) ? null : `${random.sentence()} ${random.sentence()}`,
      ]),
    },
    {
      name: 'visits',
      columns: [
        'id INT NOT NULL AUTO_INCREMENT PRIMARY KEY',
        'patient_id INT NOT NULL',
        "arrived DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00'",
        'lasted TIME DEFAULT NULL',
        'fee DECIMAL(8,2) DEFAULT NULL',
        'KEY patient (patient_id, arrived)',
      ],
      options: 'ENGINE=MyISAM ROW_FORMAT=FIXED',
      rows: rows(scale * 3, (id) => [
        id, random.int(1, scale), random.dateTime(), random.pick(['00:20:00', '01:05:30', '-00:10:00', '838:59:59', null]), random.chance(50) ? null : random.money(),
      ]),
    },
    {
      name: 'images',
      columns: [
        'id INT NOT NULL AUTO_INCREMENT PRIMARY KEY',
        'visit_id INT NOT NULL',
        'kind VARCHAR(20) NOT NULL',
        'thumbnail TINYBLOB',
        'image MEDIUMBLOB',
        'KEY visit (visit_id)',
      ],
      options: `ENGINE=${engine()}`,
      rows: rows(Math.max(3, Math.round(scale / 4)), (id) => [id, random.int(1, scale), random.pick(['x-ray', 'photo']), everyByte.subarray(0, 255), Buffer.concat([everyByte, random.bytes(random.int(0, 3000))])]),
    },
  ];
}

function otherTables({ random, scale, engine }: SchemaContext): TablePlan[] {
  const inMemory = random.chance(50);
  return [
    {
      name: 'waiting_list',
      columns: ['place SMALLINT NOT NULL', 'patient_id INT NOT NULL', 'since TIMESTAMP NULL DEFAULT NULL', 'KEY place (place) USING HASH'],
      options: inMemory ? 'ENGINE=MEMORY' : `ENGINE=${engine()}`,
      // A MEMORY table loses its rows when the server is restarted: it has none, so that a restart changes nothing.
      rows: inMemory ? [] : rows(5, (place) => [place, random.int(1, scale), random.chance(30) ? null : random.dateTime()]),
    },
    {
      name: 'drugs',
      columns: ['code CHAR(8) NOT NULL PRIMARY KEY', 'name VARCHAR(80) NOT NULL', 'dose DECIMAL(9,3)', 'flags BIT(12) NOT NULL', 'KEY name (name)'],
      options: `ENGINE=${engine()} PACK_KEYS=1`,
      rows: rows(scale, (id) => [`D${String(id).padStart(6, '0')}`, random.words(2), `${random.int(0, 900)}.${random.int(100, 999)}`, random.bytes(1)]),
    },
    {
      name: 'prescriptions',
      columns: [
        'visit_id INT NOT NULL',
        'code CHAR(8) NOT NULL',
        'days TINYINT UNSIGNED NOT NULL DEFAULT 7',
        'PRIMARY KEY (visit_id, code)',
        'CONSTRAINT prescribed_drug FOREIGN KEY (visit_id) REFERENCES rooms (id)',
      ],
      options: 'ENGINE=InnoDB',
      rows: rows(4, (id) => [id, `D${String(id).padStart(6, '0')}`, id * 7]),
    },
    {
      name: 'rooms',
      columns: ['id INT NOT NULL PRIMARY KEY', 'name VARCHAR(30)', 'parent INT DEFAULT NULL', 'CONSTRAINT room_in_room FOREIGN KEY (parent) REFERENCES rooms (id) ON DELETE SET NULL'],
      options: 'ENGINE=InnoDB',
      rows: rows(6, (id) => [id, `Room ${id}`, id === 1 ? null : 1]),
    },
    {
      name: 'letters',
      columns: ['id INT NOT NULL AUTO_INCREMENT PRIMARY KEY', 'body LONGTEXT NOT NULL'],
      options: random.chance(30) ? 'ENGINE=ARCHIVE' : `ENGINE=${engine()}`,
      rows: rows(4, (id) => [id, Array.from({ length: 5 }, () => random.sentence()).join('\r\n\t')]),
    },
  ];
}

const objects = [
  "CREATE DEFINER='departed'@'10.0.0.%' TRIGGER visit_fee BEFORE INSERT ON visits FOR EACH ROW SET NEW.fee = COALESCE(NEW.fee, 0)",
  'CREATE VIEW todays_visits AS SELECT v.id, p.name, v.arrived FROM visits v JOIN patients p ON p.id = v.patient_id',
  "CREATE DEFINER='departed'@'10.0.0.%' SQL SECURITY INVOKER VIEW patient_names AS SELECT DISTINCT name FROM todays_visits",
  `CREATE EVENT forget_old_letters ON SCHEDULE EVERY 1 WEEK STARTS '2015-01-04 03:00:00' ON COMPLETION PRESERVE COMMENT 'weekly; at night'
   DO BEGIN DELETE FROM letters WHERE id < 0; END`,
  "CREATE DEFINER='departed'@'10.0.0.%' PROCEDURE discharge(IN which INT) SQL SECURITY INVOKER DELETE FROM waiting_list WHERE patient_id = which",
];

export const everyByte = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
