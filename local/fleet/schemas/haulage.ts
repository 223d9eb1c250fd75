/** A haulage firm: spatial columns and indexes, partitions by hash and by list, wide numbers, an event, a function. */
import { rows } from '../plan.ts';
import type { DatabasePlan, SchemaContext, TablePlan, Value } from '../plan.ts';

export function haulage(context: SchemaContext): DatabasePlan {
  return {
    characterSet: context.characterSet,
    tables: [...placeTables(context), ...truckTables(context)],
    objects,
  };
}

function placeTables({ random, engine }: SchemaContext): TablePlan[] {
  return [
    {
      name: 'depots',
      columns: ['id INT NOT NULL AUTO_INCREMENT PRIMARY KEY', 'name VARCHAR(60) NOT NULL', 'location POINT NOT NULL', 'SPATIAL KEY location (location)'],
      options: 'ENGINE=MyISAM',
      rows: rows(10, (id) => [id, random.words(2), point(random.int(-179, 179), random.int(-89, 89))]),
    },
    {
      name: 'regions',
      columns: ['id INT NOT NULL PRIMARY KEY', 'border POLYGON DEFAULT NULL', 'shape GEOMETRY DEFAULT NULL'],
      options: `ENGINE=${engine()}`,
      rows: rows(4, (id) => [id, id === 4 ? null : square(id), id === 2 ? null : point(id, -id)]),
    },
  ];
}

function truckTables({ random, scale, engine }: SchemaContext): TablePlan[] {
  return [
    {
      name: 'trucks',
      columns: ['plate VARCHAR(12) NOT NULL PRIMARY KEY', 'depot_id INT NOT NULL', 'bought YEAR(4) NOT NULL', 'odometer INT UNSIGNED NOT NULL', 'KEY depot (depot_id)'],
      options: `ENGINE=${engine()}`,
      rows: rows(scale, (id) => [`B-TR ${1000 + id}`, random.int(1, 10), random.int(1998, 2016), random.int(0, 4_000_000_000)]),
    },
    {
      name: 'trips',
      columns: ['id BIGINT NOT NULL', 'plate VARCHAR(12) NOT NULL', 'started DATETIME NOT NULL', 'kilometres DECIMAL(30,10) NOT NULL', 'PRIMARY KEY (id)'],
      options: 'ENGINE=InnoDB PARTITION BY HASH (id) PARTITIONS 4',
      rows: rows(scale * 2, (id) => [String(9_007_199_254_740_000n + BigInt(id)), `B-TR ${1000 + random.int(1, scale)}`, random.dateTime(), `${random.int(0, 99999)}.${random.int(1_000_000_000, 2_000_000_000)}`]),
    },
    {
      name: 'tolls',
      columns: ['country TINYINT NOT NULL', 'trip_id BIGINT NOT NULL', 'amount DECIMAL(8,2) NOT NULL', 'KEY trip (trip_id)'],
      options: `ENGINE=${engine()} PARTITION BY LIST (country) (PARTITION near VALUES IN (1, 2), PARTITION far VALUES IN (3, 4, 5))`,
      rows: rows(scale, () => [random.int(1, 5), random.int(1, 1000), random.money()]),
    },
    {
      name: 'drivers',
      columns: ['id INT NOT NULL AUTO_INCREMENT PRIMARY KEY', 'name VARCHAR(80) NOT NULL', 'licence CHAR(10) BINARY DEFAULT NULL', 'boss INT DEFAULT NULL', 'KEY boss (boss)', 'CONSTRAINT driver_boss FOREIGN KEY (boss) REFERENCES drivers (id)'],
      options: 'ENGINE=InnoDB',
      rows: rows(scale, (id) => [id, random.personName(), random.pick([null, '', 'c1e', 'C1E']), id === 1 ? null : random.int(1, id - 1)]),
    },
    {
      name: 'fuel',
      columns: ['at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP', 'plate VARCHAR(12) NOT NULL', 'litres FLOAT NOT NULL', 'price DOUBLE NOT NULL'],
      options: `ENGINE=${engine()}`,
      rows: rows(scale, () => [random.dateTime(), `B-TR ${1000 + random.int(1, scale)}`, random.int(1, 8000) / 16, random.int(100, 200) / 128]),
    },
    {
      name: 'documents',
      columns: ['id INT NOT NULL AUTO_INCREMENT PRIMARY KEY', 'scan LONGBLOB NOT NULL', 'sha BINARY(20) NOT NULL', 'UNIQUE KEY sha (sha)'],
      options: `ENGINE=${engine()}`,
      rows: rows(3, (id) => [id, random.bytes(random.int(2000, 20_000)), random.bytes(20)]),
    },
  ];
}

const objects = [
  'CREATE VIEW fleet_age AS SELECT plate, 2016 - bought AS years FROM trucks',
  'CREATE VIEW average_age AS SELECT AVG(years) AS years FROM fleet_age',
  'CREATE FUNCTION distance(a POINT, b POINT) RETURNS DOUBLE DETERMINISTIC NO SQL RETURN ST_Distance(a, b)',
  "CREATE EVENT monthly_report ON SCHEDULE EVERY 1 MONTH STARTS '2015-02-01 00:00:00' DISABLE DO SET @report = 'a;b'",
  `CREATE TRIGGER truck_odometer BEFORE UPDATE ON trucks FOR EACH ROW BEGIN
     IF NEW.odometer < OLD.odometer THEN SET NEW.odometer = OLD.odometer; END IF;
   END`,
];

/** MySQL's own binary form of a geometry: SRID, then well-known binary. */
function point(x: number, y: number): Value {
  const buffer = Buffer.alloc(25);
  buffer.writeUInt8(1, 4);
  buffer.writeUInt32LE(1, 5);
  buffer.writeDoubleLE(x, 9);
  buffer.writeDoubleLE(y, 17);
  return buffer;
}

function square(size: number): Value {
  const corners = [[0, 0], [size, 0], [size, size], [0, size], [0, 0]] as const;
  const buffer = Buffer.alloc(17 + corners.length * 16);
  buffer.writeUInt8(1, 4);
  buffer.writeUInt32LE(3, 5);
  buffer.writeUInt32LE(1, 9);
  buffer.writeUInt32LE(corners.length, 13);
  corners.forEach(([x, y], index) => {
    buffer.writeDoubleLE(x, 17 + index * 16);
    buffer.writeDoubleLE(y, 25 + index * 16);
  });
  return buffer;
}
